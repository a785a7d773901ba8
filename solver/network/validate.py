"""What sound regions, sources, carriers and services are."""

import re
from collections.abc import Sequence

from solver.errors import Violations
from solver.money import is_currency
from solver.network.check_terms import check_service_terms
from solver.network.check_time import (
    check_service_time,
    check_source_facts,
    check_source_time,
    check_time_zone,
)
from solver.network.check_transit import check_transit_times
from solver.network.model import (
    DEEPEST_TREE,
    Band,
    Carrier,
    DistanceZone,
    RateCard,
    Region,
    RegionZone,
    Service,
    Source,
)
from solver.validation import (
    MOST_GRAMS,
    MOST_METERS,
    MOST_MINOR,
    MOST_MINUTES,
    Known,
    check_between,
    check_coordinates,
    check_id,
    check_reference,
    check_unique,
)

MOST_BANDS = 500  # FedEx Ground has one for each of 150 pounds
MOST_ZONES = 10_000


def check_region(region: Region, regions: Known, path: str, violations: Violations) -> None:
    """A region lies on the globe, and in another one or in none."""
    check_id(region.region_id, f"{path}.region_id", violations)
    if region.country:
        sound = re.fullmatch("[A-Z]{2}", region.country) is not None
        violations.require(sound, f"{path}.country", region.country, "give an ISO 3166 code of two letters such as CN")
    check_coordinates(region.latitude, region.longitude, path, violations)
    if region.time_zone:
        check_time_zone(region.time_zone, f"{path}.time_zone", violations)
    if region.parent_id:
        check_reference(region.parent_id, regions, "region", f"{path}.parent_id", violations)
        itself = region.parent_id == region.region_id
        violations.require(not itself, f"{path}.parent_id", region.parent_id, "a region cannot lie in itself")


def check_no_loops(parents: dict[str, str], path: str, violations: Violations) -> None:
    """Every region's line of parents ends, and not too deep; `parents` has its parent's id, empty for a province."""
    for region_id in parents:
        seen, at = {region_id}, parents[region_id]
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if at:
            violations.add(path, region_id, f"region {region_id} lies in itself by way of {at}; mend its parents")
            return
        if len(seen) > DEEPEST_TREE:
            violations.add(path, region_id, f"{len(seen)} regions lie in one another; nest at most {DEEPEST_TREE}")
            return


def check_source(
    source: Source, regions: Known, path: str, violations: Violations, *, calendars: Known = frozenset()
) -> None:
    """A source lies on the globe, in a known region, and opens at some time."""
    check_id(source.source_id, f"{path}.source_id", violations)
    check_reference(source.region_id, regions, "region", f"{path}.region_id", violations)
    check_coordinates(source.latitude, source.longitude, path, violations)
    check_source_work(source, path, violations, calendars=calendars)


def check_source_work(source: Source, path: str, violations: Violations, *, calendars: Known = frozenset()) -> None:
    """The working time and prices of a source, which also a source without a place must have right."""
    check_source_time(source, calendars, path, violations)
    check_source_facts(source, path, violations)
    check_transit_times(source.lead_times, f"{path}.lead_times", violations)


def check_carrier(carrier: Carrier, path: str, violations: Violations) -> None:
    """A carrier has an id."""
    check_id(carrier.carrier_id, f"{path}.carrier_id", violations)


def check_service(
    service: Service,
    carriers: Known,
    regions: Known,
    path: str,
    violations: Violations,
    *,
    calendars: Known = frozenset(),
) -> None:
    """A service has a known carrier, a currency, zones, and a rate card for each zone."""
    check_id(service.service_id, f"{path}.service_id", violations)
    check_reference(service.carrier_id, carriers, "carrier", f"{path}.carrier_id", violations)
    check_tariff(service, regions, path, violations, calendars=calendars)


