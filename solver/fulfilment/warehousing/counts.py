"""Counts as callers send them: checked against catalog and network, done once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_name, check_text
from solver.stock.physical.count_model import Count, CountLine, CountState
from solver.stock.physical.counts import Counts, blind
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_ROWS, MOST_UNITS, check_between, check_id, check_rows, check_unique


@dataclass(frozen=True, slots=True, kw_only=True)
class CountScope:
    """What is to be counted: a site, or a zone, a bin or some SKUs of it."""

    count_id: str
    site_id: str
    zone: str = ""
    bin: str = ""
    skus: tuple[str, ...] = ()


class Counting:
    """Every method answers with the count as it stands now, without what the books expect while it is open."""

    def __init__(self, *, database: Database, clock: Clock, counts: Counts, checks: WarehouseChecks) -> None:
        self._database = database
        self._clock = clock
        self._counts = counts
        self._checks = checks

    def open(self, request: Request, scope: CountScope) -> Count:
        """Begin a count. Raises InvalidRequest, RequestIdReused, StateConflict (COUNT_EXISTS)."""
        violations = Violations()
        check_id(scope.count_id, "count_id", violations)
        self._checks.site(scope.site_id, "site_id", violations)
        for name in ("zone", "bin"):
            check_name(getattr(scope, name), name, violations)
        few = len(scope.skus) <= MOST_ROWS
        violations.require(few, "skus", f"{len(scope.skus)} rows", f"send at most {MOST_ROWS:,}")
        check_unique(scope.skus, "skus", violations)
        for position, sku in enumerate(scope.skus):
            self._checks.sku(sku, f"skus[{position}]", violations)
        violations.refuse_any("the count")

        def act(tx: Transaction) -> object:
            return self._counts.open(
                tx, scope.count_id, scope.site_id, zone=scope.zone, bin_=scope.bin, skus=scope.skus
            )

        return self._do(request, scope.count_id, act)

    def submit(self, request: Request, count_id: str, lines: Sequence[CountLine]) -> Count:
        """Note what was found. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        check_rows(lines, "lines", violations)
        for position, line in enumerate(lines):
            at = f"lines[{position}]"
            self._checks.sku(line.sku, f"{at}.sku", violations)
            for name in ("zone", "bin", "lot"):
                check_name(getattr(line, name), f"{at}.{name}", violations)
            if line.counted_units is not None:
                check_between(line.counted_units, 0, MOST_UNITS, f"{at}.counted_units", violations)
        violations.refuse_any("the lines of the count")
        return self._do(request, count_id, lambda tx: self._counts.submit(tx, count_id, lines))

    def approve(self, request: Request, count_id: str) -> Count:
        """Correct the books. Raises NotFound, RequestIdReused, StateConflict, StockShort."""
        return self._do(request, count_id, lambda tx: self._counts.approve(tx, count_id))

    def reject(self, request: Request, count_id: str, remark: str) -> Count:
        """End a count without effect. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        check_text(remark, "remark", violations)
        violations.refuse_any("the rejection")
        return self._do(request, count_id, lambda tx: self._counts.reject(tx, count_id, remark))

    def get(self, count_id: str) -> Count:
        """Raises NotFound."""
        with self._database.read() as reader:
            return blind(self._counts.find(reader, count_id))

    def all(self, *, site_ids: Collection[str] = (), states: Collection[CountState] = ()) -> tuple[Count, ...]:
        """The counts at these sites in these states, ordered by id; an empty filter lets all pass."""
        violations = Violations()
        few = len(site_ids) <= MOST_ROWS
        violations.require(few, "site_ids", f"{len(site_ids)} rows", f"send at most {MOST_ROWS:,}")
        violations.refuse_any("the filter")
        with self._database.read() as reader:
            return tuple(blind(count) for count in self._counts.all(reader, site_ids=site_ids, states=states))

    def _do(self, request: Request, count_id: str, act: Callable[[Transaction], object]) -> Count:
        def acted(tx: Transaction) -> bytes:
            act(tx)
            return b""

        once(self._database, self._clock, request, acted)
        return self.get(count_id)
