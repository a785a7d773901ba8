"""The nouns of settlement. Amounts are minor units of the run's currency; positive: owed to the party."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from solver.ledger.contracts.model import Role


class SettlementState(StrEnum):
    """An open run was begun, and goes on where it was interrupted; a closed one never changes."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a party has of an order (or, negative, gives back for a refund) under one charge.

    `held_minor` of it is held back until `release_on`. `counterparty` is whose receivable a platform collected. It is
    `rate`, as people write it, of `base_minor`, which a minimum or a cap may have changed; an empty rate: it is a fixed
    amount, or follows from other figures.
    """

    order_id: str
    refund_id: str
    role: Role
    party: str
    currency: str
    charge: str
    amount_minor: int
    held_minor: int
    earned_on: date
    release_on: date
    channel: str = ""
    counterparty: str = ""
    base_minor: int = 0
    rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """What a partner shipped of an order as rebates and guarantees count it; negative: what came back.

    `paid_minor` is what buyers paid for it, `share_minor` what the partner has of that.
    """

    party: str
    currency: str
    order_id: str
    refund_id: str
    earned_on: date
    paid_minor: int
    units: int
    share_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeSum:
    """A line of a statement: a charge, of so many items, and what it comes to."""

    charge: str
    items: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a run comes to: opening + charges - held back + released - netted = payout + carried forward.

    `payout_minor` is paid to the party, `collect_minor` is asked from it; `receivable_netted_minor` of what it owed us
    otherwise is set against what we owe it. `steps` say in words what the period as a whole brought.
    """

    run_id: str
    party: str
    currency: str
    first_day: date
    last_day: date
    state: SettlementState
    opening_minor: int = 0
    charges: tuple[ChargeSum, ...] = ()
    held_minor: int = 0
    released_minor: int = 0
    receivable_netted_minor: int = 0
    payout_minor: int = 0
    collect_minor: int = 0
    carried_minor: int = 0
    steps: tuple[str, ...] = ()
    steps_zh: tuple[str, ...] = ()

    @property
    def earned_minor(self) -> int:
        """What the charges come to."""
        return sum(one.amount_minor for one in self.charges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A row of the payment list: so much to pay (positive) or to ask for (negative)."""

    run_id: str
    party: str
    currency: str
    amount_minor: int
    on: date
