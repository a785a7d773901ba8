"""The network as one immutable value: look-ups by id, the address tree, coordinates as arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.network.model import DEEPEST_TREE, Carrier, Region, Service, Source
from solver.network.zones import Zoning
from solver.orders.model import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address lies. `assumed` tells that its region's centre stands in for missing coordinates."""

    region_ids: tuple[str, ...]  # the region and its ancestors, most specific first
    latitude: float
    longitude: float
    assumed: bool

    @property
    def province_id(self) -> str:
        """The root of the region's branch."""
        return self.region_ids[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Regions, sources, carriers and services by id. Build it with `Network.of`."""

    regions: Mapping[str, Region]
    sources: Mapping[str, Source]
    carriers: Mapping[str, Carrier]
    services: Mapping[str, Service]
    source_ids: tuple[str, ...]
    source_positions: Mapping[str, int]
    latitudes: NDArray[np.float64] = field(repr=False)
    longitudes: NDArray[np.float64] = field(repr=False)
    branches: Mapping[str, tuple[str, ...]] = field(repr=False)
    zonings: Mapping[str, Zoning] = field(repr=False)

    @classmethod
    def of(
        cls,
        *,
        regions: Iterable[Region] = (),
        sources: Iterable[Source] = (),
        carriers: Iterable[Carrier] = (),
        services: Iterable[Service] = (),
    ) -> "Network":
        """Index the given nouns; ids must be unique and references must resolve (see `network.validate`)."""
        regions_by_id = {region.region_id: region for region in regions}
        services_by_id = {service.service_id: service for service in sorted(services, key=lambda s: s.service_id)}
        ordered = sorted(sources, key=lambda source: source.source_id)
        return cls(
            regions=regions_by_id,
            sources={source.source_id: source for source in ordered},
            carriers={carrier.carrier_id: carrier for carrier in carriers},
            services=services_by_id,
            source_ids=tuple(source.source_id for source in ordered),
            source_positions={source.source_id: position for position, source in enumerate(ordered)},
            latitudes=np.array([source.latitude for source in ordered]),
            longitudes=np.array([source.longitude for source in ordered]),
            branches={region_id: _branch(regions_by_id, region_id) for region_id in regions_by_id},
            zonings={service_id: Zoning.of(service) for service_id, service in services_by_id.items()},
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
        )

    def province_id(self, region_id: str) -> str:
        """The root ancestor of a region."""
        return self.branches[region_id][-1]


def _branch(regions: Mapping[str, Region], region_id: str) -> tuple[str, ...]:
    branch = [region_id]
    while (parent_id := regions[branch[-1]].parent_id) in regions and len(branch) < DEEPEST_TREE:
        branch.append(parent_id)
    return tuple(branch)
