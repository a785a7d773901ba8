"""The bundled demo network: the same bytes every time, of the promised size, every reference resolved."""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from solver.network.model import SourceKind
from tests.scenarios.world import FOLDER, ROOT, World


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in (".jsonl", ".yaml", ".json")
    }


def readme() -> str:
    return (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_script_reproduces_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "scenarios.make_first_light", str(tmp_path)], cwd=ROOT, check=True)
    assert digests(tmp_path) == digests(FOLDER)
    assert len(digests(FOLDER)) == 10


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 600_000


def test_the_network_has_the_promised_size(world: World) -> None:
    scenario = world.scenario
    assert Counter(source.kind for source in scenario.sources) == {
        SourceKind.WAREHOUSE: 6,
        SourceKind.STORE: 170,
        SourceKind.DEALER: 90,
    }
    assert Counter(bool(region.parent_id) for region in scenario.regions) == {False: 31, True: 110}
    assert len(scenario.carriers) == len(scenario.services) == 4
    assert len(scenario.materials) == 64
    assert Counter(item.item_id.split("-")[0] for item in scenario.sales_items) == {"SL": 64, "SET": 16}
    assert len(scenario.orders) == 120
    assert len(world.numbered_orders) == 108


def test_ids_are_unique(world: World) -> None:
    scenario = world.scenario
    for ids in (
        [region.region_id for region in scenario.regions],
        [source.source_id for source in scenario.sources],
        [source.name for source in scenario.sources],
        [carrier.carrier_id for carrier in scenario.carriers],
        [service.service_id for service in scenario.services],
        [material.sku for material in scenario.materials] + [item.item_id for item in scenario.sales_items],
        [(row.source_id, row.sku) for row in scenario.stock],
        [order.order_id for order in scenario.orders],
    ):
        assert [repeated for repeated, count in Counter(ids).items() if count > 1] == []


def test_places_resolve_to_regions_and_cities_to_their_provinces(world: World) -> None:
    scenario = world.scenario
    provinces = {region.region_id for region in scenario.regions if not region.parent_id}
    regions = {region.region_id for region in scenario.regions}
    for region in scenario.regions:
        if region.parent_id:
            assert region.parent_id in provinces
            assert region.parent_id == region.region_id[:5] + "0000"
    assert {source.region_id for source in scenario.sources} <= regions
    assert {order.destination.region_id for order in scenario.orders} <= regions


def test_sources_and_doors_lie_near_the_centre_of_their_city(world: World) -> None:
    # 20 km north and 20 km east for a warehouse, 13 and 13 for everyone else.
    centres = {region.region_id: region for region in world.scenario.regions}
    placed = [(source.region_id, source.latitude, source.longitude) for source in world.scenario.sources]
    for order in world.scenario.orders:
        place = order.destination
        if place.latitude is not None and place.longitude is not None:
            placed.append((place.region_id, place.latitude, place.longitude))
    assert len(placed) == 266 + 109
    for region_id, latitude, longitude in placed:
        assert abs(latitude - centres[region_id].latitude) < 0.2
        assert abs(longitude - centres[region_id].longitude) < 0.25


def test_goods_resolve_to_materials_and_items(world: World) -> None:
    scenario = world.scenario
    skus = {material.sku for material in scenario.materials}
    items = {item.item_id for item in scenario.sales_items}
    assert {part.sku for item in scenario.sales_items for part in item.parts} == skus
    assert {row.sku for row in scenario.stock} <= skus
    assert {row.source_id for row in scenario.stock} == {source.source_id for source in scenario.sources}
    assert {line.sku for order in scenario.orders for line in order.lines} <= items
    assert all(row.units > 0 for row in scenario.stock)
    assert all(material.weight_grams > 0 and material.volume_mm3 > 0 for material in scenario.materials)


def test_each_kind_of_source_keeps_its_hours_and_prices(world: World) -> None:
    kept = {
        (
            source.kind,
            source.hours.opens_minute,
            source.hours.closes_minute,
            len(source.hours.weekdays),
            source.handling_per_package_minor,
            source.handling_per_unit_minor,
        )
        for source in world.scenario.sources
    }
    assert kept == {
        (SourceKind.WAREHOUSE, 480, 1200, 7, 200, 30),
        (SourceKind.STORE, 600, 1320, 7, 350, 60),
        (SourceKind.DEALER, 540, 1080, 6, 400, 50),
    }
    assert {source.time_zone for source in world.scenario.sources} == {"Asia/Shanghai"}


def test_every_warehouse_lacks_something_that_another_place_has(world: World) -> None:
    everything = set(world.on_hand())
    assert len(everything) == 63
    for warehouse in world.warehouses:
        assert 45 <= len(world.on_hand([warehouse])) < 63, warehouse.source_id


def test_the_most_wanted_goods_are_scarce_in_the_warehouses_but_not_in_the_network(world: World) -> None:
    wanted = world.demand(*world.numbered_orders)
    for sku in ("BEAN-YUNNAN-250", "BEAN-HOUSE-250"):
        assert world.on_hand(world.warehouses)[sku] < wanted[sku] < world.on_hand()[sku]


def test_the_example_order_is_a_line_of_the_orders_file() -> None:
    example = json.loads((FOLDER / "order.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (FOLDER / "orders.jsonl").read_text(encoding="utf-8").splitlines()]
    assert example["order_id"] == "FL-split"
    assert example in rows


def test_the_readme_tells_of_every_named_order_and_of_no_other(world: World) -> None:
    told = re.findall(r"^\| `(FL-[a-z-]+)`", readme(), flags=re.MULTILINE)
    named = set(world.scenario.orders) - set(world.numbered_orders)
    assert sorted(told) == sorted(order.order_id for order in named)


def test_the_readme_counts_right(world: World) -> None:
    without_coordinates = sum(order.destination.latitude is None for order in world.scenario.orders)
    assert f"{len(world.scenario.stock):,} rows" in readme()
    assert f"{without_coordinates} of them give a region and no coordinates" in readme()
