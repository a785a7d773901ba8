"""The life of a plan: draft, held, confirmed, shipped; or released, expired, cancelled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from solver.catalog.combinations.lines import ExplodedOrder
from solver.frozen import quickly_made
from solver.fulfilment.overriding.model import Override
from solver.journal.model import EntryState
from solver.orders.model import Order
from solver.sourcing.plan import PackedUnits, Plan
from solver.sourcing.policy import Policy
from solver.stock.holding.commitment_model import CommitmentState

DEFAULT_HOLD = timedelta(minutes=15)
LONGEST_HOLD = timedelta(days=7)


class PlanState(StrEnum):
    """Where a plan stands. A draft is not kept; otherwise it is the state of the plan's hold on the stock, and once
    that is confirmed what became of what it committed.
    """

    DRAFT = "draft"
    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"

    @classmethod
    def of_hold(cls, state: EntryState) -> "PlanState":
        """The state of a plan whose hold stands like this."""
        return cls[state.name]

    @classmethod
    def of_commitment(cls, state: CommitmentState) -> "PlanState":
        """The state of a plan whose confirmed hold is committed to this."""
        return cls.CONFIRMED if state is CommitmentState.COMMITTED else cls[state.name]

    @property
    def stands(self) -> bool:
        """True while the plan has stock, or has shipped some: its order cannot be planned anew."""
        return self in (self.HELD, self.CONFIRMED, self.PARTLY_SHIPPED, self.SHIPPED)


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCommand:
    """What a caller asks: plan this order, by this policy, and hold the stock so long.

    Either `policy`, or the name of a kept one (version 0: the latest that is valid), or neither: then it is chosen.
    """

    order: Order
    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0
    hold_for: timedelta = DEFAULT_HOLD
    validate_only: bool = False


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """What is kept of a plan. It never changes; the plan's state is that of its hold.

    `replaces_plan_id` is the plan in whose place it was put when that was planned anew. `channel` and `brand` are those
    of its order.
    """

    plan_id: str
    plan: Plan
    created_at: datetime
    hold_expires_at: datetime
    decision_micros: int
    replaces_plan_id: str = ""
    replanned: tuple[PackedUnits, ...] = ()  # what that plan lost, and this one plans anew
    exploded: ExplodedOrder | None = None
    channel: str = ""
    brand: str = ""
    override: Override | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentPlan:
    """A plan as it stands now. A draft has no id and no times. What was planned anew stands in two plans, each of which
    names the other. `exploded` is what an order of combinations was exploded to; the plan's lines are its lines.
    `override` says who decided it where a person did.
    """

    plan: Plan
    state: PlanState
    plan_id: str = ""
    created_at: datetime | None = None
    hold_expires_at: datetime | None = None
    decision_micros: int = 0
    replaces_plan_id: str = ""
    replaced_by_plan_id: str = ""
    exploded: ExplodedOrder | None = None
    override: Override | None = None

    @classmethod
    def just_held(cls, record: PlanRecord) -> "FulfilmentPlan":
        """A plan that was made a moment ago, with its stock held."""
        return cls(
            plan=record.plan,
            state=PlanState.HELD,
            plan_id=record.plan_id,
            created_at=record.created_at,
            hold_expires_at=record.hold_expires_at,
            decision_micros=record.decision_micros,
            replaces_plan_id=record.replaces_plan_id,
            exploded=record.exploded,
        )
