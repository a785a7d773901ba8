"""The nouns of re-planning: what is asked, what becomes of each plan, what moved and what it cost."""

from dataclasses import dataclass
from enum import StrEnum

from solver.orders.model import Address


class ReplanOutcome(StrEnum):
    """What became of a plan.

    STAYED: no other plan is worth the change; CHANGED: a new plan stands in its place; FROZEN: all of it has left;
    STUCK: it cannot go as it stands and no plan fills as much, so that it keeps its stock and somebody must look at it.
    """

    STAYED = "stayed"
    CHANGED = "changed"
    FROZEN = "frozen"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanCommand:
    """Which plans to look at again: these; or those that use these services or sources; or, where nothing is named, all
    that use what is reported to fare otherwise than usual, await stock that is late, or lost units.

    A package that leaves its source or service costs `change_minor_per_package` (None: what the plan's policy says), so
    that only what is worth it changes. `destination` is the order's new address; it takes exactly one plan. `reason` is
    for people. With `validate_only` nothing changes.
    """

    plan_ids: tuple[str, ...] = ()
    service_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    change_minor_per_package: int | None = None
    destination: Address | None = None
    reason: str = ""
    validate_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Units of an order line that leave from another source or by another service than before.

    Nothing stands for what was not planned before (it was short or refused), or is planned no more.
    """

    line_id: str
    sku: str
    units: int
    from_source_id: str = ""
    from_service_id: str = ""
    to_source_id: str = ""
    to_service_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """What became of one plan. Amounts are those of what had not left yet, before and after, by their plans' own terms.

    `new_plan_id` is the plan that stands in its place; empty where none does, and with `validate_only`.
    """

    order_id: str
    plan_id: str
    outcome: ReplanOutcome
    new_plan_id: str = ""
    before_minor: int = 0
    after_minor: int = 0
    moves: tuple[Move, ...] = ()
    why: str = ""
    why_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """What became of every plan that was looked at, the oldest plan first; `extra_minor` is what the changes cost.

    What is open of all plans but those that are frozen or stuck comes to `total_minor`, by their policies' terms, the
    price of change among them; no other plans for them, on what is free and what they have, come to less than
    `bound_minor` (0: nothing is proven, as they were decided one by one).
    """

    changes: tuple[PlanChange, ...] = ()
    extra_minor: int = 0
    total_minor: int = 0
    bound_minor: int = 0


class ExceptionKind(StrEnum):
    """Why somebody should look at a plan: it waits for a service that is down, or for a source that is closed.

    UNITS_LOST: units of it were short, refused or never came, and are not planned anew.
    """

    SERVICE_DOWN = "service_down"
    SOURCE_CLOSED = "source_closed"
    UNITS_LOST = "units_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanException:
    """A plan that somebody should look at, and the service or source that it waits for, or the SKU that it lacks."""

    plan_id: str
    order_id: str
    kind: ExceptionKind
    subject_id: str
    why: str
    why_zh: str
