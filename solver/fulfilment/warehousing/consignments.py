"""Consignments as callers send them: checked against catalog and network, done once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_few, check_name, check_text
from solver.stock.expected.consignment_model import ArrivedUnits, Consignment, ConsignmentState, SentUnits
from solver.stock.expected.consignments import Consignments
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_UNITS, check_between, check_id, check_rows, check_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What is sent to a site, and when it is expected there. `from_site_id` is empty for a purchase."""

    consignment_id: str
    site_id: str
    lines: tuple[SentUnits, ...]
    expected_at: datetime
    from_site_id: str = ""


class Consigning:
    """Every method answers with the consignment as it stands now.

    `miss` is told in the same transaction which plans do not get what they were promised of it.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        consignments: Consignments,
        checks: WarehouseChecks,
        miss: Callable[[Transaction, Sequence[str]], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._consignments = consignments
        self._checks = checks
        self._miss = miss

    def dispatch(self, request: Request, sending: Sending) -> Consignment:
        """Let units leave for another site.

        Raises InvalidRequest, RequestIdReused, StateConflict (CONSIGNMENT_EXISTS), StockShort.
        """
        violations = Violations()
        self._checks.site(sending.from_site_id, "from_site_id", violations)
        elsewhere = sending.site_id != sending.from_site_id
        remedy = "name another site; within a site stock is moved, not sent"
        violations.require(elsewhere, "site_id", sending.site_id, remedy)
        self._check(sending, violations)

        def act(tx: Transaction) -> object:
            return self._consignments.dispatch(
                tx, sending.consignment_id, sending.from_site_id, sending.site_id, sending.lines, sending.expected_at
            )

        return self._do(request, sending.consignment_id, act)

    def advise(self, request: Request, sending: Sending) -> Consignment:
        """Note a purchase. Raises InvalidRequest, RequestIdReused, StateConflict (CONSIGNMENT_EXISTS)."""
        self._check(sending, Violations())

        def act(tx: Transaction) -> object:
            return self._consignments.advise(
                tx, sending.consignment_id, sending.site_id, sending.lines, sending.expected_at
            )

        return self._do(request, sending.consignment_id, act)

    def reschedule(self, request: Request, consignment_id: str, expected_at: datetime) -> Consignment:
        """Expect it at another time. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        check_time(expected_at, "expected_at", violations)
        violations.refuse_any("the consignment")
        return self._do(request, consignment_id, lambda tx: self._consignments.delay(tx, consignment_id, expected_at))

    def receive(
        self, request: Request, consignment_id: str, arrived: Sequence[ArrivedUnits], *, more_to_come: bool
    ) -> Consignment:
        """Book what arrived. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        check_few(arrived, "arrived", violations)
        for position, row in enumerate(arrived):
            at = f"arrived[{position}]"
            self._checks.sku(row.sku, f"{at}.sku", violations)
            for name in ("units", "damaged_units"):
                check_between(getattr(row, name), 0, MOST_UNITS, f"{at}.{name}", violations)
            for name in ("zone", "bin", "lot"):
                check_name(getattr(row, name), f"{at}.{name}", violations)
        some = bool(arrived) or not more_to_come
        violations.require(some, "arrived", "0 rows", "say what arrived, or that no more is to come")
        violations.refuse_any("what arrived")

        def act(tx: Transaction) -> object:
            before = self._consignments.find(tx, consignment_id)
            after = self._consignments.arrive(tx, consignment_id, arrived, more_to_come=more_to_come)
            self._tell_losses(tx, before, after)
            return after

        return self._do(request, consignment_id, act)

    def cancel(self, request: Request, consignment_id: str, remark: str) -> Consignment:
        """End it. Raises InvalidRequest, NotFound, RequestIdReused, StateConflict."""
        violations = Violations()
        check_text(remark, "remark", violations)
        violations.refuse_any("the cancellation")

        def act(tx: Transaction) -> object:
            before = self._consignments.find(tx, consignment_id)
            after = self._consignments.cancel(tx, consignment_id, remark)
            self._tell_losses(tx, before, after)
            return after

        return self._do(request, consignment_id, act)

    def get(self, consignment_id: str) -> Consignment:
        """Raises NotFound."""
        with self._database.read() as reader:
            return self._consignments.find(reader, consignment_id)

    def all(
        self, *, site_ids: Collection[str] = (), states: Collection[ConsignmentState] = ()
    ) -> tuple[Consignment, ...]:
        """The consignments to these sites in these states, ordered by id; an empty filter lets all pass."""
        violations = Violations()
        check_few(tuple(site_ids), "site_ids", violations)
        violations.refuse_any("the filter")
        with self._database.read() as reader:
            return self._consignments.all(reader, site_ids=site_ids, states=states)

    def _check(self, sending: Sending, violations: Violations) -> None:
        check_id(sending.consignment_id, "consignment_id", violations)
        self._checks.site(sending.site_id, "site_id", violations)
        check_time(sending.expected_at, "expected_at", violations)
        check_rows(sending.lines, "lines", violations)
        for position, line in enumerate(sending.lines):
            at = f"lines[{position}]"
            self._checks.sku(line.sku, f"{at}.sku", violations)
            check_between(line.units, 1, MOST_UNITS, f"{at}.units", violations)
            for name in ("zone", "bin", "lot"):
                check_name(getattr(line, name), f"{at}.{name}", violations)
        violations.refuse_any("the consignment")

    def _tell_losses(self, tx: Transaction, before: Consignment, after: Consignment) -> None:
        """Plans to which it does not bring what they were promised lack that."""
        self._miss(tx, [one.plan_id for one in after.broken[len(before.broken) :] if one.plan_id])

    def _do(self, request: Request, consignment_id: str, act: Callable[[Transaction], object]) -> Consignment:
        def acted(tx: Transaction) -> bytes:
            act(tx)
            return b""

        once(self._database, self._clock, request, acted)
        return self.get(consignment_id)
