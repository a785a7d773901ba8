"""Thresholds as callers send them, checked and kept once; and the warnings that follow."""

from collections.abc import Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.foresight.shortages import chance_above
from solver.fulfilment.site_days import days_of
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.journal.journal import Journal
from solver.stock.layers.channel_rows import channels
from solver.stock.warnings.early_warnings import early_warnings
from solver.stock.warnings.threshold_rows import put_thresholds, thresholds
from solver.stock.warnings.warning_model import StockThreshold, StockWarning, WarningQuery
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_DAYS, MOST_ROWS, MOST_UNITS, check_between, check_reference, check_rows

MOST_DEMAND_DAYS = 92


class Alerting:
    """Says when to warn, and warns."""

    def __init__(
        self, *, database: Database, clock: Clock, journal: Journal, catalog: CatalogSource, network: NetworkSource
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._catalog = catalog
        self._network = network
        self._day_of = days_of(network)

    def set_thresholds(self, request: Request, rows: Sequence[StockThreshold]) -> None:
        """Keep thresholds in place of those of the same SKU, site and channel; one that says nothing ends it.

        Raises InvalidRequest, RequestIdReused.
        """
        self._refuse_invalid(rows)

        def act(tx: Transaction) -> bytes:
            put_thresholds(tx, rows)
            return b""

        once(self._database, self._clock, request, act)

    def thresholds(self) -> Sequence[StockThreshold]:
        """All that are kept, by SKU, site and channel."""
        with self._database.read() as reader:
            return thresholds(reader)

    def warnings(self, query: WarningQuery) -> Sequence[StockWarning]:
        """What is about to go wrong, the most urgent first. Raises InvalidRequest."""
        violations = Violations()
        check_between(query.demand_days, 1, MOST_DEMAND_DAYS, "demand_days", violations)
        for path, wanted in (("skus", query.skus), ("site_ids", query.site_ids)):
            if wanted is not None:
                violations.require(len(wanted) <= MOST_ROWS, path, f"{len(wanted)} rows", f"send at most {MOST_ROWS:,}")
        violations.refuse_any("the query")
        with self._database.read() as reader:
            return early_warnings(self._journal, reader, query, self._day_of, chance_above)

    def _refuse_invalid(self, rows: Sequence[StockThreshold]) -> None:
        violations = Violations()
        check_rows(rows, "thresholds", violations)
        with self._database.read() as reader:
            known_channels = channels(reader)
        materials, sources = self._catalog.catalog.materials, self._network.network.sources
        seen: set[tuple[str, str, str]] = set()
        for position, row in enumerate(rows):
            path, key = f"thresholds[{position}]", (row.sku, row.site_id, row.channel_id)
            check_reference(row.sku, materials, "material", f"{path}.sku", violations)
            if row.site_id:
                check_reference(row.site_id, sources, "source", f"{path}.site_id", violations)
            if row.channel_id:
                check_reference(row.channel_id, known_channels, "channel", f"{path}.channel_id", violations)
                _check_channel(row, path, violations)
            check_between(row.least_units, 0, MOST_UNITS, f"{path}.least_units", violations)
            check_between(row.least_cover_days, 0, MOST_DAYS, f"{path}.least_cover_days", violations)
            check_between(row.lead_days, 0, MOST_DAYS, f"{path}.lead_days", violations)
            violations.require(key not in seen, path, "/".join(key), "stands twice; name it once")
            seen.add(key)
        violations.refuse_any("the list of thresholds")


def _check_channel(row: StockThreshold, path: str, violations: Violations) -> None:
    """What a channel may sell is known; what it sold is not, where it has no quota."""
    violations.require(row.site_id == "", f"{path}.site_id", row.site_id, "name a site or a channel, not both")
    for name in ("least_cover_days", "lead_days"):
        days = getattr(row, name)
        violations.require(days == 0, f"{path}.{name}", days, "leave at 0 for a channel: days count for sites")
