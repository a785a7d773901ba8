"""Stock by the file: every bad row is named by its line; all rows are loaded, or all good ones, or nothing.

All or nothing takes one transaction, for which every other writer waits. Good rows of a long file are loaded part by
part, so that others write in between; whoever repeats a request that broke off gets the parts that are there as they
are, and the rest is loaded.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import msgspec

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_by_hand, check_text
from solver.stock.physical.import_model import ImportedRow, ImportOutcome, RefusedRow
from solver.stock.receipts import wrong_rows
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, answered_before, once, refuse_unnamed
from solver.validation import check_rows

MOST_IMPORTED_ROWS = 20_000
ROWS_AT_ONCE = 500  # where rows may be loaded without the others
_ROW = re.compile(r"rows\[(\d+)\]\.(.+)")


class StockImport:
    """Receipts by the file."""

    def __init__(self, *, database: Database, clock: Clock, stock: Stock, checks: WarehouseChecks) -> None:
        self._database = database
        self._clock = clock
        self._stock = stock
        self._checks = checks

    def load(
        self,
        request: Request,
        rows: Sequence[ImportedRow],
        reference: str,
        *,
        good_rows_only: bool = False,
        validate_only: bool = False,
    ) -> ImportOutcome:
        """Book the rows, or say what is wrong with them. An import that loads nothing may be sent again.

        With `good_rows_only` and more than ROWS_AT_ONCE rows, each part is a transaction of its own, kept as it comes.
        Raises InvalidRequest for too many rows, and RequestIdReused.
        """
        refuse_unnamed(request)
        violations = Violations()
        check_text(reference, "reference", violations)
        check_rows(rows, "rows", violations, most=MOST_IMPORTED_ROWS)
        violations.refuse_any("the import")
        with self._database.read() as reader:
            before = answered_before(reader, request)
            if before is not None:
                return msgspec.json.decode(before, type=ImportOutcome)
            broke_off = answered_before(reader, _part_of(request, 0)) is not None
            good, refused = self._sorted_out(reader, rows)
        if not broke_off and (validate_only or not good or (refused and not good_rows_only)):
            return ImportOutcome(loaded_rows=0, entry_id=0, refused=refused)
        if good_rows_only and len(rows) > ROWS_AT_ONCE:
            return self._load_parts(request, rows, reference)

        def act(tx: Transaction) -> bytes:
            entry = self._stock.receive(tx, [row.movement for row in good], reference)
            outcome = ImportOutcome(loaded_rows=len(good), entry_id=entry.entry_id, refused=refused)
            return msgspec.json.encode(outcome)

        answer = once(self._database, self._clock, request, act)
        return msgspec.json.decode(answer.body, type=ImportOutcome)

    def _load_parts(self, request: Request, rows: Sequence[ImportedRow], reference: str) -> ImportOutcome:
        parts = [
            self._load_part(_part_of(request, number), rows[begin : begin + ROWS_AT_ONCE], reference)
            for number, begin in enumerate(range(0, len(rows), ROWS_AT_ONCE))
        ]
        outcome = ImportOutcome(
            loaded_rows=sum(part.loaded_rows for part in parts),
            entry_id=max(part.entry_id for part in parts),
            refused=tuple(one for part in parts for one in part.refused),
        )
        once(self._database, self._clock, request, lambda _: msgspec.json.encode(outcome))
        return outcome

    def _load_part(self, request: Request, rows: Sequence[ImportedRow], reference: str) -> ImportOutcome:
        def act(tx: Transaction) -> bytes:
            good, refused = self._sorted_out(tx, rows)
            entry = self._stock.receive(tx, [row.movement for row in good], reference) if good else None
            entry_id = 0 if entry is None else entry.entry_id
            return msgspec.json.encode(ImportOutcome(loaded_rows=len(good), entry_id=entry_id, refused=refused))

        answer = once(self._database, self._clock, request, act)
        return msgspec.json.decode(answer.body, type=ImportOutcome)

    def _sorted_out(
        self, reader: Reader, rows: Sequence[ImportedRow]
    ) -> tuple[list[ImportedRow], tuple[RefusedRow, ...]]:
        """The rows that can be loaded, and what is wrong with others; lots are looked at where the rest is sound."""
        good, refused = _parted(rows, self._check)
        now, nothing = self._clock.now(), Violations()
        good = [replace(row, movement=self._checks.dated(row.movement, now, "", nothing)) for row in good]

        def check_lots(some: Sequence[ImportedRow], violations: Violations) -> None:
            wrong_rows(self._stock.places, reader, "rows", [row.movement for row in some], violations)

        good, of_lots = _parted(good, check_lots)
        return good, tuple(sorted([*refused, *of_lots], key=lambda one: one.line))

    def _check(self, rows: Sequence[ImportedRow], violations: Violations) -> None:
        now = self._clock.now()
        for position, row in enumerate(rows):
            path = f"rows[{position}]"
            self._checks.row(row.movement, path, violations, names=("zone", "bin", "lot"))
            check_by_hand(row.movement.state, f"{path}.state", violations)
            self._checks.dated(row.movement, now, path, violations)


def _part_of(request: Request, number: int) -> Request:
    """What a part of an import is remembered as: its own method, the import's id and body."""
    return replace(request, method=f"{request.method} part {number}")


def _parted(
    rows: Sequence[ImportedRow], check: Callable[[Sequence[ImportedRow], Violations], None]
) -> tuple[list[ImportedRow], list[RefusedRow]]:
    violations = Violations()
    check(rows, violations)
    refused = list(_refused(rows, violations))
    bad = {one.line for one in refused}
    return [row for row in rows if row.line not in bad], refused


def _refused(rows: Sequence[ImportedRow], violations: Violations) -> Iterator[RefusedRow]:
    for violation in violations.found:
        found = _ROW.fullmatch(violation.field)
        assert found is not None, "every violation of a row names the row"
        line = rows[int(found[1])].line
        yield RefusedRow(line=line, field=found[2], value=violation.value, remedy=violation.remedy)
