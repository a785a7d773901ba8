from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from solver.errors import InvalidRequest
from solver.importers.cn.options import CnOptions
from solver.importers.cn.order_lines import read_lines
from solver.importers.cn.orders import make_orders
from solver.importers.cn.places import read_gazetteer
from solver.importers.cn.products import read_products
from solver.importers.intake import Intake
from solver.orders.model import Address, Order, OrderLine
from tests.importers.data_folder import DataFolder

OrderRow = Callable[..., list[str]]


def make(folder: DataFolder, rows: list[list[str]], options: CnOptions) -> tuple[tuple[Order, ...], Intake]:
    folder.codes()
    folder.products()
    folder.orders(rows)
    intake = Intake()
    gazetteer, products = read_gazetteer(folder.root, intake), read_products(folder.root, intake)
    return make_orders(read_lines(folder.root, gazetteer, products, intake), options, intake), intake


def two_line_order(order_row: OrderRow) -> list[list[str]]:
    return [order_row(), order_row(商品编号="X014", 订购数量="1000", 订购单价="86", 金额="86000")]


def test_the_rows_of_one_code_become_one_order_at_the_centre_of_its_city(
    folder: DataFolder, order_row: OrderRow
) -> None:
    (order,), _ = make(folder, two_line_order(order_row), CnOptions(quantity_divisor=400))
    assert (order.order_id, order.currency) == ("D100", "CNY")
    assert order.destination == Address(region_id="CN-420100", text="武汉市")
    assert order.lines == (
        OrderLine(line_id="1", sku="X001", quantity=2, unit_price_minor=12_100),
        OrderLine(line_id="2", sku="X014", quantity=3, unit_price_minor=8_600),
    )


@pytest.mark.parametrize(
    ("units", "divisor", "quantity"), [(862, 1, 862), (600, 400, 2), (599, 400, 1), (7, 400, 1), (1000, 400, 3)]
)
def test_a_quantity_is_divided_half_up_and_never_below_one(
    folder: DataFolder, order_row: OrderRow, units: int, divisor: int, quantity: int
) -> None:
    row = order_row(订购数量=str(units), 金额=str(units * 121))
    (order,), _ = make(folder, [row], CnOptions(quantity_divisor=divisor))
    assert order.lines[0].quantity == quantity


def test_an_order_is_placed_by_day_and_promised_three_to_seven_days_later(
    folder: DataFolder, order_row: OrderRow
) -> None:
    rows = [order_row(订单编码=f"D{number}") for number in range(200)]
    orders, _ = make(folder, rows, CnOptions())
    midnight = datetime(2019, 3, 10, 16, tzinfo=UTC)  # 2019-03-11 00:00 in Shanghai
    opens, closes = midnight + timedelta(hours=9), midnight + timedelta(hours=22)
    assert all(opens <= order.placed_at < closes for order in orders)
    promises = {(order.promised_at - midnight) / timedelta(hours=1) for order in orders if order.promised_at}
    assert promises == {days * 24 + 18 for days in (3, 4, 5, 6, 7)}


def test_a_row_that_contradicts_its_order_is_rejected_and_the_order_kept(
    folder: DataFolder, order_row: OrderRow
) -> None:
    rows = [order_row(), order_row(商品编号="X014", 订购单价="86", 金额="74132", 客户编码="S2")]
    (order,), intake = make(folder, rows, CnOptions())
    assert [line.sku for line in order.lines] == ["X001"]
    assert [(item.line, item.reason) for item in intake.rejected if "cn_orders" in item.file] == [
        (3, "differs_from_its_order")
    ]


def test_a_product_again_at_the_same_price_is_added_up_and_at_another_price_is_a_line(
    folder: DataFolder, order_row: OrderRow
) -> None:
    rows = [
        order_row(),
        order_row(订购数量="38", 金额="4598"),
        order_row(订购数量="10", 订购单价="100", 金额="1000"),
    ]
    (order,), intake = make(folder, rows, CnOptions(quantity_divisor=1))
    assert [(line.sku, line.quantity, line.unit_price_minor) for line in order.lines] == [
        ("X001", 900, 12_100),
        ("X001", 10, 10_000),
    ]
    assert intake.repairs["line: the same product at the same price again in one order is added up"] == 1


def test_the_seed_draws_which_orders_are_taken_whatever_the_order_of_the_rows(
    folder: DataFolder, order_row: OrderRow
) -> None:
    rows = [order_row(订单编码=f"D{number}") for number in range(50)]
    first, _ = make(folder, rows, CnOptions(orders=10, seed=3))
    again, _ = make(folder, rows[::-1], CnOptions(orders=10, seed=3))
    other, _ = make(folder, rows, CnOptions(orders=10, seed=4))
    assert len(first) == 10
    assert first == again
    assert {order.order_id for order in first} != {order.order_id for order in other}
    assert list(first) == sorted(first, key=lambda order: (order.placed_at, order.order_id))


@pytest.mark.parametrize(
    ("orders", "divisor", "fields"), [(0, 400, ["orders"]), (0, 0, ["orders", "quantity_divisor"])]
)
def test_options_out_of_range_are_refused_all_at_once(orders: int, divisor: int, fields: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        CnOptions(orders=orders, quantity_divisor=divisor)
    assert [violation.field for violation in refused.value.violations] == fields
