"""Lanes: source x destination x carrier service, with everything a decision needs to price them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from solver.frozen import quickly_made
from solver.network.distance import distances_meters, haversine_meters
from solver.network.later import LaterStock
from solver.network.model import RateCard, Service, Source, ZoneRate
from solver.network.network import Network, Place
from solver.network.surcharge import Surcharge, surcharge_minor
from solver.network.transit import TransitTimes
from solver.network.volumetric import volumetric
from solver.network.ways import NO_WORK, Way, Workload, collected_at, ways_from

_FEW = 16


class WeightRefusal(StrEnum):
    """Why a lane does not carry a package's weight."""

    ABOVE_LIMIT = "above_limit"  # the package is heavier than the service takes
    ABOVE_CARD = "above_card"  # the billable weight lies above the card's last band
    BAND_CLOSED = "band_closed"  # the card states no price for the billable weight


@quickly_made
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
    volumetric_divisor_in3_per_lb: int = 0
    min_billable_grams: int = 0
    max_weight_grams: int = 0
    surcharges: tuple[Surcharge, ...] = ()  # those that apply to this destination and day of hand-over
    max_volume_mm3: int = 0
    max_side_mm: int = 0
    max_units: int = 0
    refuses_tags: tuple[str, ...] = ()
    crosses_border: bool = False
    carbon_grams_per_package: int = 0
    carbon_grams_per_tonne_km: int = 0
    lead_times: TransitTimes | None = None  # how orders really fared from being placed to the hand-over
    transit_times: TransitTimes | None = None  # how parcels really fared from there to the door
    via_source_id: str = ""  # where the goods go first; empty: straight to the door
    offer_id: str = ""  # which of the source's offers it ships from; empty: its only one
    transfer_per_package_minor: int = 0  # what going there first costs
    transfer_per_unit_minor: int = 0
    hand_over_at: datetime | None = None  # when the carrier takes over; None: not said
    transit_minutes: int = 0  # as the tariff states them, from there to the door
    packages_left: int | None = None  # what the service still takes today, from all sources; None: no limit
    grams_left: int | None = None
    package_minor: int = 0  # what a package costs beside its card, and a unit by its SKU
    unit_minor: Mapping[str, int] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()  # what the carrier does not state about its service, in words
    assumed_zh: tuple[str, ...] = ()  # the same in Chinese, or nothing

    @property
    def lane_id(self) -> tuple[str, str, str, str]:
        """Source, service, the source on the way, and the offer; unique among the lanes of one order."""
        return (self.source_id, self.service_id, self.via_source_id, self.offer_id)

    def billable_grams(self, weight_grams: int, volume_mm3: int) -> int:
        """max(actual, volumetric, minimum), in whole grams."""
        by_cm3, by_in3 = self.volumetric_divisor_cm3_per_kg, self.volumetric_divisor_in3_per_lb
        volume_grams = volumetric(by_cm3, by_in3).grams_of(volume_mm3) if by_cm3 or by_in3 else 0
        return max(weight_grams, volume_grams, self.min_billable_grams)

    def freight_minor(self, weight_grams: int, volume_mm3: int) -> int | None:
        """Freight of one package, or None where the lane does not carry its weight."""
        if self.max_weight_grams and weight_grams > self.max_weight_grams:
            return None
        return self.card.price_minor(self.billable_grams(weight_grams, volume_mm3))

    def surcharge_minor(self, weight_grams: int, volume_mm3: int) -> int | None:
        """All surcharges of one package, or None where the lane does not carry its weight."""
        freight_minor = self.freight_minor(weight_grams, volume_mm3)
        if freight_minor is None:
            return None
        return surcharge_minor(self.surcharges, freight_minor, self.billable_grams(weight_grams, volume_mm3))

    def weight_refusal(self, weight_grams: int, volume_mm3: int) -> WeightRefusal | None:
        """Why the lane does not carry a package of this weight; None where it does."""
        if self.max_weight_grams and weight_grams > self.max_weight_grams:
            return WeightRefusal.ABOVE_LIMIT
        billable_grams = self.billable_grams(weight_grams, volume_mm3)
        if self.card.band_of(billable_grams) is not None:
            return None
        end_grams = self.card.bands[-1].up_to_grams
        is_above = end_grams is not None and billable_grams > end_grams
        return WeightRefusal.ABOVE_CARD if is_above else WeightRefusal.BAND_CLOSED


