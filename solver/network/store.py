"""The network that is kept: loaded in batches, read as one immutable value."""

import threading
from collections.abc import Callable, Mapping, Sequence

from solver.clock import Clock
from solver.errors import Violations
from solver.network.calendar import Calendar
from solver.network.check_time import check_calendar, check_transfer
from solver.network.model import Carrier, Region, Service, Source
from solver.network.network import Network
from solver.network.transfer import Transfer
from solver.network.validate import check_carrier, check_no_loops, check_region, check_service, check_source
from solver.storage.database import Database
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.validation import check_rows, check_unique


class NetworkStore:
    """Regions, sources, carriers, services, calendars and transfers, each in a registry of its own.

    All tariffs have one currency.

    Upserts follow each other from check to index, so that two of them can neither break a rule together nor leave an
    index without the other's rows.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._regions = Registry(database, clock, "region", Region, lambda region: region.region_id)
        self._sources = Registry(database, clock, "source", Source, lambda source: source.source_id)
        self._carriers = Registry(database, clock, "carrier", Carrier, lambda carrier: carrier.carrier_id)
        self._services = Registry(database, clock, "service", Service, lambda service: service.service_id)
        self._calendars = Registry(database, clock, "calendar", Calendar, lambda calendar: calendar.calendar_id)
        self._transfers = Registry(database, clock, "transfer", Transfer, lambda transfer: transfer.transfer_id)
        self._lock = threading.Lock()
        self._indexing = threading.Lock()
        self._index()

    @property
    def network(self) -> Network:
        """The network as it stands now."""
        if any(known is not shown for known, shown in zip(self._known, self._shown(), strict=True)):
            self._index()
        return self._network

    @property
    def currency(self) -> str | None:
        """The currency of every tariff; None while there is none."""
        return next((service.currency for service in self._network.services.values()), None)

    def upsert_regions(self, request: Request, regions: Sequence[Region]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self._lock:
            known = {**self._regions.nouns, **{region.region_id: region for region in regions}}
            violations = _begun("regions", [region.region_id for region in regions])
            for position, region in enumerate(regions):
                check_region(region, known, f"regions[{position}]", violations)
            check_no_loops({region_id: region.parent_id for region_id, region in known.items()}, "regions", violations)
            violations.refuse_any("the list of regions")
            return self._reindexed(lambda: self._regions.upsert(request, regions))

    def upsert_sources(self, request: Request, sources: Sequence[Source]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self._lock:
            violations = _begun("sources", [source.source_id for source in sources])
            for position, source in enumerate(sources):
                path = f"sources[{position}]"
                check_source(source, self._regions.nouns, path, violations, calendars=self._calendars.nouns)
            violations.refuse_any("the list of sources")
            return self._reindexed(lambda: self._sources.upsert(request, sources))

    def upsert_carriers(self, request: Request, carriers: Sequence[Carrier]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self._lock:
            violations = _begun("carriers", [carrier.carrier_id for carrier in carriers])
            for position, carrier in enumerate(carriers):
                check_carrier(carrier, f"carriers[{position}]", violations)
            violations.refuse_any("the list of carriers")
            return self._reindexed(lambda: self._carriers.upsert(request, carriers))

    def upsert_services(self, request: Request, services: Sequence[Service]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self._lock:
            violations = _begun("services", [service.service_id for service in services])
            after = {**self._services.nouns, **{service.service_id: service for service in services}}
            currencies = {service.currency for service in after.values()}
            for position, service in enumerate(services):
                path = f"services[{position}]"
                carriers, regions, calendars = self._carriers.nouns, self._regions.nouns, self._calendars.nouns
                check_service(service, carriers, regions, path, violations, calendars=calendars)
                if len(currencies) > 1:
                    mixed = f"all tariffs of a network share one currency; found {', '.join(sorted(currencies))}"
                    violations.add(f"{path}.currency", service.currency, mixed)
            violations.refuse_any("the list of services")
            return self._reindexed(lambda: self._services.upsert(request, services))

    def upsert_calendars(self, request: Request, calendars: Sequence[Calendar]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self._lock:
            violations = _begun("calendars", [calendar.calendar_id for calendar in calendars])
            for position, calendar in enumerate(calendars):
                check_calendar(calendar, f"calendars[{position}]", violations)
            violations.refuse_any("the list of calendars")
            return self._reindexed(lambda: self._calendars.upsert(request, calendars))

    def upsert_transfers(self, request: Request, transfers: Sequence[Transfer]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self._lock:
            violations = _begun("transfers", [transfer.transfer_id for transfer in transfers])
            sources, calendars = self._sources.nouns, self._calendars.nouns
            for position, transfer in enumerate(transfers):
                check_transfer(transfer, sources, calendars, f"transfers[{position}]", violations)
            violations.refuse_any("the list of transfers")
            return self._reindexed(lambda: self._transfers.upsert(request, transfers))

    def _reindexed(self, upsert: Callable[[], int]) -> int:
        written = upsert()
        self._index()
        return written

    def _shown(self) -> tuple[Mapping[str, object], ...]:
        """What every registry shows: another mapping where it changed, here or in another process."""
        every = (self._regions, self._sources, self._carriers, self._services, self._calendars, self._transfers)
        return tuple(registry.nouns for registry in every)

    def _index(self) -> None:
        with self._indexing:
            self._known = self._shown()
            self._network = Network.of(
                regions=self._regions.nouns.values(),
                sources=self._sources.nouns.values(),
                carriers=self._carriers.nouns.values(),
                services=self._services.nouns.values(),
                calendars=self._calendars.nouns.values(),
                transfers=self._transfers.nouns.values(),
            )


def _begun(path: str, ids: Sequence[str]) -> Violations:
    violations = Violations()
    check_rows(ids, path, violations)
    check_unique(ids, path, violations)
    return violations
