"""Returns as callers send them: checked against catalog and network, done once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_few, check_name, check_text
from solver.stock.physical.return_model import AnnouncedUnits, CustomerReturn, GradedUnits, ReturnedUnits, ReturnState
from solver.stock.physical.returns import Returns
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_UNITS, check_between, check_id, check_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a customer says he sends back to a site, of which order."""

    return_id: str
    site_id: str
    lines: tuple[AnnouncedUnits, ...]
    order_id: str = ""


class Returning:
    """Every method answers with the return as it stands now."""

    def __init__(self, *, database: Database, clock: Clock, returns: Returns, checks: WarehouseChecks) -> None:
        self._database = database
        self._clock = clock
        self._returns = returns
        self._checks = checks

    def announce(self, request: Request, announcement: Announcement) -> CustomerReturn:
        """Note a return. Raises InvalidRequest, RequestIdReused, StateConflict (RETURN_EXISTS)."""
        violations = Violations()
        check_id(announcement.return_id, "return_id", violations)
        check_name(announcement.order_id, "order_id", violations)
        self._checks.site(announcement.site_id, "site_id", violations)
        self._check_rows(announcement.lines, "lines", (), violations)
        violations.refuse_any("the return")

        def act(tx: Transaction) -> object:
            return self._returns.announce(
                tx, announcement.return_id, announcement.order_id, announcement.site_id, announcement.lines
            )

        return self._do(request, announcement.return_id, act)

    def receive(self, request: Request, return_id: str, arrived: Sequence[ReturnedUnits]) -> CustomerReturn:
        """Book what came. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        self._check_rows(arrived, "arrived", ("zone", "bin", "lot"), violations)
        violations.refuse_any("what came back")
        return self._do(request, return_id, lambda tx: self._returns.receive(tx, return_id, arrived))

    def grade(self, request: Request, return_id: str, graded: Sequence[GradedUnits]) -> CustomerReturn:
        """Say what becomes of it. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict, StockShort."""
        violations = Violations()
        self._check_rows(graded, "graded", ("zone", "bin", "lot"), violations)
        violations.refuse_any("the grades")
        return self._do(request, return_id, lambda tx: self._returns.grade(tx, return_id, graded))

    def cancel(self, request: Request, return_id: str, remark: str) -> CustomerReturn:
        """End a return of which nothing came. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        check_text(remark, "remark", violations)
        violations.refuse_any("the cancellation")
        return self._do(request, return_id, lambda tx: self._returns.cancel(tx, return_id, remark))

    def get(self, return_id: str) -> CustomerReturn:
        """Raises NotFound."""
        with self._database.read() as reader:
            return self._returns.find(reader, return_id)

    def all(
        self, *, site_ids: Collection[str] = (), states: Collection[ReturnState] = ()
    ) -> tuple[CustomerReturn, ...]:
        """The returns to these sites in these states, ordered by id; an empty filter lets all pass."""
        violations = Violations()
        check_few(tuple(site_ids), "site_ids", violations)
        violations.refuse_any("the filter")
        with self._database.read() as reader:
            return self._returns.all(reader, site_ids=site_ids, states=states)

    def _check_rows(
        self,
        rows: Sequence[AnnouncedUnits | ReturnedUnits | GradedUnits],
        path: str,
        names: Sequence[str],
        violations: Violations,
    ) -> None:
        check_rows(rows, path, violations)
        for position, row in enumerate(rows):
            at = f"{path}[{position}]"
            self._checks.sku(row.sku, f"{at}.sku", violations)
            check_between(row.units, 1, MOST_UNITS, f"{at}.units", violations)
            for name in names:
                check_name(getattr(row, name), f"{at}.{name}", violations)

    def _do(self, request: Request, return_id: str, act: Callable[[Transaction], object]) -> CustomerReturn:
        def acted(tx: Transaction) -> bytes:
            act(tx)
            return b""

        once(self._database, self._clock, request, acted)
        return self.get(return_id)
