from datetime import UTC, datetime

from solver.importers.cn.stock import make_stock
from solver.importers.cn.warehouses import SHARES_PERCENT
from solver.network.model import Source, SourceKind
from solver.orders.model import Address, Order, OrderLine
from solver.scenario.model import OpeningStock


def source(source_id: str, kind: SourceKind, region_id: str) -> Source:
    return Source(source_id=source_id, name="", kind=kind, region_id=region_id, latitude=0.0, longitude=0.0)


WAREHOUSES = [source(f"w-{region_id}", SourceKind.WAREHOUSE, region_id) for region_id in SHARES_PERCENT]
SHOPS = [source(f"s-{number:03}", SourceKind.STORE, "CN-110100") for number in range(300)]


def orders(skus: int, units: int) -> list[Order]:
    """Ten orders, each with one line of `units` of every SKU."""
    lines = tuple(OrderLine(line_id=str(at), sku=f"X{at:03}", quantity=units) for at in range(skus))
    placed_at = datetime(2019, 3, 1, tzinfo=UTC)
    to = Address(region_id="CN-110100")
    return [
        Order(order_id=f"D{at}", currency="CNY", placed_at=placed_at, destination=to, lines=lines) for at in range(10)
    ]


def by_sku(rows: tuple[OpeningStock, ...], prefix: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        if row.source_id.startswith(prefix):
            found[row.sku] = found.get(row.sku, 0) + row.units
    return found


def test_shops_hold_35_percent_of_what_is_ordered_unless_the_sku_is_short() -> None:
    rows = make_stock(orders(200, 10), WAREHOUSES, SHOPS, seed=1)
    in_shops, in_warehouses = by_sku(rows, "s-"), by_sku(rows, "w-")
    assert set(in_shops.values()) == {35}
    short = {f"X{at:03}" for at in range(200)} - in_shops.keys()
    assert 0 < len(short) < 30
    assert all(in_warehouses.get(sku, 0) <= 32 for sku in short)
    assert all(units <= 101 for units in in_warehouses.values())


def test_a_warehouse_that_carries_a_sku_holds_its_share() -> None:
    rows = make_stock(orders(200, 10), WAREHOUSES, [], seed=1)
    units = {row.units for row in rows if row.source_id == "w-CN-320200"}
    assert units == {30, 9}  # 30 % of 100 units, and of the 30 of a short SKU
    carried = sum(row.source_id == "w-CN-320200" for row in rows)
    assert 140 <= carried <= 180


def test_a_lot_in_a_shop_is_at_most_three_usual_lines_so_raw_quantities_are_stocked_as_well() -> None:
    rows = make_stock(orders(20, 862), WAREHOUSES, SHOPS, seed=1)
    lots = {row.units for row in rows if row.source_id.startswith("s-")}
    assert lots <= {862, 1724, 2586, 431, 1293, 2155}  # lots of 1 to 3 lines, and what is left of 3017 after some
    assert set(by_sku(rows, "s-").values()) == {3017}  # 35 % of 8620


def test_stock_depends_on_the_seed_and_not_on_the_order_of_orders() -> None:
    asked = orders(20, 3)
    assert make_stock(asked, WAREHOUSES, SHOPS, seed=1) == make_stock(asked[::-1], WAREHOUSES, SHOPS, seed=1)
    assert make_stock(asked, WAREHOUSES, SHOPS, seed=1) != make_stock(asked, WAREHOUSES, SHOPS, seed=2)
