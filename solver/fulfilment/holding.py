"""Holds and limits of backorders as callers send them: checked against catalog and network, done once."""

from collections.abc import Sequence
from datetime import timedelta

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.model import DEFAULT_HOLD, LONGEST_HOLD
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.stock.holds import Holds
from solver.stock.model import BackorderLimit, Claim, StockHold
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_UNITS, check_between, check_id, check_reference, check_rows


class Holding:
    """Stand-alone holds, for callers who plan themselves. Every method answers with the hold as it stands now."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        stock: Stock,
        holds: Holds,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._stock = stock
        self._holds = holds

    def hold(
        self, request: Request, hold_id: str, claims: Sequence[Claim], hold_for: timedelta = DEFAULT_HOLD
    ) -> StockHold:
        """Hold exactly these claims, in place of what the hold had. Nothing is changed where it is refused.

        Raises InvalidRequest, RequestIdReused, StateConflict (HOLD_CONFIRMED), StockShort.
        """
        violations = Violations()
        check_id(hold_id, "hold_id", violations)
        check_rows(claims, "claims", violations)
        self._check_rows(claims, "claims", 1, violations)
        sound = timedelta(0) < hold_for <= LONGEST_HOLD
        violations.require(sound, "hold_for", str(hold_for), f"hold for more than 0 and up to {LONGEST_HOLD}")
        violations.refuse_any("the hold")

        def act(tx: Transaction) -> bytes:
            self._holds.place(tx, hold_id, claims, hold_for)
            return b""

        once(self._database, self._clock, request, act)
        return self.get(hold_id)

    def get(self, hold_id: str) -> StockHold:
        """Raises NotFound."""
        with self._database.read() as reader:
            return self._holds.find(reader, hold_id)

    def confirm(self, request: Request, hold_id: str) -> StockHold:
        """Commit what is held.

        Raises NotFound, RequestIdReused, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """

        def act(tx: Transaction) -> bytes:
            self._holds.confirm(tx, hold_id)
            return b""

        once(self._database, self._clock, request, act)
        return self.get(hold_id)

    def release(self, request: Request, hold_id: str, claims: Sequence[Claim] = ()) -> StockHold:
        """Give back these units, or all. Raises InvalidRequest for more than is held, and what `confirm` raises."""
        violations = Violations()
        if claims:
            check_rows(claims, "claims", violations)
        for position, claim in enumerate(claims):
            check_between(claim.units, 1, MOST_UNITS, f"claims[{position}].units", violations)
        violations.refuse_any("the release")

        def act(tx: Transaction) -> bytes:
            self._holds.release(tx, hold_id, claims)
            return b""

        once(self._database, self._clock, request, act)
        return self.get(hold_id)

    def set_backorder_limits(self, request: Request, limits: Sequence[BackorderLimit]) -> None:
        """Limit what sites may have promised beyond what is there.

        Raises InvalidRequest, RequestIdReused, StockShort.
        """
        violations = Violations()
        check_rows(limits, "limits", violations)
        self._check_rows(limits, "limits", 0, violations)
        violations.refuse_any("the list of limits")

        def act(tx: Transaction) -> bytes:
            self._stock.limit_backorders(tx, limits, request.request_id)
            return b""

        once(self._database, self._clock, request, act)

    def _check_rows(
        self, rows: Sequence[Claim | BackorderLimit], path: str, least: int, violations: Violations
    ) -> None:
        materials, sources = self._catalog.catalog.materials, self._network.network.sources
        for position, row in enumerate(rows):
            at = f"{path}[{position}]"
            check_reference(row.site_id, sources, "source", f"{at}.site_id", violations)
            check_reference(row.sku, materials, "material", f"{at}.sku", violations)
            check_between(row.units, least, MOST_UNITS, f"{at}.units", violations)
