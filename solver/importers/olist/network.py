"""Who ships and with whom: the real sellers, assumed warehouses and stores, and one carrier with two services."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from solver.importers.olist.freight import FIRST_GRAMS, VOLUMETRIC_DIVISOR, FreightStep
from solver.importers.olist.geography import TIME_ZONE, Geography
from solver.importers.olist.parties import Party
from solver.importers.olist.transit import SeenTimes
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    Hours,
    RateCard,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.network.transit import TransitPool, TransitTimes
from solver.units import ceil_div, round_half_up_div

# São Paulo, Belo Horizonte, Curitiba, Recife, Brasília.
WAREHOUSE_CITIES = ("BR-3550308", "BR-3106200", "BR-4106902", "BR-2611606", "BR-5300108")
EXPRESS_PRICE_PERCENT, EXPRESS_TIME_PERCENT = 160, 50
CARRIER = Carrier(carrier_id="marketplace", name="Marketplace parcel carrier")
_WORKDAYS = (1, 2, 3, 4, 5)


def make_warehouses(geography: Geography) -> tuple[Source, ...]:
    """One warehouse at the centre of each city; raises NotFound when a city is not in the list of municipalities."""
    return tuple(
        _own(geography, region_id, SourceKind.WAREHOUSE, Hours(opens_minute=480, closes_minute=1200), 240)
        for region_id in WAREHOUSE_CITIES
    )


def make_stores(geography: Geography) -> tuple[Source, ...]:
    """One store in each state capital that has no warehouse."""
    return tuple(
        _own(geography, region_id, SourceKind.STORE, Hours(opens_minute=600, closes_minute=1320), 120)
        for region_id in sorted(set(geography.capital_ids) - set(WAREHOUSE_CITIES))
    )


def make_dealers(sellers: Iterable[Party], geography: Geography, times: SeenTimes) -> tuple[Source, ...]:
    """The sellers, each at the coordinates of its zip prefix and with the lead times that were seen, by id."""
    by_id = sorted(sellers, key=lambda seller: seller.party_id)
    return tuple(_dealer(seller, geography, times.lead_of(seller.party_id)) for seller in by_id)


def make_services(steps: Sequence[FreightStep], transit: Sequence[TransitTimes | None]) -> tuple[Service, ...]:
    """The fitted standard service, and an express dearer and faster by the assumed factors.

    `transit` holds the transit times that were seen in each step of distance.
    """
    return (
        _service("standard", "Standard parcel", steps, transit, price_percent=100, time_percent=100),
        _service(
            "express",
            "Express parcel",
            steps,
            [_hurried(times) for times in transit],
            price_percent=EXPRESS_PRICE_PERCENT,
            time_percent=EXPRESS_TIME_PERCENT,
        ),
    )


def assumptions() -> tuple[str, ...]:
    """What is made up about the network, in words."""
    return (
        (
            "Sellers play dealers: places are real, hours (Monday to Friday 8:00 to 18:00), lead (600 minutes) and "
            "handling (200 centavos a package, 50 a unit) are assumed."
        ),
        (
            "Own warehouses are assumed in São Paulo, Belo Horizonte, Curitiba, Recife and Brasília (daily 8:00 to "
            "20:00, lead 240 minutes, 150 centavos a package, 20 a unit), and a store in every other state capital "
            "(daily 10:00 to 22:00, lead 120 minutes, 250 centavos a package, 50 a unit)."
        ),
        (
            "No rate card is published: the standard service is fitted to the freight paid. The express service is "
            f"assumed: {EXPRESS_PRICE_PERCENT} % of the price, {EXPRESS_TIME_PERCENT} % of the time."
        ),
        (
            "Transit times of the standard service and lead times of the sellers are those that were seen; where there "
            "are fewer than 30 in a step of distance or of a seller, those of all. Nobody counted the assumed "
            "warehouses' and stores' lead times."
        ),
        f"Volumetric weight is assumed at {VOLUMETRIC_DIVISOR} cm3 per kg, in the fit and in the tariff.",
    )


_HANDLING = {SourceKind.WAREHOUSE: (150, 20), SourceKind.STORE: (250, 50), SourceKind.DEALER: (200, 50)}


def _own(geography: Geography, region_id: str, kind: SourceKind, hours: Hours, lead_minutes: int) -> Source:
    region = geography.region(region_id)
    per_package_minor, per_unit_minor = _HANDLING[kind]
    return Source(
        source_id=f"{kind}-{region_id.removeprefix('BR-')}",
        name=f"{region.name} {kind}",
        kind=kind,
        region_id=region_id,
        latitude=region.latitude,
        longitude=region.longitude,
        time_zone=geography.time_zones[region_id],
        hours=hours,
        lead_minutes=lead_minutes,
        handling_per_package_minor=per_package_minor,
        handling_per_unit_minor=per_unit_minor,
    )


def _dealer(seller: Party, geography: Geography, lead_times: TransitTimes | None) -> Source:
    latitude, longitude = seller.place
    per_package_minor, per_unit_minor = _HANDLING[SourceKind.DEALER]
    return Source(
        source_id=seller.party_id,
        name=f"Seller {seller.party_id[:8]}, {seller.city}",
        kind=SourceKind.DEALER,
        region_id=seller.region.region_id,
        latitude=latitude,
        longitude=longitude,
        time_zone=geography.time_zones.get(seller.region.region_id, TIME_ZONE),
        hours=Hours(opens_minute=480, closes_minute=1080, weekdays=_WORKDAYS),
        lead_minutes=600,
        lead_times=lead_times,
        handling_per_package_minor=per_package_minor,
        handling_per_unit_minor=per_unit_minor,
    )


def _hurried(times: TransitTimes | None) -> TransitTimes | None:
    """The express service's times, which nobody saw."""
    if times is None:
        return None
    hurried = tuple(ceil_div(minutes * EXPRESS_TIME_PERCENT, 100) for minutes in times.quantiles_minutes)
    return replace(times, quantiles_minutes=hurried, sample_count=0, pooled_from=TransitPool.ASSUMED)


def _service(
    service_id: str,
    name: str,
    steps: Sequence[FreightStep],
    transit: Sequence[TransitTimes | None],
    *,
    price_percent: int,
    time_percent: int,
) -> Service:
    zones = [f"km-{step.up_to_meters // 1000}" if step.up_to_meters else "km-any" for step in steps]
    return Service(
        service_id=service_id,
        carrier_id=CARRIER.carrier_id,
        name=name,
        currency="BRL",
        rates=tuple(
            ZoneRate(
                zone=zone,
                card=RateCard(bands=(_band(step, price_percent),)),
                transit_minutes=ceil_div(step.transit_minutes * time_percent, 100),
                transit_times=times,
            )
            for zone, step, times in zip(zones, steps, transit, strict=True)
        ),
        distance_zones=tuple(
            DistanceZone(up_to_meters=step.up_to_meters, zone=zone) for zone, step in zip(zones, steps, strict=True)
        ),
        volumetric_divisor_cm3_per_kg=VOLUMETRIC_DIVISOR,
    )


def _band(step: FreightStep, price_percent: int) -> Band:
    return Band(
        up_to_grams=None,
        base_minor=round_half_up_div(step.first_minor * price_percent, 100),
        from_grams=FIRST_GRAMS,
        step_grams=1000,
        step_minor=round_half_up_div(step.further_minor * price_percent, 100),
    )