def check_tariff(
    service: Service, regions: Known, path: str, violations: Violations, *, calendars: Known = frozenset()
) -> None:
    """Currency, weights, zones, rate cards and schedule of a service."""
    check_service_time(service, calendars, path, violations)
    violations.require(
        is_currency(service.currency), f"{path}.currency", service.currency, "give an ISO 4217 code such as CNY"
    )
    check_between(service.min_billable_grams, 0, MOST_GRAMS, f"{path}.min_billable_grams", violations)
    check_between(service.max_weight_grams, 0, MOST_GRAMS, f"{path}.max_weight_grams", violations)
    violations.require(bool(service.rates), f"{path}.rates", "none", "give a rate for each zone")
    check_unique([rate.zone for rate in service.rates], f"{path}.rates", violations)
    for position, rate in enumerate(service.rates):
        check_between(rate.transit_minutes, 0, MOST_MINUTES, f"{path}.rates[{position}].transit_minutes", violations)
        check_rate_card(rate.card, f"{path}.rates[{position}].card", violations)
        check_transit_times(rate.transit_times, f"{path}.rates[{position}].transit_times", violations)
    check_service_terms(service, regions, path, violations)
    rated = {rate.zone for rate in service.rates}
    _check_distance_zones(service.distance_zones, rated, f"{path}.distance_zones", violations)
    _check_region_zones(service.region_zones, rated, regions, f"{path}.region_zones", violations)
    runs = bool(service.distance_zones or service.region_zones)
    violations.require(runs, path, "no zones", "give distance_zones or region_zones, or the service runs nowhere")


def check_rate_card(card: RateCard, path: str, violations: Violations) -> None:
    """Bands ascend, only the last may be endless, some band is open, and no price is negative."""
    count = len(card.bands)
    violations.require(1 <= count <= MOST_BANDS, f"{path}.bands", f"{count} bands", f"give 1 to {MOST_BANDS}")
    before = 0
    for position, band in enumerate(card.bands):
        at = f"{path}.bands[{position}]"
        if band.up_to_grams is None:
            violations.require(position == count - 1, f"{at}.up_to_grams", None, "only the last band may have no end")
        else:
            check_between(band.up_to_grams, before + 1, MOST_GRAMS, f"{at}.up_to_grams", violations)
            before = band.up_to_grams
        _check_band_price(band, at, violations)
    if count:
        carries = not all(band.closed for band in card.bands)
        violations.require(carries, f"{path}.bands", "all closed", "open a band, or leave the zone out")


def _check_band_price(band: Band, path: str, violations: Violations) -> None:
    if band.closed and (band.base_minor or band.step_minor):
        price_minor = (band.base_minor, band.step_minor)
        violations.add(f"{path}.closed", price_minor, "a closed band has no price: leave both prices at 0, or open it")
    check_between(band.base_minor, 0, MOST_MINOR, f"{path}.base_minor", violations)
    check_between(band.step_minor, 0, MOST_MINOR, f"{path}.step_minor", violations)
    check_between(band.from_grams, 0, MOST_GRAMS, f"{path}.from_grams", violations)
    sound = check_between(band.step_grams, 1, MOST_GRAMS, f"{path}.step_grams", violations)
    if sound and band.price_minor(MOST_GRAMS if band.up_to_grams is None else band.up_to_grams) > MOST_MINOR:
        remedy = f"the band's heaviest package (at most {MOST_GRAMS:,} g) must not cost more than {MOST_MINOR:,}"
        violations.add(f"{path}.step_minor", band.step_minor, remedy)


def _check_distance_zones(zones: Sequence[DistanceZone], rated: Known, path: str, violations: Violations) -> None:
    before = -1
    for position, zone in enumerate(zones):
        at = f"{path}[{position}]"
        check_reference(zone.zone, rated, "zone among the rates", f"{at}.zone", violations)
        if zone.up_to_meters is None:
            last = position == len(zones) - 1
            violations.require(last, f"{at}.up_to_meters", None, "only the last zone may reach any distance")
        else:
            check_between(zone.up_to_meters, before + 1, MOST_METERS, f"{at}.up_to_meters", violations)
            before = zone.up_to_meters


def _check_region_zones(
    zones: Sequence[RegionZone], rated: Known, regions: Known, path: str, violations: Violations
) -> None:
    violations.require(len(zones) <= MOST_ZONES, path, f"{len(zones)} pairs", f"give at most {MOST_ZONES:,}")
    check_unique([f"{zone.origin_region_id} -> {zone.destination_region_id}" for zone in zones], path, violations)
    for position, zone in enumerate(zones):
        at = f"{path}[{position}]"
        check_reference(zone.zone, rated, "zone among the rates", f"{at}.zone", violations)
        for name in ("origin_region_id", "destination_region_id"):
            region_id = getattr(zone, name)
            if region_id:
                check_reference(region_id, regions, "region", f"{at}.{name}", violations)
