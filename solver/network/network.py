"""The network as one immutable value: look-ups by id, the address tree, coordinates as arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.frozen import quickly_made
from solver.network.calendar import Calendar, WorkDays
from solver.network.model import DEEPEST_TREE, Carrier, Region, Service, Source
from solver.network.schedule import Collection, Delivery, Schedule
from solver.network.transfer import Transfer
from solver.network.zones import Zoning
from solver.orders.model import Address


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address lies. `assumed` tells that its region's centre stands in for missing coordinates.

    `time_zone` is that of its region; empty where none is stated.
    """

    region_ids: tuple[str, ...]  # the region and its ancestors, most specific first
    latitude: float
    longitude: float
    assumed: bool
    time_zone: str = ""

    @property
    def province_id(self) -> str:
        """The root of the region's branch."""
        return self.region_ids[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Regions, sources, carriers, services, calendars by id and transfers by ends. Build it with `Network.of`."""

    regions: Mapping[str, Region]
    sources: Mapping[str, Source]
    carriers: Mapping[str, Carrier]
    services: Mapping[str, Service]
    calendars: Mapping[str, Calendar]
    transfers: Mapping[tuple[str, str], Transfer]
    source_ids: tuple[str, ...]
    source_positions: Mapping[str, int]
    latitudes: NDArray[np.float64] = field(repr=False)
    longitudes: NDArray[np.float64] = field(repr=False)
    branches: Mapping[str, tuple[str, ...]] = field(repr=False)
    zonings: Mapping[str, Zoning] = field(repr=False)
    work_days: Mapping[str, WorkDays] = field(repr=False)  # of each source
    collections: Mapping[Schedule, Collection | None] = field(repr=False)
    deliveries: Mapping[Schedule, Delivery] = field(repr=False)
    collection_by: Mapping[str, Collection | None] = field(repr=False)  # by each service
    delivery_by: Mapping[str, Delivery] = field(repr=False)
    countries: Mapping[str, str] = field(repr=False)  # of each region, or of the nearest one above it that states one
    time_zones: Mapping[str, str] = field(repr=False)  # likewise
    transfers_from: Mapping[str, tuple[Transfer, ...]] = field(repr=False)

    @classmethod
    def of(
        cls,
        *,
        regions: Iterable[Region] = (),
        sources: Iterable[Source] = (),
        carriers: Iterable[Carrier] = (),
        services: Iterable[Service] = (),
        calendars: Iterable[Calendar] = (),
        transfers: Iterable[Transfer] = (),
    ) -> "Network":
        """Index the given nouns; ids must be unique and references must resolve (see `network.validate`)."""
        regions_by_id = {region.region_id: region for region in regions}
        calendars_by_id = {calendar.calendar_id: calendar for calendar in calendars}
        transfers_by_ends = {transfer.ends: transfer for transfer in sorted(transfers, key=lambda t: t.ends)}
        services_by_id = {service.service_id: service for service in sorted(services, key=lambda s: s.service_id)}
        ordered = sorted(sources, key=lambda source: source.source_id)
        branches = {region_id: _branch(regions_by_id, region_id) for region_id in regions_by_id}
        scheduled = {service.schedule for service in services_by_id.values()}
        scheduled |= {transfer.schedule for transfer in transfers_by_ends.values()}
        collections = {one: Collection.of(one, _calendar(calendars_by_id, one.calendar_id)) for one in scheduled}
        deliveries = {one: Delivery.of(one, _calendar(calendars_by_id, one.calendar_id)) for one in scheduled}
        return cls(
            regions=regions_by_id,
            sources={source.source_id: source for source in ordered},
            carriers={carrier.carrier_id: carrier for carrier in carriers},
            services=services_by_id,
            calendars=calendars_by_id,
            transfers=transfers_by_ends,
            source_ids=tuple(source.source_id for source in ordered),
            source_positions={source.source_id: position for position, source in enumerate(ordered)},
            latitudes=np.array([source.latitude for source in ordered]),
            longitudes=np.array([source.longitude for source in ordered]),
            branches=branches,
            zonings={service_id: Zoning.of(service) for service_id, service in services_by_id.items()},
            work_days=_work_days(ordered, calendars_by_id),
            collections=collections,
            deliveries=deliveries,
            collection_by={one.service_id: collections[one.schedule] for one in services_by_id.values()},
            delivery_by={one.service_id: deliveries[one.schedule] for one in services_by_id.values()},
            countries={one: _nearest(regions_by_id[above].country for above in of) for one, of in branches.items()},
            time_zones={one: _nearest(regions_by_id[above].time_zone for above in of) for one, of in branches.items()},
            transfers_from=_by_origin(transfers_by_ends.values()),
        )

    def place(self, address: Address) -> Place:
        """Where the address lies; KeyError for an unknown region."""
        region = self.regions[address.region_id]
        assumed = address.latitude is None or address.longitude is None
        return Place(
            region_ids=self.branches[region.region_id],
            latitude=region.latitude if address.latitude is None or assumed else address.latitude,
            longitude=region.longitude if address.longitude is None or assumed else address.longitude,
            assumed=assumed,
            time_zone=self.time_zone(region.region_id),
        )

    def country(self, region_id: str) -> str:
        """The country that the region or the nearest one above it states; empty where none does."""
        return self.countries[region_id]

    def time_zone(self, region_id: str) -> str:
        """The time zone that the region or the nearest one above it states; empty where none does."""
        return self.time_zones[region_id]

    def province_id(self, region_id: str) -> str:
        """The root ancestor of a region."""
        return self.branches[region_id][-1]


def _branch(regions: Mapping[str, Region], region_id: str) -> tuple[str, ...]:
    branch = [region_id]
    while (parent_id := regions[branch[-1]].parent_id) in regions and len(branch) < DEEPEST_TREE:
        branch.append(parent_id)
    return tuple(branch)


def _nearest(stated: Iterable[str]) -> str:
    return next((word for word in stated if word), "")


def _calendar(calendars: Mapping[str, Calendar], calendar_id: str) -> Calendar | None:
    return calendars[calendar_id] if calendar_id else None


def _work_days(sources: Iterable[Source], calendars: Mapping[str, Calendar]) -> dict[str, WorkDays]:
    """The days on which each source works; those with the same weekdays and calendar share them."""
    shared: dict[tuple[tuple[int, ...], str], WorkDays] = {}
    for source in sources:
        key = (source.hours.weekdays, source.calendar_id)
        if key not in shared:
            shared[key] = WorkDays.of(source.hours.weekdays, _calendar(calendars, source.calendar_id))
    return {source.source_id: shared[source.hours.weekdays, source.calendar_id] for source in sources}


def _by_origin(transfers: Iterable[Transfer]) -> dict[str, tuple[Transfer, ...]]:
    origins: dict[str, list[Transfer]] = {}
    for transfer in transfers:
        origins.setdefault(transfer.from_source_id, []).append(transfer)
    return {source_id: tuple(leaving) for source_id, leaving in origins.items()}
