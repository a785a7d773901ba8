"""Orders shared one after the other, in the order in which they were placed: tiers over a period count those before."""

from collections.abc import Sequence
from datetime import date

from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.facts import Refund, SettledOrder
from solver.ledger.contracts.periods import first_day
from solver.ledger.contracts.share import share, turnover_of
from solver.ledger.contracts.sharing import Sharing


class Shared:
    """Remembers what each platform's contract counted of its period."""

    def __init__(self, book: ContractBook) -> None:
        self._book = book
        self._turnover: dict[tuple[str, date], int] = {}

    def share(self, order: SettledOrder) -> Sharing:
        """The next order as it was paid. Raises what `share` raises."""
        return self.share_all(order, ())[0]

    def share_all(self, order: SettledOrder, refunds: Sequence[Refund]) -> list[Sharing]:
        """The next order as it was paid, and after each of its refunds."""
        counted = turnover_of(order, self._book)
        turnover: dict[str, int] = {}
        if counted is not None:
            contract, base = counted
            key = (contract.contract_id, first_day(contract.settling.period, order.placed_on))
            before = self._turnover.get(key, 0)
            self._turnover[key] = before + base
            turnover = {contract.contract_id: before}
        states = range(len(refunds) + 1)
        return [share(order, self._book, refunds=refunds[:number], turnover=turnover) for number in states]