class Closure(StrEnum):
    """Why a source and a service make no lane."""

    INACTIVE = "inactive"
    KIND_NOT_SERVED = "kind_not_served"
    NO_ZONE = "no_zone"
    TOO_FAR = "too_far"
    SERVICE_INACTIVE = "service_inactive"
    NOT_FOR_EVERY_ORDER = "not_for_every_order"  # of several that are to be shipped as one: it stocks nothing of some


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLane:
    """A source and a service that make no lane to this destination, and why."""

    source_id: str
    service_id: str
    closure: Closure
    via_source_id: str = ""
    offer_id: str = ""


def lanes_to(
    network: Network,
    place: Place,
    *,
    placed_at: datetime,
    source_ids: Iterable[str],
    max_distance_meters: int = 0,
    workload: Workload = NO_WORK,
    later: Iterable[LaterStock] = (),
    with_transfers: bool = False,
    service_ids: Collection[str] | None = None,
) -> tuple[tuple[Lane, ...], tuple[ClosedLane, ...]]:
    """Every lane from the given sources and of `later` stock to `place`, and every one that is closed with its reason.

    `max_distance_meters` 0 means no limit; a transfer's distance counts. Of `service_ids` None every service is asked.
    Both tuples are ordered by `lane_id`.
    """
    services = [one for one in network.services.values() if service_ids is None or one.service_id in service_ids]
    ways = [
        way
        for source_id, stock in [*((one, None) for one in source_ids), *((one.source_id, one) for one in later)]
        for way in ways_from(
            network, network.sources[source_id], placed_at, workload, later=stock, with_transfers=with_transfers
        )
    ]
    lanes: list[Lane] = []
    closed: list[ClosedLane] = []
    for way, meters in zip(ways, _meters_to(network, place, ways), strict=True):
        for service in services:
            rate = _rate(network, way, service, place, meters, max_distance_meters)
            if isinstance(rate, Closure):
                closed.append(_closed(way, service, rate))
            else:
                lanes.append(_lane(network, way, service, rate, place, meters, workload))
    lanes.sort(key=lambda lane: lane.lane_id)
    closed.sort(key=lambda lane: (lane.source_id, lane.service_id, lane.via_source_id, lane.offer_id))
    return tuple(lanes), tuple(closed)


def lanes_by(
    network: Network, place: Place, placed_at: datetime, pairs: Collection[tuple[str, str]]
) -> tuple[Lane, ...]:
    """The lanes straight from these sources by these services, ordered by `lane_id`. KeyError where one is missing."""
    ordered = sorted(pairs)
    way_of = {
        source_id: next(ways_from(network, network.sources[source_id], placed_at, NO_WORK))
        for source_id in dict.fromkeys([source_id for source_id, _ in ordered])
    }
    meters_of = dict(zip(way_of, _meters_to(network, place, list(way_of.values())), strict=True))
    lanes = []
    for source_id, service_id in ordered:
        way, meters, service = way_of[source_id], meters_of[source_id], network.services[service_id]
        rate = _rate(network, way, service, place, meters, 0)
        if isinstance(rate, Closure):
            raise KeyError(f"{source_id} by {service_id}: {rate}")
        lanes.append(_lane(network, way, service, rate, place, meters, NO_WORK))
    return tuple(lanes)


def lane_by(network: Network, place: Place, placed_at: datetime, source_id: str, service_id: str) -> Lane:
    """The lane straight from this source by this service. Raises KeyError where there is none."""
    [lane] = lanes_by(network, place, placed_at, [(source_id, service_id)])
    return lane


def _meters_to(network: Network, place: Place, ways: Sequence[Way]) -> list[int]:
    """How far it is from each way's shipper to the door; one by one where arrays would take longer."""
    if len(ways) <= _FEW:
        at = (place.latitude, place.longitude)
        return [haversine_meters(*at, way.shipper.latitude, way.shipper.longitude) for way in ways]
    positions = [network.source_positions[way.shipper.source_id] for way in ways]
    meters = distances_meters(
        place.latitude, place.longitude, network.latitudes[positions], network.longitudes[positions]
    )
    of_ways: list[int] = meters.tolist()
    return of_ways


