"""Moves within sites and changes of state as callers send them: checked against catalog and network, done once."""

from collections.abc import Callable, Collection, Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_by_hand, check_text
from solver.journal.journal import Journal
from solver.journal.model import Entry
from solver.stock.physical.moves import StateChange, StockMove, change_states, move_stock
from solver.stock.physical.places import PlaceLevel
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once


class Placing:
    """Where within its site each unit lies, and in which state."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        journal: Journal,
        stock: Stock,
        checks: WarehouseChecks,
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._stock = stock
        self._checks = checks

    def move(self, request: Request, moves: Sequence[StockMove], reference: str) -> int:
        """Move units within their sites; the journal entry's number.

        Raises InvalidRequest, RequestIdReused, StockShort.
        """
        violations = Violations()
        check_text(reference, "reference", violations)
        names = ("from_zone", "from_bin", "to_zone", "to_bin", "lot")
        self._checks.rows(moves, "moves", violations, names=names)
        for position, one in enumerate(moves):
            check_by_hand(one.state, f"moves[{position}].state", violations)
        violations.refuse_any("the list of moves")
        return self._book(request, lambda tx: move_stock(self._journal, self._stock.places, tx, moves, reference))

    def change_states(self, request: Request, changes: Sequence[StateChange], reference: str) -> int:
        """Bring units into other states; the journal entry's number. Raises what `move` raises."""
        violations = Violations()
        check_text(reference, "reference", violations)
        self._checks.rows(changes, "changes", violations, names=("zone", "bin", "lot"))
        violations.refuse_any("the list of changes")
        return self._book(request, lambda tx: change_states(self._journal, self._stock.places, tx, changes, reference))

    def levels(self, *, skus: Collection[str] | None, site_ids: Collection[str] | None) -> tuple[PlaceLevel, ...]:
        """What lies where within the filters given, ordered by SKU, site, place and state."""
        self._stock.sweep_if_due(self._database)
        with self._database.read() as reader:
            return self._stock.places.levels(reader, skus=skus, site_ids=site_ids)

    def _book(self, request: Request, act: Callable[[Transaction], Entry]) -> int:
        answer = once(self._database, self._clock, request, lambda tx: str(act(tx).entry_id).encode())
        return int(answer.body)
