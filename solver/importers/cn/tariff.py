"""Rate cards become services: the card itself for Jiangsu, where Wuxi lies, and steps of distance for other origins."""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from solver.importers.cn.by_distance import (
    DistanceStep,
    KnownLane,
    step_at,
    steps_of,
)
from solver.importers.cn.places import Gazetteer, Place
from solver.importers.cn.rate_cards import CardLane
from solver.importers.intake import Intake
from solver.importers.rate_cards.wuxi_terms import STEPS_KM, TERMS, CardTerms
from solver.network.distance import distance_meters
from solver.network.model import (
    Carrier,
    DistanceZone,
    RateCard,
    Region,
    RegionZone,
    Service,
    Source,
    ZoneRate,
)

_LEVELS = {"provinces": "province", "cities": "city", "counties": "county"}
HOME_PROVINCE_ID, HOME_CITY_ID = "CN-320000", "CN-320200"


def make_carriers() -> tuple[Carrier, ...]:
    """The carriers of the cards, each once."""
    return tuple(
        Carrier(carrier_id=carrier_id, name=name)
        for carrier_id, name in {terms.carrier_id: terms.carrier for terms in TERMS}.items()
    )


def make_services(
    lanes: Sequence[CardLane],
    destination_ids: AbstractSet[str],
    warehouses: Sequence[Source],
    gazetteer: Gazetteer,
    intake: Intake,
) -> tuple[Service, ...]:
    """A service for each card that has lanes to the destinations (regions and all those above them).

    Distance alone cannot tell which destinations a card covers, so a parcel card is stretched to other origins only
    when it covers the province of every destination.
    """
    known = {(terms.carrier, terms.service) for terms in TERMS}
    if strange := sum((lane.carrier, lane.service) not in known for lane in lanes):
        lanes_of = "1 priced way belongs" if strange == 1 else f"{strange} priced ways belong"
        intake.note(f"{lanes_of} to carriers or services that are not known; left out.")
    services = []
    for terms in TERMS:
        own = [lane for lane in lanes if (lane.carrier, lane.service) == (terms.carrier, terms.service)]
        used = [lane for lane in own if lane.place.region_id in destination_ids]
        if used:
            missing = _provinces(destination_ids) - {lane.place.region_id for lane in used}
            elsewhere = warehouses if terms.kinds else ()
            builder = _Builder(terms, own, gazetteer)
            services.append(builder.service(used, elsewhere, by_distance=not terms.kinds and not missing))
            if missing and not terms.kinds:
                provinces = ", ".join(sorted(missing))
                intake.note(f"{terms.service_id}: not from outside Jiangsu, for the card does not cover {provinces}.")
        intake.note(f"{terms.service_id}: {_account(own, used)}")
    return tuple(services)


def _account(read: Sequence[CardLane], used: Sequence[CardLane]) -> str:
    """What a card leads to, what of it became destinations, and what became of the rest."""
    told = f"the card prices ways to {_places(read)}."
    if not used:
        return f"{told} No order goes there: the service is left out."
    left = [lane for lane in read if lane not in used]
    if not left:
        return f"{told} All is kept: orders go there."
    return (
        f"{told} Kept: {_places(used)}, where orders go. Left out: {_places(left)}, where none goes; "
        "these prices only help to price by distance."
    )


def _places(lanes: Iterable[CardLane]) -> str:
    """How many provinces, cities and counties."""
    count = Counter(_level(lane.place) for lane in lanes)
    named = [f"{count[many]:,} {one if count[many] == 1 else many}" for many, one in _LEVELS.items() if count[many]]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named) or "no known place"


def _level(place: Place) -> str:
    provinces, cities, counties = _LEVELS
    return provinces if place.is_province else cities if place.is_city else counties


def assumptions() -> tuple[str, ...]:
    """What is made up about tariffs, in words."""
    steps = ", ".join(f"{km} km" for km in STEPS_KM)
    days = "; ".join(f"{terms.service_id} {'/'.join(map(str, terms.transit_days))}" for terms in TERMS)
    return (
        "The cards start in Wuxi: they hold as they are for every source in Jiangsu.",
        (
            f"Other origins are priced by steps of distance ({steps}, beyond) with the card of the lower-median lane "
            "that ends in the step as seen from Wuxi, never below a nearer step: parcels by distance to the order, "
            "freight by distance from the warehouse to the city, and only to cities the card serves."
        ),
        "Only warehouses hand over to ANE and Xinliang (freight).",
        "How a fraction of a kilogram counts is not stated: every begun kilogram is charged in full.",
        "Volumetric weight is not stated: 6000 cm3 per kg for SF and STO; volume does not count for ANE and Xinliang.",
        (
            "A lead time of several days (2-3天) counts as the longer; a lane that states none (all of SF and STO) "
            f"takes days by step of distance: {days}."
        ),
    )