def _rate(
    network: Network, way: Way, service: Service, place: Place, meters: int, max_distance_meters: int
) -> ZoneRate | Closure:
    if not way.source.is_active:
        return Closure.INACTIVE
    if not service.is_active:
        return Closure.SERVICE_INACTIVE
    if service.kinds and way.shipper.kind not in service.kinds:
        return Closure.KIND_NOT_SERVED
    if max_distance_meters and way.transfer_meters + meters > max_distance_meters:
        return Closure.TOO_FAR
    zoning = network.zonings[service.service_id]
    zone = zoning.zone(network.branches[way.shipper.region_id], place.region_ids, meters)
    return Closure.NO_ZONE if zone is None else zoning.rates[zone]


def _closed(way: Way, service: Service, closure: Closure) -> ClosedLane:
    return ClosedLane(
        source_id=way.source.source_id,
        service_id=service.service_id,
        closure=closure,
        via_source_id=way.via_source_id,
        offer_id=way.offer_id,
    )


def _lane(
    network: Network, way: Way, service: Service, rate: ZoneRate, place: Place, meters: int, workload: Workload
) -> Lane:
    shipper = way.shipper
    handed_over_at = collected_at(network, way, service, workload)
    door_zone = ZoneInfo(place.time_zone or shipper.time_zone)
    straight_and_there = way.transfer is None and not way.offer_id
    return Lane(
        source_id=way.source.source_id,
        service_id=service.service_id,
        carrier_id=service.carrier_id,
        distance_meters=way.transfer_meters + meters,
        arrives_at=network.delivery_by[service.service_id].arrives_at(handed_over_at, rate.transit_minutes, door_zone),
        card=rate.card,
        crosses_province=network.province_id(shipper.region_id) != place.province_id,
        volumetric_divisor_cm3_per_kg=service.volumetric_divisor_cm3_per_kg,
        volumetric_divisor_in3_per_lb=service.volumetric_divisor_in3_per_lb,
        min_billable_grams=service.min_billable_grams,
        max_weight_grams=service.max_weight_grams,
        surcharges=surcharges_of(service, shipper, place, handed_over_at),
        max_volume_mm3=service.max_volume_mm3,
        max_side_mm=service.max_side_mm,
        max_units=service.max_units,
        refuses_tags=service.refuses_tags,
        crosses_border=crosses_border(network, shipper, place),
        carbon_grams_per_package=service.carbon_grams_per_package,
        carbon_grams_per_tonne_km=service.carbon_grams_per_tonne_km,
        assumed=service.assumed,
        assumed_zh=service.assumed_zh,
        lead_times=way.source.lead_times if straight_and_there else None,
        transit_times=rate.transit_times,
        via_source_id=way.via_source_id,
        offer_id=way.offer_id,
        transfer_per_package_minor=way.transfer.per_package_minor if way.transfer else 0,
        transfer_per_unit_minor=way.transfer.per_unit_minor if way.transfer else 0,
        hand_over_at=handed_over_at,
        transit_minutes=rate.transit_minutes,
        packages_left=workload.packages_left.get(service.service_id, service.daily_packages or None),
        grams_left=workload.grams_left.get(service.service_id, service.daily_grams or None),
    )


def surcharges_of(service: Service, source: Source, place: Place, handed_over_at: datetime) -> tuple[Surcharge, ...]:
    """What the service charges beside the freight, to this place on the day of the hand-over."""
    if not service.surcharges:
        return ()
    day = handed_over_at.astimezone(ZoneInfo(source.time_zone)).date()
    return tuple(surcharge for surcharge in service.surcharges if surcharge.applies(place.region_ids, day))


def crosses_border(network: Network, source: Source, place: Place) -> bool:
    """True where both ends state a country, and not the same."""
    here, there = network.countries[source.region_id], network.countries[place.region_ids[0]]
    return here != there and here != "" and there != ""
