"""The nouns of double entry in two phases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from solver.errors import BrokenInvariant
from solver.frozen import quickly_made

# Far above any stock or invoice, and far enough below 2^63 that balances cannot overflow.
MAX_AMOUNT = 10**15

# unit -> holder -> amount
ByUnit = dict[str, dict[str, int]]


class Book(StrEnum):
    """Stock counts units of a SKU by site, places count them by place; dispatch and channel say who may sell them.

    Money counts minor units of a currency.
    """

    STOCK = "stock"
    PLACES = "places"
    DISPATCH = "dispatch"
    CHANNEL = "channel"
    MONEY = "money"


class Phase(StrEnum):
    """What an entry does: posts at once, holds, or resolves an earlier hold in one of three ways."""

    POST = "post"
    HOLD = "hold"
    CONFIRM = "confirm"
    RELEASE = "release"
    EXPIRE = "expire"


class EntryState(StrEnum):
    """Where a hold stands. A hold is EXPIRED from its expiry on, swept or not."""

    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKey:
    """One account. `unit` is a SKU or a currency; `holder` a site or a party, or empty.

    A guarded account can never hold less than is pending out of it; the database itself refuses.
    """

    book: Book
    kind: str
    holder: str
    unit: str
    guarded: bool = False

    def __hash__(self) -> int:
        """Of what tells accounts apart; an enumeration is slow to hash, and accounts are looked up all the time."""
        return hash((self.kind, self.holder, self.unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """`amount` (> 0) moves from the credited to the debited account, within one book and unit."""

    debit: AccountKey
    credit: AccountKey
    amount: int

    def __post_init__(self) -> None:
        if not 0 < self.amount <= MAX_AMOUNT:
            raise BrokenInvariant(f"a transfer of {self.amount} is not between 1 and {MAX_AMOUNT}")
        if (self.debit.book, self.debit.unit) != (self.credit.book, self.credit.unit):
            raise BrokenInvariant(f"a transfer crosses books or units: {self.credit} to {self.debit}")


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One append-only line of the journal; `entry_id` counts up with it.

    `kind` and `subject` say what happened and to which thing. `expires_at` is set for a hold, and a resolving entry
    names the hold it `resolves`.
    """

    entry_id: int
    phase: Phase
    kind: str
    subject: str
    at: datetime
    expires_at: datetime | None = None
    resolves: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """A hold that is to be placed: what it is about, what it sets aside, and until when."""

    subject: str
    transfers: Sequence[Transfer]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeHold:
    """A hold of what its caller has seen to be free; `moves` are debited account, credited account, amount, by ids."""

    subject: str
    moves: Sequence[tuple[int, int, int]]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """An entry that is to be posted at once: what happened, to which thing, and what moves.

    `at` is for books that are rebuilt, and never before the entry before; None: the journal's time.
    """

    kind: str
    subject: str
    transfers: Sequence[Transfer]
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The sums of one account; pending is what unexpired holds would still move."""

    account: AccountKey
    debits_posted: int
    credits_posted: int
    debits_pending: int
    credits_pending: int

    @property
    def posted(self) -> int:
        """What the account holds; negative where more went out than came in."""
        return self.debits_posted - self.credits_posted

    @property
    def available(self) -> int:
        """What the account holds and no hold is about to take out."""
        return self.posted - self.credits_pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A guarded account from which more was wanted than is available."""

    account: AccountKey
    wanted: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One broken rule of the books that an audit found: which rule, where, and both figures."""

    rule: str
    where: str
    expected: str
    found: str
