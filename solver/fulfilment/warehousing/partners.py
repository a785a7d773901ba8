"""Stock of dealers and drop-shippers as callers send it: checked against catalog and network, done once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.warehousing.checks import WarehouseChecks, check_few, check_text
from solver.network.model import SourceKind
from solver.stock.partners.dealer_rows import DealerTerms, all_terms
from solver.stock.partners.dealers import Dealers, DealerSale
from solver.stock.partners.dropship import DropShippers, SkuLevel
from solver.stock.partners.report_rows import ReportedLevel, all_reports
from solver.storage.database import Database, Transaction
from solver.storage.once import Answer, Request, once
from solver.validation import MOST_MINOR, MOST_UNITS, check_between, check_lasts, check_rows, check_time, check_unique

DEFAULT_FRESHNESS = timedelta(days=1)
LONGEST_FRESHNESS = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropshipReport:
    """What a drop-shipper has as of a moment; `is_complete`: nothing of what it does not name."""

    site_id: str
    as_of: datetime
    levels: tuple[SkuLevel, ...] = ()
    fresh_for: timedelta = DEFAULT_FRESHNESS
    is_complete: bool = False


class Partnering:
    """Stock that others own."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        dealers: Dealers,
        drop_shippers: DropShippers,
        checks: WarehouseChecks,
    ) -> None:
        self._database = database
        self._clock = clock
        self._dealers = dealers
        self._drop_shippers = drop_shippers
        self._checks = checks

    def set_terms(self, request: Request, terms: Sequence[DealerTerms], reference: str) -> None:
        """Agree on terms with dealers. Raises InvalidRequest, RequestIdReused."""
        violations = Violations()
        check_text(reference, "reference", violations)
        check_rows(terms, "terms", violations)
        check_unique([f"{one.site_id}/{one.sku}" for one in terms], "terms", violations)
        for position, one in enumerate(terms):
            at = f"terms[{position}]"
            self._checks.site(one.site_id, f"{at}.site_id", violations, SourceKind.DEALER)
            self._checks.sku(one.sku, f"{at}.sku", violations)
            check_between(one.reserve_units, 0, MOST_UNITS, f"{at}.reserve_units", violations)
            if one.settlement_minor is not None:
                check_between(one.settlement_minor, 0, MOST_MINOR, f"{at}.settlement_minor", violations)
                self._checks.currency(one.currency, f"{at}.currency", violations)
        violations.refuse_any("the list of terms")
        self._once(request, lambda tx: self._dealers.set_terms(tx, terms, reference))

    def terms(self, *, site_ids: Collection[str] = ()) -> tuple[DealerTerms, ...]:
        """Every agreement, or those with these sites, ordered by SKU and site."""
        self._refuse_many(site_ids)
        with self._database.read() as reader:
            return all_terms(reader, site_ids)

    def sell(self, request: Request, sales: Sequence[DealerSale], reference: str) -> int:
        """Take what dealers sold off their reserves. Raises InvalidRequest, RequestIdReused, StockShort."""
        violations = Violations()
        check_text(reference, "reference", violations)
        self._checks.rows(sales, "sales", violations)
        violations.refuse_any("the list of sales")
        return int(self._once(request, lambda tx: self._dealers.sell(tx, sales, reference)).body)

    def report(self, request: Request, report: DropshipReport) -> None:
        """Book what a drop-shipper has. Raises InvalidRequest, RequestIdReused."""
        violations = Violations()
        self._checks.site(report.site_id, "site_id", violations, SourceKind.DROP_SHIPPER)
        check_time(report.as_of, "as_of", violations)
        if report.is_complete:
            check_few(report.levels, "levels", violations)
        else:
            check_rows(report.levels, "levels", violations)
        check_unique([one.sku for one in report.levels], "levels", violations)
        for position, one in enumerate(report.levels):
            self._checks.sku(one.sku, f"levels[{position}].sku", violations)
            check_between(one.units, 0, MOST_UNITS, f"levels[{position}].units", violations)
        check_lasts(report.fresh_for, LONGEST_FRESHNESS, "fresh_for", violations)
        violations.refuse_any("the report")

        def act(tx: Transaction) -> None:
            self._drop_shippers.report(
                tx, report.site_id, report.levels, report.as_of, report.fresh_for, is_complete=report.is_complete
            )

        self._once(request, act)

    def reports(self, *, site_ids: Collection[str] = ()) -> tuple[ReportedLevel, ...]:
        """What drop-shippers said last, all or these, ordered by SKU and site."""
        self._refuse_many(site_ids)
        with self._database.read() as reader:
            return all_reports(reader, site_ids)

    def _refuse_many(self, site_ids: Collection[str]) -> None:
        violations = Violations()
        check_few(tuple(site_ids), "site_ids", violations)
        violations.refuse_any("the filter")

    def _once(self, request: Request, act: Callable[[Transaction], object]) -> Answer:
        return once(self._database, self._clock, request, lambda tx: str(act(tx) or "").encode())
