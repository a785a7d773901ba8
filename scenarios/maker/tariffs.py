"""Four carriers with one service each; prices in `data/rates.csv`, zones by the rules below."""

from itertools import groupby
from typing import Any

from scenarios.maker.facts import Province, provinces, region_id_of, table
from solver.network.distance import distance_meters
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    RateCard,
    RegionZone,
    Service,
    SourceKind,
    ZoneRate,
)

_REMOTE_CODES = ("540000", "650000")
_REMOTE, _FAR = "remote", "far"
_MIDDLE_METERS = 1_100_000  # between the provinces' seats

CARRIERS = (
    Carrier(carrier_id="yanxing", name="雁行速运 Yanxing Express"),
    Carrier(carrier_id="tuoling", name="驼铃快递 Tuoling Economy"),
    Carrier(carrier_id="bailu", name="白鹭同城 Bailu Instant"),
    Carrier(carrier_id="xiangtuo", name="象驮零担 Xiangtuo Freight"),
)


def services(currency: str) -> tuple[Service, ...]:
    """Every service with its tariff."""
    by_region = _region_zones()
    return (
        Service(
            service_id="yanxing-standard",
            carrier_id="yanxing",
            name="雁行标快 Yanxing Standard",
            currency=currency,
            rates=_rates("yanxing-standard"),
            region_zones=by_region,
            volumetric_divisor_cm3_per_kg=6_000,
            max_weight_grams=50_000,
        ),
        Service(
            service_id="tuoling-economy",
            carrier_id="tuoling",
            name="驼铃经济件 Tuoling Economy",
            currency=currency,
            rates=_rates("tuoling-economy"),
            region_zones=by_region,
            volumetric_divisor_cm3_per_kg=12_000,
            max_weight_grams=30_000,
        ),
        Service(
            service_id="bailu-instant",
            carrier_id="bailu",
            name="白鹭即送 Bailu Instant",
            currency=currency,
            rates=_rates("bailu-instant"),
            distance_zones=tuple(
                DistanceZone(up_to_meters=km * 1_000, zone=f"within_{km}_km") for km in (3, 5, 10, 15, 20)
            ),
            max_weight_grams=20_000,
            kinds=(SourceKind.STORE, SourceKind.DEALER),
        ),
        Service(
            service_id="xiangtuo-freight",
            carrier_id="xiangtuo",
            name="象驮大件 Xiangtuo Freight",
            currency=currency,
            rates=_rates("xiangtuo-freight"),
            region_zones=by_region,
            volumetric_divisor_cm3_per_kg=5_000,
            min_billable_grams=20_000,
            kinds=(SourceKind.WAREHOUSE, SourceKind.DEALER),
        ),
    )


def _region_zones() -> tuple[RegionZone, ...]:
    """Far unless a more specific pair says otherwise; to and from Tibet and Xinjiang remote, but for the way inside."""
    pairs = ((origin, destination) for origin in provinces() for destination in provinces())
    zoned = ((_zone(origin, destination), origin, destination) for origin, destination in pairs)
    return (
        RegionZone(zone=_FAR),
        *(RegionZone(zone=_REMOTE, origin_region_id=region_id_of(code)) for code in _REMOTE_CODES),
        *(RegionZone(zone=_REMOTE, destination_region_id=region_id_of(code)) for code in _REMOTE_CODES),
        *(
            RegionZone(
                zone=zone,
                origin_region_id=region_id_of(origin.code),
                destination_region_id=region_id_of(destination.code),
            )
            for zone, origin, destination in zoned
            if zone not in (_FAR, _REMOTE)
        ),
    )


def _zone(origin: Province, destination: Province) -> str:
    if origin.code == destination.code:
        return "same_province"
    if origin.code in _REMOTE_CODES or destination.code in _REMOTE_CODES:
        return _REMOTE
    if destination.code in origin.neighbours:
        return "neighbour"
    meters = distance_meters(origin.latitude, origin.longitude, destination.latitude, destination.longitude)
    return "middle" if meters <= _MIDDLE_METERS else _FAR


def _rates(service_id: str) -> tuple[ZoneRate, ...]:
    rows = [row for row in table("rates") if row["service_id"] == service_id]
    return tuple(_zone_rate(list(bands)) for _, bands in groupby(rows, key=lambda row: row["zone"]))


def _zone_rate(rows: list[dict[str, Any]]) -> ZoneRate:
    card = RateCard(bands=tuple(_band(row) for row in rows))
    return ZoneRate(zone=rows[0]["zone"], card=card, transit_minutes=int(rows[0]["transit_minutes"]))


def _band(row: dict[str, str]) -> Band:
    return Band(
        up_to_grams=int(row["up_to_grams"]) if row["up_to_grams"] else None,
        base_minor=int(row["base_minor"]),
        from_grams=int(row["from_grams"]),
        step_grams=int(row["step_grams"]),
        step_minor=int(row["step_minor"]),
    )
