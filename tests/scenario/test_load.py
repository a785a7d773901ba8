"""Loading a scenario: in portions, parents first, once, and on from where it was cut short."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, RequestIdReused
from solver.fulfilment.stockroom import Stockroom
from solver.network.calendar import Calendar
from solver.network.model import Region
from solver.network.transfer import Transfer
from solver.scenario.batches import batches
from solver.scenario.load import load, load_if_empty
from solver.scenario.model import OpeningStock, Scenario
from solver.storage.requests_forgotten import RequestsForgotten
from tests.made_world import GROUND, MATERIALS, MONDAY_AT_8, REGIONS, SERVICES, SOURCES, STOCK, made_world

MANY_SKUS = tuple(replace(MATERIALS[0], sku=f"SKU-{number:04}") for number in range(1500))
MUCH_STOCK = tuple(OpeningStock(source_id="W-EAST", sku=material.sku, units=2) for material in MANY_SKUS)
LARGE = made_world(materials=MANY_SKUS, sales_items=(), stock=MUCH_STOCK)


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    opened = Application.open(tmp_path, ManualClock(MONDAY_AT_8))
    yield opened
    opened.close()


def contents(application: Application) -> dict[str, Any]:
    with application.database.read() as reader:
        tables = ("document", "request", "journal_entry", "journal_account", "journal_transfer")
        return {table: reader.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def on_hand(application: Application) -> dict[tuple[str, str], int]:
    with application.database.read() as reader:
        return {(level.site_id, level.sku): level.on_hand for level in application.stock.levels(reader)}


def test_portions_hold_at_most_a_thousand_rows_and_fifty_tariffs_in_the_order_of_reference() -> None:
    services = tuple(replace(GROUND, service_id=f"V{number:03}") for number in range(120))
    sizes = [(noun, len(rows)) for noun, rows in batches(replace(LARGE, services=services))]
    assert sizes == [
        ("regions", 4), ("carriers", 2), ("services", 50), ("services", 50), ("services", 20), ("sources", 3),
        ("materials", 1000), ("materials", 500), ("stock", 1000), ("stock", 500),
    ]  # fmt: skip


def test_calendars_come_before_those_who_follow_them_and_transfers_after_their_sources(
    application: Application,
) -> None:
    calendar = Calendar(calendar_id="CN", closed_days=(date(2026, 10, 1),))
    transfer = Transfer(from_source_id="W-EAST", to_source_id="S-EAST", transit_minutes=60)
    sources = tuple(replace(source, calendar_id="CN") for source in SOURCES)
    load(application, made_world(calendars=(calendar,), transfers=(transfer,), sources=sources))
    network = application.network.network
    assert dict(network.calendars) == {"CN": calendar}
    assert dict(network.transfers) == {("W-EAST", "S-EAST"): transfer}
    assert {source.calendar_id for source in network.sources.values()} == {"CN"}


def test_every_row_is_in_one_portion(application: Application) -> None:
    rows = [row for noun, portion in batches(LARGE) if noun == "stock" for row in portion]
    assert tuple(rows) == MUCH_STOCK


def test_parents_come_before_their_children_also_over_portions(application: Application) -> None:
    chain = [
        Region(region_id=f"R{number:04}", name="", latitude=0, longitude=0, parent_id=f"R{number + 1000:04}")
        for number in range(1000)
    ]
    roots = [Region(region_id=f"R{number + 1000:04}", name="", latitude=0, longitude=0) for number in range(1000)]
    scenario = Scenario(name="deep", title="", currency="CNY", regions=(*chain, *roots))
    first, second = (rows for _, rows in batches(scenario))
    assert {region.parent_id for region in first} == {""}
    assert {region.parent_id for region in second} == {region.region_id for region in first}
    load(application, scenario)
    assert application.network.network.province_id("R0007") == "R1007"


def test_regions_in_a_loop_are_refused_and_not_left_out(application: Application) -> None:
    looping = (*REGIONS, Region(region_id="A", name="", latitude=0, longitude=0, parent_id="B"),
               Region(region_id="B", name="", latitude=0, longitude=0, parent_id="A"))  # fmt: skip
    before = contents(application)
    with pytest.raises(InvalidRequest, match="lies in itself by way of"):
        load(application, made_world(regions=looping))
    assert contents(application) == before


def test_everything_is_there_after_loading_and_loading_again_changes_nothing(application: Application) -> None:
    load(application, made_world())
    network, catalog = application.network.network, application.catalog.catalog
    assert set(network.regions.values()) == set(REGIONS)
    assert set(network.sources.values()) == set(SOURCES)
    assert set(network.services.values()) == set(SERVICES)
    assert set(catalog.materials.values()) == {replace(one, version=1) for one in MATERIALS}
    assert on_hand(application) == {(one.source_id, one.sku): one.units for one in STOCK}
    before = contents(application)
    load(application, made_world())
    assert contents(application) == before


def test_another_version_of_a_loaded_scenario_is_refused(application: Application) -> None:
    load(application, made_world())
    before = contents(application)
    with pytest.raises(RequestIdReused):
        load(application, made_world(stock=STOCK[:3]))
    assert contents(application) == before


def test_an_empty_database_is_loaded_once(application: Application) -> None:
    assert load_if_empty(application, made_world()) is True
    before = contents(application)
    assert load_if_empty(application, made_world()) is False
    assert load_if_empty(application, made_world(stock=STOCK[:3])) is False
    assert load_if_empty(application, LARGE) is False
    assert contents(application) == before


def test_a_database_is_not_loaded_again_once_its_loading_is_long_ago(application: Application) -> None:
    assert load_if_empty(application, made_world()) is True
    clock = ManualClock(MONDAY_AT_8 + timedelta(days=400))
    assert RequestsForgotten(application.database, clock, rest=lambda _: None).forget(timedelta(days=365)) > 2
    before = contents(application)
    assert load_if_empty(application, made_world()) is False
    assert contents(application) == before


def test_a_database_with_regions_of_its_own_is_left_alone(application: Application) -> None:
    load(application, Scenario(name="mine", title="", currency="CNY", regions=REGIONS[:1]))
    before = contents(application)
    assert load_if_empty(application, made_world()) is False
    assert contents(application) == before


@pytest.mark.parametrize("portions", range(1, 8))
def test_a_load_that_was_cut_short_goes_on_where_it_stopped(
    application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portions: int
) -> None:
    """Eight portions: regions, carriers, services, sources, two of materials, two of stock."""
    kinds = [noun for noun, _ in batches(LARGE)]
    assert len(kinds) == 8
    _cut_after(application, monkeypatch, portions)
    with pytest.raises(KeyboardInterrupt):
        load_if_empty(application, LARGE)
    monkeypatch.undo()
    application.close()

    again = Application.open(tmp_path, ManualClock(MONDAY_AT_8))
    try:
        assert load_if_empty(again, LARGE) is True
        assert on_hand(again) == {(one.source_id, one.sku): 2 for one in MUCH_STOCK}
        assert load_if_empty(again, LARGE) is False
    finally:
        again.close()


def _cut_after(application: Application, monkeypatch: pytest.MonkeyPatch, portions: int) -> None:
    left = portions

    def counted(method: Any) -> Any:
        def call(*arguments: Any) -> Any:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return method(*arguments)

        return call

    stores = [
        (type(application.network), ("upsert_regions", "upsert_carriers", "upsert_services", "upsert_sources")),
        (type(application.catalog), ("upsert_materials", "upsert_sales_items")),
        (Stockroom, ("receive",)),
    ]
    for kind, names in stores:
        for name in names:
            monkeypatch.setattr(kind, name, counted(getattr(kind, name)))
