"""The bundled demo network: reproducible, whole, and telling what its README tells."""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from geopy.distance import great_circle

from solver.network.model import Service, Source, SourceKind
from solver.orders.model import Order
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / "first_light"
CHINA = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def world() -> Scenario:
    return read_scenario(FOLDER)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in (".jsonl", ".yaml", ".json")
    }


def order_of(world: Scenario, order_id: str) -> Order:
    [order] = [order for order in world.orders if order.order_id == order_id]
    return order


def demand(world: Scenario, *orders: Order) -> Counter[str]:
    parts = {item.item_id: item.parts for item in world.sales_items}
    wanted: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            for part in parts[line.sku]:
                wanted[part.sku] += part.units * line.quantity
    return wanted


def on_hand(world: Scenario, source_id: str | None = None) -> Counter[str]:
    units: Counter[str] = Counter()
    for row in world.stock:
        if source_id in (None, row.source_id):
            units[row.sku] += row.units
    return units


def meters(world: Scenario, source: Source, order: Order) -> float:
    region = next(region for region in world.regions if region.region_id == order.destination.region_id)
    place = order.destination if order.destination.latitude is not None else region
    distance: float = great_circle((source.latitude, source.longitude), (place.latitude, place.longitude)).meters
    return distance


def sources_with_all(world: Scenario, order: Order) -> list[Source]:
    wanted = demand(world, order)
    return [source for source in world.sources if wanted <= on_hand(world, source.source_id)]


def region_zone(service: Service, world: Scenario, origin_id: str, destination_id: str) -> str | None:
    """The rule of `Service.region_zones` in its own words: most specific first, destination before origin."""
    zones = {(zone.destination_region_id, zone.origin_region_id): zone.zone for zone in service.region_zones}
    for destination in ancestry(world, destination_id):
        for origin in ancestry(world, origin_id):
            if (destination, origin) in zones:
                return zones[destination, origin]
    return None


def ancestry(world: Scenario, region_id: str) -> Iterator[str]:
    parents = {region.region_id: region.parent_id for region in world.regions}
    while region_id:
        yield region_id
        region_id = parents[region_id]
    yield ""


def price(world: Scenario, service_id: str, zone: str, billable_grams: int) -> int | None:
    [service] = [service for service in world.services if service.service_id == service_id]
    [rate] = [rate for rate in service.rates if rate.zone == zone]
    return rate.card.price_minor(billable_grams)


def test_the_script_reproduces_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "scenarios.make_first_light", str(tmp_path)], cwd=ROOT, check=True)
    assert digests(tmp_path) == digests(FOLDER)


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 600_000


def test_the_network_has_the_promised_size(world: Scenario) -> None:
    assert Counter(source.kind for source in world.sources) == {
        SourceKind.WAREHOUSE: 6,
        SourceKind.STORE: 170,
        SourceKind.DEALER: 90,
    }
    assert Counter(bool(region.parent_id) for region in world.regions) == {False: 31, True: 110}
    assert len(world.carriers) == len(world.services) == 4
    assert len(world.materials) == 64
    assert Counter(item.item_id.split("-")[0] for item in world.sales_items) == {"SL": 64, "SET": 16}
    assert len(world.orders) == 120
    assert {len(order.lines) for order in world.orders} == {1, 2, 3, 4, 5, 6}
    assert sum(order.destination.latitude is None for order in world.orders) == 11


def test_ids_are_unique(world: Scenario) -> None:
    for ids in (
        [region.region_id for region in world.regions],
        [source.source_id for source in world.sources],
        [source.name for source in world.sources],
        [carrier.carrier_id for carrier in world.carriers],
        [service.service_id for service in world.services],
        [material.sku for material in world.materials] + [item.item_id for item in world.sales_items],
        [(row.source_id, row.sku) for row in world.stock],
        [order.order_id for order in world.orders],
    ):
        assert [repeated for repeated, count in Counter(ids).items() if count > 1] == []


def test_places_resolve_to_regions_and_cities_to_their_provinces(world: Scenario) -> None:
    provinces = {region.region_id for region in world.regions if not region.parent_id}
    regions = {region.region_id for region in world.regions}
    for region in world.regions:
        if region.parent_id:
            assert region.parent_id in provinces
            assert region.parent_id == region.region_id[:5] + "0000"
    assert {source.region_id for source in world.sources} <= regions
    assert {order.destination.region_id for order in world.orders} <= regions


