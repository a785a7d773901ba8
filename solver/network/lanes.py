"""Lanes: source x destination x carrier service, with everything a decision needs to price them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from solver.network.distance import distances_meters
from solver.network.hours import source_hand_over_at
from solver.network.model import RateCard, Service, Source, ZoneRate
from solver.network.network import Network, Place
from solver.units import ceil_div


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One way from one source to the order's door: the price list that applies and the arrival it gives."""

    source_id: str
    service_id: str
    carrier_id: str
    distance_meters: int
    arrives_at: datetime
    card: RateCard
    crosses_province: bool = False
    volumetric_divisor_cm3_per_kg: int = 0
    min_billable_grams: int = 0
    max_weight_grams: int = 0

    @property
    def lane_id(self) -> tuple[str, str]:
        """Source and service; unique among the lanes of one order."""
        return (self.source_id, self.service_id)

    def billable_grams(self, weight_grams: int, volume_mm3: int) -> int:
        """max(actual, volumetric, minimum); volumetric grams are mm3 / divisor, rounded up."""
        divisor = self.volumetric_divisor_cm3_per_kg
        volumetric_grams = ceil_div(volume_mm3, divisor) if divisor else 0
        return max(weight_grams, volumetric_grams, self.min_billable_grams)

    def freight_minor(self, weight_grams: int, volume_mm3: int) -> int | None:
        """Freight of one package, or None where the lane does not carry it."""
        if self.max_weight_grams and weight_grams > self.max_weight_grams:
            return None
        return self.card.price_minor(self.billable_grams(weight_grams, volume_mm3))


class Closure(StrEnum):
    """Why a source and a service make no lane."""

    KIND_NOT_SERVED = "kind_not_served"
    NO_ZONE = "no_zone"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLane:
    """A source and a service that make no lane to this destination, and why."""

    source_id: str
    service_id: str
    closure: Closure


def lanes_to(
    network: Network,
    place: Place,
    *,
    placed_at: datetime,
    source_ids: Iterable[str],
    max_distance_meters: int = 0,
) -> tuple[tuple[Lane, ...], tuple[ClosedLane, ...]]:
    """Every lane from the given sources to `place`, and every one that is closed with its reason.

    `max_distance_meters` 0 means no limit. Both tuples are ordered by source id, then service id.
    """
    positions = [network.source_positions[source_id] for source_id in sorted(source_ids)]
    meters_of = distances_meters(
        place.latitude, place.longitude, network.latitudes[positions], network.longitudes[positions]
    )
    lanes: list[Lane] = []
    closed: list[ClosedLane] = []
    for position, meters in zip(positions, meters_of.tolist(), strict=True):
        source = network.sources[network.source_ids[position]]
        handed_over_at: datetime | None = None
        for service in network.services.values():
            rate = _rate(network, source, service, place, meters, max_distance_meters)
            if isinstance(rate, Closure):
                closed.append(ClosedLane(source_id=source.source_id, service_id=service.service_id, closure=rate))
                continue
            handed_over_at = handed_over_at or source_hand_over_at(source, placed_at)
            lanes.append(_lane(network, source, service, rate, place, meters, handed_over_at))
    return tuple(lanes), tuple(closed)


def _rate(
    network: Network, source: Source, service: Service, place: Place, meters: int, max_distance_meters: int
) -> ZoneRate | Closure:
    if service.kinds and source.kind not in service.kinds:
        return Closure.KIND_NOT_SERVED
    if max_distance_meters and meters > max_distance_meters:
        return Closure.TOO_FAR
    zoning = network.zonings[service.service_id]
    zone = zoning.zone(network.branches[source.region_id], place.region_ids, meters)
    return Closure.NO_ZONE if zone is None else zoning.rates[zone]


def _lane(
    network: Network,
    source: Source,
    service: Service,
    rate: ZoneRate,
    place: Place,
    meters: int,
    handed_over_at: datetime,
) -> Lane:
    return Lane(
        source_id=source.source_id,
        service_id=service.service_id,
        carrier_id=service.carrier_id,
        distance_meters=meters,
        arrives_at=handed_over_at + timedelta(minutes=rate.transit_minutes),
        card=rate.card,
        crosses_province=network.province_id(source.region_id) != place.province_id,
        volumetric_divisor_cm3_per_kg=service.volumetric_divisor_cm3_per_kg,
        min_billable_grams=service.min_billable_grams,
        max_weight_grams=service.max_weight_grams,
    )
