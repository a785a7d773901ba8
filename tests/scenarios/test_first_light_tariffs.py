"""The demo network's carriers: every zone priced, every province reached, prices of the published shapes."""

import pytest

from solver.network.model import SourceKind
from tests.scenarios.world import World


def price_minor(world: World, service_id: str, zone: str, billable_grams: int) -> int | None:
    [rate] = [rate for rate in world.service(service_id).rates if rate.zone == zone]
    return rate.card.price_minor(billable_grams)


def test_services_resolve_to_carriers_and_every_zone_has_one_rate(world: World) -> None:
    scenario = world.scenario
    assert [service.carrier_id for service in scenario.services] == [
        carrier.carrier_id for carrier in scenario.carriers
    ]
    for service in scenario.services:
        zones = {zone.zone for zone in service.region_zones} | {zone.zone for zone in service.distance_zones}
        assert sorted(zones) == sorted(rate.zone for rate in service.rates), service.service_id
        assert service.currency == scenario.currency == "CNY"


@pytest.mark.parametrize("billable_grams", [500, 1_000, 2_001, 3_000, 3_001, 12_000, 20_000, 50_000])
def test_a_farther_zone_is_never_cheaper_nor_faster(world: World, billable_grams: int) -> None:
    for service in world.scenario.services:
        prices = [rate.card.price_minor(billable_grams) for rate in service.rates]
        assert prices == sorted(price for price in prices if price is not None), service.service_id
        transits = [rate.transit_minutes for rate in service.rates]
        assert transits == sorted(set(transits)), service.service_id


def test_more_weight_is_never_cheaper_within_what_a_service_carries(world: World) -> None:
    for service in world.scenario.services:
        heaviest_kg = (service.max_weight_grams or 400_000) // 1_000
        for rate in service.rates:
            prices = [rate.card.price_minor(kilograms * 1_000) for kilograms in range(1, heaviest_kg + 1)]
            assert prices == sorted(price for price in prices if price is not None), (service.service_id, rate.zone)


@pytest.mark.parametrize(
    ("service_id", "zone", "billable_grams", "minor"),
    [
        ("yanxing-standard", "neighbour", 1_000, 1500),
        ("yanxing-standard", "neighbour", 1_001, 1500 + 500),
        ("tuoling-economy", "far", 3_000, 1200),
        ("tuoling-economy", "far", 3_001, 300 + 4 * 350),
        ("tuoling-economy", "remote", 1_000, 500 + 1100),
        ("bailu-instant", "within_3_km", 5_000, 1000),
        ("bailu-instant", "within_3_km", 5_001, 1200),
        ("xiangtuo-freight", "same_province", 20_000, 1500 + 20 * 80),
        ("xiangtuo-freight", "same_province", 100_001, 3000 + 101 * 65),
    ],
)
def test_prices_follow_the_published_shapes(
    world: World, service_id: str, zone: str, billable_grams: int, minor: int
) -> None:
    assert price_minor(world, service_id, zone, billable_grams) == minor


def test_every_province_is_reached_from_every_warehouse(world: World) -> None:
    standard = world.service("yanxing-standard")
    rated = {rate.zone for rate in standard.rates}
    for province in (region for region in world.scenario.regions if not region.parent_id):
        for warehouse in world.warehouses:
            assert world.region_zone(standard, warehouse.region_id, province.region_id) in rated


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        ("CN-320200", "CN-320500", "same_province"),
        ("CN-320200", "CN-310100", "neighbour"),
        ("CN-310100", "CN-320200", "neighbour"),
        ("CN-320200", "CN-420100", "middle"),
        ("CN-320200", "CN-440000", "far"),
        ("CN-320200", "CN-540100", "remote"),
        ("CN-510100", "CN-540000", "remote"),  # a neighbour, and still remote
        ("CN-650100", "CN-310100", "remote"),
        ("CN-650100", "CN-653100", "same_province"),
    ],
)
def test_zones_follow_provinces(world: World, origin: str, destination: str, zone: str) -> None:
    by_region = [service for service in world.scenario.services if service.region_zones]
    assert [world.region_zone(service, origin, destination) for service in by_region] == [zone] * 3


def test_zones_are_the_same_both_ways(world: World) -> None:
    region_zones = world.service("yanxing-standard").region_zones
    pairs = {(zone.origin_region_id, zone.destination_region_id): zone.zone for zone in region_zones}
    assert {(destination, origin): zone for (origin, destination), zone in pairs.items()} == pairs


def test_the_courier_stays_within_20_km_and_serves_shops_only(world: World) -> None:
    courier = world.service("bailu-instant")
    assert courier.region_zones == ()
    assert [zone.up_to_meters for zone in courier.distance_zones] == [3_000, 5_000, 10_000, 15_000, 20_000]
    assert courier.kinds == (SourceKind.STORE, SourceKind.DEALER)


def test_freight_starts_at_20_kg_and_serves_no_store(world: World) -> None:
    freight = world.service("xiangtuo-freight")
    assert freight.min_billable_grams == 20_000
    assert freight.kinds == (SourceKind.WAREHOUSE, SourceKind.DEALER)


def test_a_machine_bills_by_volume(world: World) -> None:
    [machine] = [material for material in world.scenario.materials if material.sku == "MACHINE-AUTO"]
    divisor = world.service("yanxing-standard").volumetric_divisor_cm3_per_kg
    assert (machine.weight_grams, machine.volume_mm3, divisor) == (9_800, 12_880 * 6_000, 6_000)
