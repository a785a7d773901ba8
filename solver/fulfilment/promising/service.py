"""What may be promised by which day, as callers ask for it, and what plans leave at sites."""

from collections.abc import Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.site_days import days_of
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.journal.journal import Journal
from solver.stock.expected.atp import atp, known_places
from solver.stock.expected.atp_model import Atp
from solver.stock.layers.channel_model import channel_of
from solver.stock.layers.channel_rows import channels
from solver.stock.physical.picking import Places
from solver.stock.safety import SafetyStock, put_safety
from solver.stock.sweeping import withdraw_if_due
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_DAYS, MOST_ROWS, MOST_UNITS, check_between, check_reference, check_rows, check_unique

DEFAULT_DAYS = 30
MOST_ANSWERS = 20_000


class Promising:
    """What it says may be gone when it is held."""

    def __init__(
        self, *, database: Database, clock: Clock, journal: Journal, catalog: CatalogSource, network: NetworkSource
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._catalog = catalog
        self._network = network

    def atp(
        self, skus: Sequence[str], site_ids: Sequence[str] = (), *, days: int = DEFAULT_DAYS, channel: str = ""
    ) -> tuple[Atp, ...]:
        """One answer for each SKU and site, ordered by both; no sites: those that had one of the SKUs or await it.

        `channel` is a channel, or its shops of one tier (`tmall#2`). Raises InvalidRequest.
        """
        day_of = days_of(self._network)
        withdraw_if_due(self._journal, Places(self._journal, day_of), self._database)
        with self._database.read() as reader:
            known = channels(reader) if channel else {}
            violations = Violations()
            self._check(skus, site_ids, days, violations)
            if channel:
                check_reference(channel_of(channel), known, "channel", "channel", violations)
            violations.refuse_any("the question")
            places = [(site_id, sku) for sku in sorted(skus) for site_id in sorted(site_ids)]
            places = places or known_places(self._journal, reader, skus, day_of)
            few = len(places) <= MOST_ANSWERS
            remedy = f"ask for fewer SKUs or sites: at most {MOST_ANSWERS:,} answers"
            violations.require(few, "skus", f"{len(places):,} answers", remedy)
            violations.refuse_any("the question")
            return atp(self._journal, reader, places, days=days, day_of=day_of, channel=channel)

    def set_safety(self, request: Request, rows: Sequence[SafetyStock]) -> None:
        """Say how many units plans leave at sites. Raises InvalidRequest, RequestIdReused."""
        violations = Violations()
        check_rows(rows, "rows", violations)
        check_unique([f"{row.site_id}/{row.sku}" for row in rows], "rows", violations)
        materials, sources = self._catalog.catalog.materials, self._network.network.sources
        for position, row in enumerate(rows):
            at = f"rows[{position}]"
            check_reference(row.site_id, sources, "source", f"{at}.site_id", violations)
            check_reference(row.sku, materials, "material", f"{at}.sku", violations)
            check_between(row.units, 0, MOST_UNITS, f"{at}.units", violations)
        violations.refuse_any("the safety stock")

        def act(tx: Transaction) -> bytes:
            put_safety(tx, rows)
            return b""

        once(self._database, self._clock, request, act)

    def _check(self, skus: Sequence[str], site_ids: Sequence[str], days: int, violations: Violations) -> None:
        check_rows(skus, "skus", violations)
        check_unique(skus, "skus", violations)
        few = len(site_ids) <= MOST_ROWS
        violations.require(few, "site_ids", f"{len(site_ids)} rows", f"send at most {MOST_ROWS:,}")
        check_unique(site_ids, "site_ids", violations)
        check_between(days, 1, MOST_DAYS, "days", violations)
        materials, sources = self._catalog.catalog.materials, self._network.network.sources
        for position, sku in enumerate(skus):
            check_reference(sku, materials, "material", f"skus[{position}]", violations)
        for position, site_id in enumerate(site_ids):
            check_reference(site_id, sources, "source", f"site_ids[{position}]", violations)
