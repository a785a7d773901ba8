"""Both importers on the real data sets, which are not part of the repository."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from solver.catalog.validate import check_material
from solver.errors import Violations
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.importers.result import ImportResult, write_import
from solver.network.lanes import lanes_to
from solver.network.network import Network
from solver.network.validate import check_region, check_service, check_source
from solver.network.zones import Zoning
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario

Import = Callable[[Path], ImportResult]
SETS: dict[str, Import] = {
    "olist": lambda data: import_olist(data, OlistOptions()),
    "cn": lambda data: import_cn(data, CnOptions()),
    "cn raw": lambda data: import_cn(data, CnOptions(quantity_divisor=1, orders=1_000)),
}


@cache
def imported(name: str, data: Path) -> ImportResult:
    return SETS[name](data)


@pytest.fixture(params=SETS)
def result(request: pytest.FixtureRequest, real_data: Path) -> ImportResult:
    return imported(request.param, real_data)


@pytest.mark.parametrize("name", SETS)
def test_a_thousand_orders_and_more_read_back_equal_and_the_same_bytes(
    name: str, real_data: Path, tmp_path: Path
) -> None:
    first = imported(name, real_data)
    write_import(first, tmp_path / "a")
    write_import(SETS[name](real_data), tmp_path / "b")
    assert len(first.scenario.orders) >= 1_000
    assert read_scenario(tmp_path / "a") == first.scenario
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_every_rejection_names_a_file_that_was_read_a_line_and_a_reason(result: ImportResult) -> None:
    rows = dict(result.read_counts)
    assert result.rejected
    assert all(item.reason.isidentifier() and item.text for item in result.rejected)
    # cells that span lines make a file longer than its rows
    assert all(2 <= item.line <= rows[item.file] + 100 for item in result.rejected)


def test_every_reference_resolves_and_nothing_unused_is_written(result: ImportResult) -> None:
    scenario = result.scenario
    regions = {region.region_id for region in scenario.regions}
    sources = {source.source_id for source in scenario.sources}
    skus = {material.sku for material in scenario.materials}
    assert {region.parent_id for region in scenario.regions} <= regions | {""}
    assert {source.region_id for source in scenario.sources} <= regions
    assert {order.destination.region_id for order in scenario.orders} <= regions
    assert {line.sku for order in scenario.orders for line in order.lines} == skus
    assert {row.sku for row in scenario.stock} <= skus
    assert {row.source_id for row in scenario.stock} == sources
    assert_services_resolve(scenario, regions)
    for ids in (regions, sources, skus):
        assert "" not in ids
    assert len(sources) == len(scenario.sources)
    assert len({order.order_id for order in scenario.orders}) == len(scenario.orders)


def assert_services_resolve(scenario: Scenario, regions: set[str]) -> None:
    carriers = {carrier.carrier_id for carrier in scenario.carriers}
    for service in scenario.services:
        zones = {pair.zone for pair in service.region_zones} | {step.zone for step in service.distance_zones}
        assert zones == {rate.zone for rate in service.rates}
        assert service.carrier_id in carriers
        for pair in service.region_zones:
            assert {pair.origin_region_id, pair.destination_region_id} <= regions


def test_every_noun_passes_the_checks_that_a_callers_would(result: ImportResult) -> None:
    scenario, violations = result.scenario, Violations()
    regions = {region.region_id for region in scenario.regions}
    carriers = {carrier.carrier_id for carrier in scenario.carriers}
    calendars = {calendar.calendar_id for calendar in scenario.calendars}
    for region in scenario.regions:
        check_region(region, regions, region.region_id, violations)
    for source in scenario.sources:
        check_source(source, regions, source.source_id, violations, calendars=calendars)
    for service in scenario.services:
        check_service(service, carriers, regions, service.service_id, violations)
    for material in scenario.materials:
        check_material(material, material.sku, violations)
    assert violations.found == []


def test_every_line_can_be_carried_whole_from_a_source_that_stocks_its_product(result: ImportResult) -> None:
    scenario = result.scenario
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
    )
    materials = {material.sku: material for material in scenario.materials}
    holders: dict[str, set[str]] = {}
    for row in scenario.stock:
        holders.setdefault(row.sku, set()).add(row.source_id)
    for order in scenario.orders[::50]:
        place = network.place(order.destination)
        for line in order.lines:
            if line.sku not in holders:  # sold out everywhere: a part of what is assumed
                continue
            lanes, _ = lanes_to(network, place, placed_at=order.placed_at, source_ids=holders[line.sku])
            grams = materials[line.sku].weight_grams * line.quantity
            mm3 = materials[line.sku].volume_mm3 * line.quantity
            assert any(lane.freight_minor(grams, mm3) is not None for lane in lanes), (order.order_id, line.line_id)


def test_a_small_part_of_the_units_is_not_in_stock_anywhere(result: ImportResult) -> None:
    asked, held = Counter[str](), Counter[str]()
    for order in result.scenario.orders:
        for line in order.lines:
            asked[line.sku] += line.quantity
    for row in result.scenario.stock:
        held[row.sku] += row.units
    missing = sum(max(0, units - held[sku]) for sku, units in asked.items())
    assert 0 < missing * 10 < asked.total()


def test_numbers_are_in_range_and_times_in_order(result: ImportResult) -> None:
    scenario = result.scenario
    assert all(row.units > 0 for row in scenario.stock)
    assert all(material.weight_grams > 0 and material.volume_mm3 > 0 for material in scenario.materials)
    assert all(line.quantity > 0 and line.unit_price_minor > 0 for o in scenario.orders for line in o.lines)
    for order in scenario.orders:
        assert order.promised_at is not None
        assert order.promised_at > order.placed_at
        assert order.placed_at.utcoffset() == order.promised_at.utcoffset()
    placed = [order.placed_at for order in scenario.orders]
    assert placed == sorted(placed)


def test_the_chinese_orders_are_dirty_in_the_ways_that_are_known(real_data: Path) -> None:
    result = imported("cn", real_data)
    repairs = dict(result.repairs)
    assert repairs["order date: other separators read as hyphens (2019#3#11)"] == 1762
    assert repairs["sales region: inner space ignored (西 区)"] == 691
    assert repairs["unit price: currency word removed (86元)"] == 1
    orders = [(item.line, item.reason) for item in result.rejected if "sales_orders" in item.file]
    assert orders == [
        (12565, "date_outside_2019"),
        (19062, "unknown_sku"),
        (19063, "duplicate_row"),
        (19064, "duplicate_row"),
        (19065, "duplicate_row"),
    ]


@pytest.mark.parametrize(
    ("service_id", "destination", "grams", "price_minor"),
    [
        ("sf-standard", ("CN-420100", "CN-420000"), 3_200, 1_240),  # 7 + 3 x 1.8 to Hubei
        ("sf-standard", ("CN-650100", "CN-650000"), 2_500, 2_800),  # 12 + 2 x 8 to Xinjiang
        ("sto-standard", ("CN-440100", "CN-440000"), 2_500, 450),
        ("sto-standard", ("CN-440100", "CN-440000"), 4_000, 1_070),  # 3.5 + 4 x 1.8 to Guangdong
        ("sto-standard", ("CN-650100", "CN-650000"), 800, 1_550),  # 3.5 + 1 x 12
        ("ane-standard", ("CN-530100", "CN-530000"), 10_000, 4_250),  # 5 + 15 x 2.5 to Kunming
        ("ane-timed", ("CN-530100", "CN-530000"), 20_000, 6_100),  # 5 + 20 x 2.8
        ("xinliang-freight", ("CN-420100", "CN-420000"), 60_000, 7_200),  # 60 x 1.2 to Wuhan
        ("xinliang-freight", ("CN-330100", "CN-330000"), 40_000, 3_000),
        ("xinliang-freight", ("CN-330100", "CN-330000"), 250_000, 12_500),  # 250 x 0.5 to Hangzhou
    ],
)
def test_a_package_from_wuxi_costs_what_the_real_card_says(
    real_data: Path, service_id: str, destination: tuple[str, ...], grams: int, price_minor: int
) -> None:
    services = {service.service_id: service for service in imported("cn", real_data).scenario.services}
    service = services[service_id]
    zone = Zoning.of(service).zone(("CN-320200", "CN-320000"), destination, 0)
    card = next(rate.card for rate in service.rates if rate.zone == zone)
    assert card.price_minor(max(grams, service.min_billable_grams)) == price_minor


def test_the_brazilian_orders_that_were_called_off_stay_out(real_data: Path) -> None:
    result = imported("olist", real_data)
    reasons = [item.reason for item in result.rejected]
    assert reasons.count("order_canceled") == 60
    assert reasons.count("order_unavailable") == 47
    assert reasons.count("coordinates_outside_brazil") == 9