class _Builder:
    """One card and its terms on the way to a service."""

    def __init__(self, terms: CardTerms, lanes: Sequence[CardLane], gazetteer: Gazetteer) -> None:
        self.terms, self.gazetteer = terms, gazetteer
        self.steps = steps_of(self._known(lanes), terms.probe_grams)

    def service(self, used: Sequence[CardLane], warehouses: Sequence[Source], *, by_distance: bool) -> Service:
        """The card from Jiangsu; from other provinces by the warehouses there, or by distance alone."""
        pairs, rates = self._home(used)
        pairs += [*self._from_warehouses(used, warehouses)]
        named = {pair.zone for pair in pairs}
        steps = [step for step in self.steps if by_distance or step.zone in named]
        return Service(
            service_id=self.terms.service_id,
            carrier_id=self.terms.carrier_id,
            name=self.terms.name,
            currency="CNY",
            rates=(*rates, *(_rate(step) for step in steps)),
            distance_zones=tuple(_distance_zone(step) for step in steps) if by_distance else (),
            region_zones=tuple(pairs),
            volumetric_divisor_cm3_per_kg=self.terms.volumetric_divisor_cm3_per_kg,
            min_billable_grams=used[0].min_billable_grams,
            max_weight_grams=used[0].max_weight_grams,
            kinds=self.terms.kinds,
            assumed=(
                *self.terms.assumed(states_lead_time=used[0].transit_minutes is not None),
                "prices from other places than Jiangsu: as from Wuxi to a place as far away",
            ),
            assumed_zh=(
                *self.terms.assumed_zh(states_lead_time=used[0].transit_minutes is not None),
                "江苏以外发货的价格：按无锡到同等距离的地点计",
            ),
        )

    def _home(self, used: Sequence[CardLane]) -> tuple[list[RegionZone], list[ZoneRate]]:
        """The card's own lanes; destinations with the same card and time share a zone."""
        zones: dict[tuple[RateCard, int], str] = {}
        pairs = []
        for lane in sorted(used, key=lambda lane: lane.place.code):
            terms = (lane.card, self._transit_minutes(lane))
            zone = zones.setdefault(terms, f"wuxi-{len(zones) + 1}")
            pairs.append(_pair(zone, HOME_PROVINCE_ID, lane.place.region_id))
        rates = [ZoneRate(zone=zone, card=card, transit_minutes=minutes) for (card, minutes), zone in zones.items()]
        return pairs, rates

    def _from_warehouses(self, used: Sequence[CardLane], warehouses: Sequence[Source]) -> Iterable[RegionZone]:
        for warehouse in warehouses:
            origin_id = f"{warehouse.region_id[:5]}0000"
            if origin_id == HOME_PROVINCE_ID:
                continue
            for lane in sorted(used, key=lambda lane: lane.place.code):
                if (centre := lane.place.centre) is not None:
                    meters = distance_meters(warehouse.latitude, warehouse.longitude, *centre)
                    yield _pair(
                        step_at(self.steps, meters).zone,
                        origin_id,
                        lane.place.region_id,
                    )

    def _known(self, lanes: Sequence[CardLane]) -> Sequence[KnownLane]:
        """Lanes that can stand for others as far away: those with a price for every usual weight, if there are any."""
        known = [
            KnownLane(
                distance_meters=self._meters_from_home(lane),
                card=lane.card,
                transit_minutes=self._transit_minutes(lane),
            )
            for lane in lanes
            if lane.place.centre is not None
        ]
        whole = [lane for lane in known if all(lane.card.price_minor(grams) for grams in self.terms.probe_grams)]
        return whole or known

    def _transit_minutes(self, lane: CardLane) -> int:
        if lane.transit_minutes is not None:
            return lane.transit_minutes
        return self.terms.transit_minutes(self._meters_from_home(lane))

    def _meters_from_home(self, lane: CardLane) -> int:
        home = self._home_region()
        latitude, longitude = lane.place.centre or (home.latitude, home.longitude)
        return distance_meters(home.latitude, home.longitude, latitude, longitude)

    def _home_region(self) -> Region:
        return self.gazetteer.region_with_id(HOME_CITY_ID)


def _provinces(region_ids: AbstractSet[str]) -> set[str]:
    return {region_id for region_id in region_ids if region_id.endswith("0000")}


def _pair(zone: str, origin_id: str, destination_id: str) -> RegionZone:
    return RegionZone(zone=zone, origin_region_id=origin_id, destination_region_id=destination_id)


def _rate(step: DistanceStep) -> ZoneRate:
    return ZoneRate(zone=step.zone, card=step.card, transit_minutes=step.transit_minutes)


def _distance_zone(step: DistanceStep) -> DistanceZone:
    return DistanceZone(up_to_meters=step.up_to_meters, zone=step.zone)
