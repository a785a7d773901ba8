"""What is reported on carriers and sources, or follows from scans: the last report counts, until it expires."""

from collections.abc import Sequence
from dataclasses import replace

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.conditions import scans as parcel_scans
from solver.fulfilment.conditions.scans import Scan, check_scans, parcels_of
from solver.fulfilment.sources import NetworkSource
from solver.network.check_conditions import check_healths, check_statuses
from solver.network.conditions import CarrierHealth, Conditions, SourceStatus
from solver.network.lateness import LatenessRule
from solver.storage.database import Database, Transaction
from solver.storage.once import Request
from solver.storage.registry import Registry


class Reports:
    """The last report on each service, carrier and source."""

    def __init__(
        self, *, database: Database, clock: Clock, network: NetworkSource, rule: LatenessRule | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._rule = rule or LatenessRule()
        self._network = network
        self._healths = Registry(database, clock, "carrier_health", CarrierHealth, lambda one: one.report_id)
        self._statuses = Registry(database, clock, "source_status", SourceStatus, lambda one: one.source_id)

    def report_carriers(self, request: Request, healths: Sequence[CarrierHealth]) -> Conditions:
        """Write all or none; the conditions that now count.

        Raises InvalidRequest with every violation, RequestIdReused, LostRace.
        """
        now = self._clock.now()
        violations = Violations()
        check_healths(healths, self._network.network, now, "reports", violations)
        violations.refuse_any("the report on carriers")
        self._healths.upsert(request, [replace(one, reported_at=now, inferred=False) for one in healths])
        return self.conditions

    def report_sources(self, request: Request, statuses: Sequence[SourceStatus]) -> Conditions:
        """As `report_carriers`, on sources."""
        now = self._clock.now()
        violations = Violations()
        check_statuses(statuses, self._network.network, now, "reports", violations)
        violations.refuse_any("the report on sources")
        self._statuses.upsert(request, [replace(one, reported_at=now) for one in statuses])
        return self.conditions

    def report_scans(self, request: Request, scans: Sequence[Scan]) -> Conditions:
        """Keep what happened to parcels, and what it says of their services. Raises as `report_carriers` does."""
        violations = Violations()
        check_scans(scans, self._network.network, "scans", violations)
        violations.refuse_any("the scans")
        now = self._clock.now()
        service_ids = sorted({scan.service_id for scan in scans})

        def keep(tx: Transaction) -> list[CarrierHealth]:
            parcel_scans.keep(tx, scans)
            since = now - self._rule.window
            return [self._rule.health(one, parcels_of(tx, one, since, now), now) for one in service_ids]

        self._healths.upsert_what(request, keep)
        return self.conditions

    @property
    def conditions(self) -> Conditions:
        """What counts now."""
        healths, statuses = self._healths.nouns, self._statuses.nouns
        if not healths and not statuses:
            return Conditions()
        return Conditions.of(self._network.network, healths.values(), statuses.values(), self._clock.now())
