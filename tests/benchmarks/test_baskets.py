"""Wide baskets from a small made-up file of the same shape."""

import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.baskets import INVOICES, STORES, TOWNS, WAREHOUSES, drawn, read_baskets, single_units
from solver.network.model import SourceKind

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
ROWS = (
    "1,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
    "1,85123a,HEART,4,2010-12-01 08:26:00,2.50,17850,United Kingdom",
    "1,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850,United Kingdom",
    "1,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850,United Kingdom",
    "C2,71053,LANTERN,-2,2010-12-01 08:26:00,3.39,17850,United Kingdom",
    "3,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850,France",
    "4,71053,LANTERN,2,2010-12-01 08:26:00,0.00,17850,United Kingdom",
    "5,71053,LANTERN,8,2010-12-02 10:00:00,3.39,17850,United Kingdom",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    towns = [f"{n},T{n},{51 + n / 50},{-1 - n / 50},GB,{60_000 + n},Europe/London,ENG" for n in range(60)]
    _write(tmp_path / INVOICES, (HEADER, *ROWS))
    _write(tmp_path / TOWNS, ("geonameid,name,latitude,longitude,countrycode,population,timezone,admin1code", *towns))
    return tmp_path


def _write(path: Path, lines: tuple[str, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def test_only_british_sales_of_products_become_orders_and_rows_of_a_product_one_line(data: Path) -> None:
    orders = {order.order_id: order for order in read_baskets(data, 1).orders}
    assert sorted(orders) == ["1", "5"]
    assert [(line.sku, line.quantity, line.unit_price_minor) for line in orders["1"].lines] == [
        ("85123A", 10, 250),
        ("71053", 2, 339),
    ]
    assert orders["1"].placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)


def test_the_world_around_them_comes_from_the_seed_alone(data: Path) -> None:
    assert read_baskets(data, 1) == read_baskets(data, 1)
    assert read_baskets(data, 1).stock != read_baskets(data, 2).stock


def test_warehouses_stand_in_the_largest_towns_and_stores_in_others(data: Path) -> None:
    sources = read_baskets(data, 1).sources
    assert Counter(source.kind for source in sources) == {SourceKind.WAREHOUSE: WAREHOUSES, SourceKind.STORE: STORES}
    assert {source.name for source in sources[:WAREHOUSES]} == {"T55", "T56", "T57", "T58", "T59"}
    assert len({source.name for source in sources}) == WAREHOUSES + STORES


def test_orders_are_drawn_by_their_number_of_lines(data: Path) -> None:
    scenario = read_baskets(data, 1)
    assert [order.order_id for order in drawn(scenario, range(2, 5), 10, 1)] == ["1"]
    assert [line.quantity for line in single_units(scenario.orders[0]).lines] == [1, 1]
