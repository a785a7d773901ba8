"""Receipts and adjustments as callers send them: checked against catalog and network, booked once."""

from collections.abc import Callable, Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.costing.costing import Costing
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_by_hand, check_text
from solver.journal.model import MAX_AMOUNT, Entry
from solver.stock.model import Movement
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_UNITS, check_between


class Stockroom:
    """Where goods come in and counts are put right."""

    def __init__(
        self, *, database: Database, clock: Clock, catalog: CatalogSource, network: NetworkSource, stock: Stock
    ) -> None:
        self._database = database
        self._clock = clock
        self._stock = stock
        self._checks = WarehouseChecks(catalog, network)

    def receive(self, request: Request, movements: Sequence[Movement], reference: str) -> int:
        """Book goods received; the journal entry's number. Raises InvalidRequest, RequestIdReused."""
        movements = self._sound(movements, reference, least=1)

        def receive(tx: Transaction) -> Entry:
            with Costing.at_cost(tx, movements):
                return self._stock.receive(tx, movements, reference)

        return self._book(request, receive)

    def adjust(self, request: Request, movements: Sequence[Movement], reference: str) -> int:
        """Correct what is on hand; the journal entry's number. Raises InvalidRequest, RequestIdReused, StockShort."""
        movements = self._sound(movements, reference, least=-MOST_UNITS)
        return self._book(request, lambda tx: self._stock.adjust(tx, movements, reference))

    def _book(self, request: Request, move: Callable[[Transaction], Entry]) -> int:
        answer = once(self._database, self._clock, request, lambda tx: str(move(tx).entry_id).encode())
        return int(answer.body)

    def _sound(self, movements: Sequence[Movement], reference: str, *, least: int) -> Sequence[Movement]:
        """The movements, each with the day on which it expires. Raises InvalidRequest."""
        violations = Violations()
        self._checks.rows(movements, "movements", violations, names=("zone", "bin", "lot"), least=least)
        check_text(reference, "reference", violations)
        for position, movement in enumerate(movements):
            check_by_hand(movement.state, f"movements[{position}].state", violations)
            if movement.unit_cost_minor is not None:
                most = MAX_AMOUNT // max(1, movement.units)
                check_between(movement.unit_cost_minor, 0, most, f"movements[{position}].unit_cost_minor", violations)
        now = self._clock.now()
        dated = [
            self._checks.dated(one, now, f"movements[{position}]", violations) for position, one in enumerate(movements)
        ]
        violations.refuse_any("the list of movements")
        return dated
