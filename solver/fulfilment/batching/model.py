"""The nouns of planning many orders in one call."""

from dataclasses import dataclass
from datetime import timedelta

from solver.fulfilment.model import DEFAULT_HOLD, FulfilmentPlan
from solver.orders.model import Order
from solver.sourcing.policy import Policy
from solver.waves.limits import DEFAULT_LIMITS, WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.wave import NO_TERMS, WaveTerms

MOST_ORDERS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCommand:
    """Plan these orders together and hold the stock of all of them so long, all or none.

    Policies as in a `PlanCommand`, for every order. An order that is unsound, or has a plan that stands, makes the
    whole request fail, or is left out and named (`skip_unsound_orders`).
    """

    orders: tuple[Order, ...]
    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0
    hold_for: timedelta = DEFAULT_HOLD
    wave: WaveTerms = NO_TERMS
    wave_limits: WaveLimits = DEFAULT_LIMITS
    skip_unsound_orders: bool = False
    validate_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatch:
    """The plans, in the sequence of the orders without those that were left out; and what they come to together.

    `wave.plans` are those of the plans.
    """

    plans: tuple[FulfilmentPlan, ...]
    wave: WavePlan
