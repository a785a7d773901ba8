"""The cards from Wuxi as services: exactly what the carriers state, and nothing about other origins."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from solver.importers.cn.places import Gazetteer, Place
from solver.importers.cn.rate_cards import place_of
from solver.importers.intake import Intake
from solver.importers.rate_cards.wuxi import WuxiCard
from solver.importers.rate_cards.wuxi_terms import TERMS, CardTerms
from solver.importers.refusal import RefusedError, refuse
from solver.network.distance import distance_meters
from solver.network.model import RateCard, Region, RegionZone, Service, ZoneRate

WUXI_ID = "CN-320200"
UNPLACED_RULE = "destination without an administrative code: a region of its own at its province's centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """A card with the region it leads to and the minutes it takes."""

    card: WuxiCard
    region: Region
    transit_minutes: int


def wuxi_services(
    cards: Sequence[WuxiCard], gazetteer: Gazetteer, intake: Intake
) -> tuple[tuple[Service, ...], tuple[Region, ...]]:
    """A service for each known carrier's card, and every region that they name, with those above it.

    A destination that the list of administrative codes does not have in the province named (part of a city, a place
    filed under a wrong province) becomes a region of its own in that province. A card to a province that is not known,
    of an unknown carrier, or to a place that has one is rejected.
    """
    known = {(terms.carrier, terms.service): terms for terms in TERMS}
    atlas = _Atlas(gazetteer, intake)
    legs: dict[str, list[_Leg]] = {terms.service_id: [] for terms in TERMS}
    for card in cards:
        terms = known.get((card.carrier, card.service))
        try:
            if terms is None:
                raise RefusedError("unknown_service", f"carrier={card.carrier} service={card.service}")
            region = atlas.region(card)
            twice = any(leg.region == region for leg in legs[terms.service_id])
            refuse("lane_given_twice", f"{card.city or card.province} is {region.name}", when=twice)
        except RefusedError as refused:
            for row in card.rows:
                intake.reject(row, refused.reason, refused.text)
            continue
        minutes = card.transit_minutes or terms.transit_minutes(atlas.meters_from_wuxi(region))
        legs[terms.service_id].append(_Leg(card=card, region=region, transit_minutes=minutes))
    services = tuple(_service(terms, legs[terms.service_id]) for terms in TERMS if legs[terms.service_id])
    return services, tuple(sorted(atlas.regions.values(), key=lambda region: region.region_id))


def _service(terms: CardTerms, legs: Sequence[_Leg]) -> Service:
    zones: dict[tuple[RateCard, int], str] = {}
    pairs = []
    for leg in legs:
        zone = zones.setdefault((leg.card.card, leg.transit_minutes), f"wuxi-{len(zones) + 1}")
        pairs.append(
            RegionZone(zone=zone, origin_region_id=WUXI_ID, destination_region_id=leg.region.region_id),
        )
    first = legs[0].card
    return Service(
        service_id=terms.service_id,
        carrier_id=terms.carrier_id,
        name=terms.name,
        currency="CNY",
        rates=tuple(ZoneRate(zone=zone, card=card, transit_minutes=minutes) for (card, minutes), zone in zones.items()),
        region_zones=tuple(pairs),
        volumetric_divisor_cm3_per_kg=terms.volumetric_divisor_cm3_per_kg,
        min_billable_grams=first.min_billable_grams,
        max_weight_grams=first.max_weight_grams,
        assumed=terms.assumed(states_lead_time=first.transit_minutes is not None),
        assumed_zh=terms.assumed_zh(states_lead_time=first.transit_minutes is not None),
    )


class _Atlas:
    """The regions that cards lead to, kept as they are asked for."""

    def __init__(self, gazetteer: Gazetteer, intake: Intake) -> None:
        self._gazetteer, self._intake = gazetteer, intake
        self.regions: dict[str, Region] = {}
        self._wuxi = gazetteer.region_with_id(WUXI_ID)
        self._keep(WUXI_ID)

    def region(self, card: WuxiCard) -> Region:
        """The region a card leads to; raises RefusedError where not even the province is known."""
        try:
            place = place_of(card, self._gazetteer)
        except RefusedError:
            return self._own(card)
        return self._keep(place.region_id, place)

    def meters_from_wuxi(self, region: Region) -> int:
        """Great-circle distance from the centre of Wuxi to the region's."""
        return distance_meters(self._wuxi.latitude, self._wuxi.longitude, region.latitude, region.longitude)

    def _own(self, card: WuxiCard) -> Region:
        province = self._gazetteer.province(card.province)
        if province is None:
            raise RefusedError("unknown_place", f"dest_province={card.province}")
        self._intake.repair(UNPLACED_RULE)
        above = self._keep(province.region_id)
        own = replace(
            above, region_id=f"{above.region_id}/{card.city}", name=card.city, parent_id=above.region_id, country=""
        )
        return self.regions.setdefault(own.region_id, own)

    def _keep(self, region_id: str, place: Place | None = None) -> Region:
        """The region with those above it; one without a centre of its own stands at its province's."""
        for above_id in self._above(region_id):
            self._keep(above_id)
        if place is not None and place.centre is None:
            province = self._keep(place.province_id)
            made = replace(province, region_id=region_id, name=place.name, parent_id=province.region_id, country="")
        else:
            made = self._gazetteer.region_with_id(region_id)
        made = made if made.parent_id else replace(made, country="CN")
        return self.regions.setdefault(region_id, made)

    def _above(self, region_id: str) -> Iterator[str]:
        yield from self._gazetteer.branch_ids(region_id)[1:]


def carriers_of(services: Iterable[Service]) -> dict[str, str]:
    """The name of each carrier, by its id."""
    used = {service.carrier_id for service in services}
    return {terms.carrier_id: terms.carrier for terms in TERMS if terms.carrier_id in used}
