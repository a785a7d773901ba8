"""What a run is about: the party's contracts on its last day, how it is settled with, and its period."""

from dataclasses import dataclass
from datetime import date, timedelta

from solver.errors import StateConflict
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.model import Contract, Period, Role, Settling
from solver.ledger.contracts.periods import first_day, last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A party's contracts, and how it is settled with."""

    contracts: tuple[Contract, ...]
    settling: Settling

    @property
    def owes_of_its_own(self) -> bool:
        """Whether what the books have as its receivable is the party's own, and not that of a channel's buyers."""
        return all(one.role is not Role.PLATFORM for one in self.contracts)


def terms_of(book: ContractBook, party: str, currency: str, day: date) -> Terms:
    """The terms on a day; monthly, with nothing held back, where no contract says otherwise.

    Raises StateConflict (SETTLEMENT_TERMS_DIFFER) where the party's contracts say different things.
    """
    contracts = tuple(one for one in book.in_force(day) if one.party == party and one.currency == currency)
    said = list(dict.fromkeys(one.settling for one in contracts))
    if len(said) > 1:
        names = ", ".join(one.name for one in contracts)
        raise StateConflict(
            f"the contracts of {party} settle differently on {day}: {names}; give them one `settlement:`",
            reason="SETTLEMENT_TERMS_DIFFER",
            metadata={"party": party[:128]},
        )
    return Terms(contracts=contracts, settling=said[0] if said else Settling())


def ends_within(period: Period, begin: date, end: date) -> list[tuple[date, date]]:
    """The periods that end from one day to another, each with its first and its last day."""
    found = []
    last = last_day(period, begin)
    while last <= end:
        found.append((first_day(period, last), last))
        last = last_day(period, last + timedelta(days=1))
    return found