def test_goods_resolve_to_materials_and_items(world: Scenario) -> None:
    skus = {material.sku for material in world.materials}
    items = {item.item_id for item in world.sales_items}
    assert {part.sku for item in world.sales_items for part in item.parts} == skus
    assert {row.sku for row in world.stock} <= skus
    assert {row.source_id for row in world.stock} == {source.source_id for source in world.sources}
    assert {line.sku for order in world.orders for line in order.lines} <= items
    assert all(row.units > 0 for row in world.stock)
    assert all(material.weight_grams > 0 and material.volume_mm3 > 0 for material in world.materials)


def test_services_resolve_to_carriers_and_every_zone_has_one_rate(world: Scenario) -> None:
    assert [service.carrier_id for service in world.services] == [carrier.carrier_id for carrier in world.carriers]
    for service in world.services:
        zones = {zone.zone for zone in service.region_zones} | {zone.zone for zone in service.distance_zones}
        assert sorted(zones) == sorted(rate.zone for rate in service.rates), service.service_id
        assert service.currency == world.currency == "CNY"


def test_rate_cards_rise_with_weight_and_with_the_zone(world: Scenario) -> None:
    for service in world.services:
        for grams in (500, 1_000, 2_001, 3_000, 3_001, 12_000, 20_000):
            prices = [rate.card.price_minor(grams) for rate in service.rates]
            assert None not in prices
            assert prices == sorted(price for price in prices if price is not None), (service.service_id, grams)
        for rate in service.rates:
            by_weight = [rate.card.price_minor(kilograms * 1_000) or 0 for kilograms in range(1, 51)]
            assert by_weight == sorted(by_weight), (service.service_id, rate.zone)


def test_prices_are_those_of_the_four_published_shapes(world: Scenario) -> None:
    assert price(world, "yanxing-standard", "neighbour", 1_000) == 1500
    assert price(world, "yanxing-standard", "neighbour", 1_001) == 2000
    assert price(world, "tuoling-economy", "far", 3_000) == 1200
    assert price(world, "tuoling-economy", "far", 3_001) == 300 + 4 * 350
    assert price(world, "bailu-instant", "within_3_km", 5_000) == 1000
    assert price(world, "bailu-instant", "within_3_km", 5_001) == 1200
    assert price(world, "xiangtuo-freight", "same_province", 20_000) == 1500 + 20 * 80
    assert price(world, "xiangtuo-freight", "same_province", 100_001) == 3000 + 101 * 65


def test_every_province_is_reached_from_every_warehouse(world: Scenario) -> None:
    warehouses = [source for source in world.sources if source.kind is SourceKind.WAREHOUSE]
    [standard] = [service for service in world.services if service.service_id == "yanxing-standard"]
    rated = {rate.zone for rate in standard.rates}
    for province in (region for region in world.regions if not region.parent_id):
        for warehouse in warehouses:
            assert region_zone(standard, world, warehouse.region_id, province.region_id) in rated


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        ("CN-320200", "CN-320500", "same_province"),
        ("CN-320200", "CN-310100", "neighbour"),
        ("CN-310100", "CN-320200", "neighbour"),
        ("CN-320200", "CN-440000", "far"),
        ("CN-320200", "CN-420100", "middle"),
        ("CN-320200", "CN-540100", "remote"),
        ("CN-510100", "CN-540000", "remote"),  # a neighbour, and still remote
        ("CN-650100", "CN-310100", "remote"),
        ("CN-650100", "CN-653100", "same_province"),
    ],
)
def test_zones_follow_provinces(world: Scenario, origin: str, destination: str, zone: str) -> None:
    by_region = [service for service in world.services if service.region_zones]
    assert [region_zone(service, world, origin, destination) for service in by_region] == [zone] * 3


def test_zones_are_the_same_both_ways(world: Scenario) -> None:
    [standard] = [service for service in world.services if service.service_id == "yanxing-standard"]
    pairs = {(zone.origin_region_id, zone.destination_region_id): zone.zone for zone in standard.region_zones}
    assert {(destination, origin): zone for (origin, destination), zone in pairs.items()} == pairs


def test_the_courier_serves_shops_only_and_freight_serves_no_store(world: Scenario) -> None:
    kinds = {service.service_id: service.kinds for service in world.services}
    assert kinds["bailu-instant"] == (SourceKind.STORE, SourceKind.DEALER)
    assert kinds["xiangtuo-freight"] == (SourceKind.WAREHOUSE, SourceKind.DEALER)


