"""The nouns of what becomes of plans."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from solver.fulfilment.model import PlanState

MOST_EVENTS = 500  # of one message


class PlanEventKind(StrEnum):
    """What happened to a plan. That it was made and held is no event: whoever asked for it has the answer.

    REPLANNED and OVERRIDDEN: another plan stands in its place. SHORT_PICKED: its site did not find units. REJECTED: its
    site refused units. CANCELLED: units were given back, all or some: the state tells. STUCK: it cannot go as it stands
    and no plan fills as much; it keeps its stock, and the reason says what holds it. ARRIVED_SHORT: a consignment did
    not bring units that it awaits.
    """

    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"
    REPLANNED = "replanned"
    OVERRIDDEN = "overridden"
    SHIPPED = "shipped"
    SHORT_PICKED = "short_picked"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    STUCK = "stuck"
    ARRIVED_SHORT = "arrived_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEvent:
    """What happened to a plan, and its `state` since. Numbers count up by one from event to event, and never repeat.

    `channel` and `brand` are those of its order. `new_plan_id` is the plan that stands in its place; empty: none.
    """

    number: int
    kind: PlanEventKind
    plan_id: str
    order_id: str
    state: PlanState
    at: datetime
    channel: str = ""
    brand: str = ""
    new_plan_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAudience:
    """Whose events a listener wants: those that fit every set; an empty set fits all."""

    channels: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    order_ids: frozenset[str] = frozenset()
    kinds: frozenset[PlanEventKind] = frozenset()

    def wants(self, event: PlanEvent) -> bool:
        """Whether an event is one of them."""
        return (
            (not self.channels or event.channel in self.channels)
            and (not self.brands or event.brand in self.brands)
            and (not self.order_ids or event.order_id in self.order_ids)
            and (not self.kinds or event.kind in self.kinds)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEventPage:
    """Events in the order of their numbers. With them all that an audience wants up to `through_number` is told."""

    events: tuple[PlanEvent, ...]
    through_number: int
