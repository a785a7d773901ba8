"""Receipts and adjustments as callers send them: checked against catalog and network, booked once."""

from collections.abc import Callable, Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.journal.model import Entry
from solver.stock.model import Movement
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_UNITS, check_between, check_reference, check_rows

MOST_REFERENCE_CHARACTERS = 256


class Stockroom:
    """Where goods come in and counts are put right."""

    def __init__(
        self, *, database: Database, clock: Clock, catalog: CatalogSource, network: NetworkSource, stock: Stock
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._stock = stock

    def receive(self, request: Request, movements: Sequence[Movement], reference: str) -> int:
        """Book goods received; the journal entry's number. Raises InvalidRequest, RequestIdReused."""
        self._refuse_invalid(movements, reference, least=1)
        return self._book(request, lambda tx: self._stock.receive(tx, movements, reference))

    def adjust(self, request: Request, movements: Sequence[Movement], reference: str) -> int:
        """Correct what is on hand; the journal entry's number. Raises InvalidRequest, RequestIdReused, StockShort."""
        self._refuse_invalid(movements, reference, least=-MOST_UNITS)
        return self._book(request, lambda tx: self._stock.adjust(tx, movements, reference))

    def _book(self, request: Request, move: Callable[[Transaction], Entry]) -> int:
        answer = once(self._database, self._clock, request, lambda tx: str(move(tx).entry_id).encode())
        return int(answer.body)

    def _refuse_invalid(self, movements: Sequence[Movement], reference: str, *, least: int) -> None:
        violations = Violations()
        check_rows(movements, "movements", violations)
        short = len(reference) <= MOST_REFERENCE_CHARACTERS
        violations.require(short, "reference", reference, f"give at most {MOST_REFERENCE_CHARACTERS} characters")
        materials, sources = self._catalog.catalog.materials, self._network.network.sources
        for position, movement in enumerate(movements):
            path = f"movements[{position}]"
            check_reference(movement.site_id, sources, "source", f"{path}.site_id", violations)
            check_reference(movement.sku, materials, "material", f"{path}.sku", violations)
            check_between(movement.units, least, MOST_UNITS, f"{path}.units", violations)
            violations.require(movement.units != 0, f"{path}.units", 0, "move at least one unit")
        violations.refuse_any("the list of movements")
