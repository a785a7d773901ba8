"""What is planned beside a caller's own system, and what that did instead."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy


class ShadowStock(StrEnum):
    """Which stock orders of a shadow are planned on."""

    REAL = "real"  # what is available at the moment, each order as if it were the only one
    LEDGER = "ledger"  # the same, less what this shadow's plans took, and with what its orders really took


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowCommand:
    """Plan this order beside the caller's own system. `shadow_id` names what is reported together, such as a trial.

    Either `policy`, or the name of a kept one (version 0: the latest that is valid), or neither: then it is chosen.
    """

    shadow_id: str
    order: Order
    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0
    stock: ShadowStock = ShadowStock.REAL


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesCommand:
    """What the caller shipped for orders of a shadow; `unshipped_order_ids` are those of which he shipped nothing.

    It is the whole of what is known of each order that it names, in place of what was recorded of it before.
    """

    shadow_id: str
    shipments: tuple[Shipment, ...] = ()
    unshipped_order_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowPlan:
    """What is kept of an order that was planned in a shadow. It never changes."""

    shadow_id: str
    order: Order
    plan: Plan
    stock: ShadowStock
    planned_at: datetime
    decision_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowOutcome:
    """What the caller did instead; no shipments: he shipped nothing."""

    shipments: tuple[Shipment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowedOrder:
    """An order of a shadow as it stands now. `outcome` None: what the caller did is not recorded."""

    planned: ShadowPlan
    outcome: ShadowOutcome | None = None