def test_machines_bill_by_volume(world: Scenario) -> None:
    [machine] = [material for material in world.materials if material.sku == "MACHINE-AUTO"]
    [standard] = [service for service in world.services if service.service_id == "yanxing-standard"]
    assert machine.weight_grams == 9_800
    assert machine.volume_mm3 / standard.volumetric_divisor_cm3_per_kg == 12_880


def test_each_kind_of_source_keeps_its_hours(world: Scenario) -> None:
    hours = {(source.kind, source.hours.opens_minute, source.hours.closes_minute) for source in world.sources}
    assert hours == {
        (SourceKind.WAREHOUSE, 480, 1200),
        (SourceKind.STORE, 600, 1320),
        (SourceKind.DEALER, 540, 1080),
    }
    assert all((7 in source.hours.weekdays) is (source.kind is not SourceKind.DEALER) for source in world.sources)
    assert {source.time_zone for source in world.sources} == {"Asia/Shanghai"}


def test_every_warehouse_lacks_something_that_another_has(world: Scenario) -> None:
    everything = set(on_hand(world))
    for source in world.sources:
        if source.kind is SourceKind.WAREHOUSE:
            held = set(on_hand(world, source.source_id))
            assert 45 <= len(held) < len(everything) == 63, source.source_id


def test_the_most_wanted_goods_are_scarce_in_the_warehouses_but_not_in_the_network(world: Scenario) -> None:
    everyday = demand(world, *(order for order in world.orders if re.fullmatch(r"FL-\d+", order.order_id)))
    in_warehouses: Counter[str] = Counter()
    for source in world.sources:
        if source.kind is SourceKind.WAREHOUSE:
            in_warehouses += on_hand(world, source.source_id)
    for sku in ("BEAN-YUNNAN-250", "BEAN-HOUSE-250"):
        assert in_warehouses[sku] < everyday[sku] < on_hand(world)[sku]


def test_orders_are_placed_on_three_local_days_in_aware_utc_and_promised_within_three_more(world: Scenario) -> None:
    assert [order.placed_at for order in world.orders] == sorted(order.placed_at for order in world.orders)
    days = Counter(order.placed_at.astimezone(CHINA).date().isoformat() for order in world.orders)
    assert sorted(days) == ["2026-03-06", "2026-03-07", "2026-03-08"]
    assert {order.placed_at.tzinfo for order in world.orders} == {UTC}
    waits = Counter(
        (order.promised_at.astimezone(CHINA).date() - order.placed_at.astimezone(CHINA).date()).days
        for order in world.orders
        if order.promised_at is not None and order.order_id != "FL-lhasa"
    )
    assert sorted(waits) == [0, 1, 2, 3]
    assert all(order.promised_at is None or order.promised_at > order.placed_at for order in world.orders)


def test_same_day_promises_are_made_only_where_there_are_stores(world: Scenario) -> None:
    with_stores = {source.region_id for source in world.sources if source.kind is SourceKind.STORE}
    same_day = [
        order
        for order in world.orders
        if order.promised_at is not None and order.promised_at - order.placed_at < timedelta(hours=15)
    ]
    assert len(same_day) >= 8
    with_stores |= {region[:5] + "0000" for region in with_stores}
    assert {order.destination.region_id for order in same_day} <= with_stores


def test_a_store_next_door_holds_all_of_the_urgent_order(world: Scenario) -> None:
    order = order_of(world, "FL-next-door")
    nearest = min(sources_with_all(world, order), key=lambda source: meters(world, source, order))
    assert (nearest.source_id, round(meters(world, nearest, order))) == ("ST-310100-09", 422)


def test_the_split_order_finds_everything_only_far_away_and_its_parts_nearby(world: Scenario) -> None:
    order = order_of(world, "FL-split")
    assert min(meters(world, source, order) for source in sources_with_all(world, order)) > 1_200_000
    assert on_hand(world, "WH-CHENGDU")["MACHINE-AUTO"] == 4
    assert on_hand(world, "DL-510100-01")["BEAN-GEISHA-100"] == 4
    assert demand(world, order) == {"MACHINE-AUTO": 1, "BEAN-GEISHA-100": 2}


def test_two_bundles_share_a_material(world: Scenario) -> None:
    order = order_of(world, "FL-two-bundles")
    assert [line.sku for line in order.lines] == ["SET-GIFT-YUNNAN", "SET-TASTING"]
    assert demand(world, order)["BEAN-YUNNAN-250"] == 1 + 2


