"""What past orders would have come to under other contracts: the difference for each party."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.facts import SettledOrder
from solver.ledger.contracts.in_turn import Shared
from solver.ledger.contracts.model import Contract, Role
from solver.ledger.contracts.sharing import Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a party has under the contracts as they are, and under the others; of so many orders it is not the same."""

    currency: str
    role: Role
    party: str
    before_minor: int
    after_minor: int
    orders_changed: int

    @property
    def difference_minor(self) -> int:
        """What the other contracts give more."""
        return self.after_minor - self.before_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The table of differences, by currency, role and party; in each currency they sum to zero."""

    orders: int
    orders_changed: int
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class _Sum:
    before: int = 0
    after: int = 0
    changed: int = 0


@dataclass(slots=True)
class _Sums:
    of: dict[tuple[str, Role, str], _Sum] = field(default_factory=dict)

    def add(self, before: Sharing, after: Sharing) -> bool:
        """Count an order; whether anybody has something else."""
        was = {(one.role, one.party): one.amount_minor for one in before.shares}
        now = {(one.role, one.party): one.amount_minor for one in after.shares}
        for role, party in was.keys() | now.keys():
            minor, other = was.get((role, party), 0), now.get((role, party), 0)
            mine = self.of.setdefault((before.currency, role, party), _Sum())
            mine.before += minor
            mine.after += other
            mine.changed += minor != other
        return any(was.get(key, 0) != now.get(key, 0) for key in was.keys() | now.keys())


def what_if(orders: Iterable[SettledOrder], before: ContractBook, after: ContractBook) -> WhatIf:
    """Share every order under both; orders come in the order in which they were placed. Raises what `share` raises."""
    under, under_other, sums = Shared(before), Shared(after), _Sums()
    count = changed = 0
    for order in orders:
        count += 1
        changed += sums.add(under.share(order), under_other.share(order))
    return WhatIf(
        orders=count,
        orders_changed=changed,
        differences=tuple(
            Difference(
                currency=currency,
                role=role,
                party=party,
                before_minor=one.before,
                after_minor=one.after,
                orders_changed=one.changed,
            )
            for (currency, role, party), one in sorted(sums.of.items())
        ),
    )


def instead(contracts: Iterable[Contract], others: Iterable[Contract]) -> ContractBook:
    """The contracts with others in place of all versions of the same id."""
    replaced = tuple(others)
    ids = {one.contract_id for one in replaced}
    return ContractBook([*(one for one in contracts if one.contract_id not in ids), *replaced])