def test_one_order_names_the_same_sku_on_two_lines(world: Scenario) -> None:
    lines = order_of(world, "FL-same-twice").lines
    assert [(line.line_id, line.sku, line.unit_price_minor) for line in lines] == [
        ("1", "SL-CUP-TUMBLER-350", 12900),
        ("2", "SL-CUP-TUMBLER-350", 6450),
    ]


def test_the_sold_out_item_is_nowhere_and_the_other_line_is_somewhere(world: Scenario) -> None:
    wanted, held = demand(world, order_of(world, "FL-sold-out")), on_hand(world)
    assert (wanted["GIFT-SPRING-TEA"], held["GIFT-SPRING-TEA"]) == (1, 0)
    assert held["DRIP-HOUSE-10"] > wanted["DRIP-HOUSE-10"] == 2


def test_one_order_is_larger_than_all_stock(world: Scenario) -> None:
    assert demand(world, order_of(world, "FL-more-than-all")) == {"FILTER-V60-100": 2000}
    assert 0 < on_hand(world)["FILTER-V60-100"] < 2000


def test_the_heavy_order_has_a_unit_that_only_freight_carries(world: Scenario) -> None:
    weights = {material.sku: material.weight_grams for material in world.materials}
    heaviest = max(weights[sku] for sku in demand(world, order_of(world, "FL-heavy")))
    assert heaviest == 58_000
    carrying = [
        service.service_id
        for service in world.services
        if service.max_weight_grams == 0 or service.max_weight_grams >= heaviest
    ]
    assert carrying == ["xiangtuo-freight"]


def test_lhasa_has_no_source_within_a_day(world: Scenario) -> None:
    order = order_of(world, "FL-lhasa")
    assert order.destination.region_id == "CN-540100"
    assert min(meters(world, source, order) for source in world.sources) > 1_000_000


def test_nothing_was_promised_to_who_is_in_no_hurry(world: Scenario) -> None:
    assert [order.order_id for order in world.orders if order.promised_at is None] == ["FL-no-hurry"]


def test_the_evening_order_can_be_handed_over_before_its_store_closes(world: Scenario) -> None:
    order = order_of(world, "FL-before-bed")
    store = min(sources_with_all(world, order), key=lambda source: meters(world, source, order))
    ready = order.placed_at.astimezone(CHINA) + timedelta(minutes=store.lead_minutes)
    assert store.source_id == "ST-440100-03"
    assert meters(world, store, order) < 3_000
    assert ready.hour * 60 + ready.minute == 21 * 60 < store.hours.closes_minute


def test_the_sunday_order_is_nearest_to_a_dealer_that_is_closed(world: Scenario) -> None:
    order = order_of(world, "FL-sunday")
    nearest = min(world.sources, key=lambda source: meters(world, source, order))
    assert nearest in sources_with_all(world, order)
    assert (nearest.source_id, nearest.kind) == ("DL-532900-01", SourceKind.DEALER)
    assert order.placed_at.astimezone(CHINA).isoweekday() == 7


def test_no_source_holds_all_six_lines_of_the_wide_order(world: Scenario) -> None:
    order = order_of(world, "FL-wide")
    assert len(order.lines) == 6
    assert sources_with_all(world, order) == []
    assert demand(world, order) <= on_hand(world)


def test_only_two_orders_ask_for_more_than_there_is(world: Scenario) -> None:
    held = on_hand(world)
    short = [order.order_id for order in world.orders if not demand(world, order) <= held]
    assert sorted(short) == ["FL-more-than-all", "FL-sold-out"]


def test_the_example_order_is_a_line_of_the_orders_file() -> None:
    example = json.loads((FOLDER / "order.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (FOLDER / "orders.jsonl").read_text(encoding="utf-8").splitlines()]
    assert example["order_id"] == "FL-split"
    assert example in rows


def test_the_readme_tells_of_every_named_order_and_of_no_other(world: Scenario) -> None:
    told = re.findall(r"^\| `(FL-[a-z-]+)`", (FOLDER / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [order.order_id for order in world.orders if not re.fullmatch(r"FL-\d+", order.order_id)]
    assert sorted(told) == sorted(named)


def test_the_readme_counts_the_stock_rows_right(world: Scenario) -> None:
    assert f"{len(world.stock):,} rows" in (FOLDER / "README.md").read_text(encoding="utf-8")
