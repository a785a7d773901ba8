from collections.abc import Callable
from datetime import date

import pytest

from solver.importers.cn.order_lines import FILE, CleanLine, read_lines
from solver.importers.cn.places import read_gazetteer
from solver.importers.cn.products import read_products
from solver.importers.intake import Intake
from solver.importers.result import Rejection
from tests.importers.data_folder import DataFolder

OrderRow = Callable[..., list[str]]


def read(folder: DataFolder, *rows: list[str]) -> tuple[list[CleanLine], Intake]:
    """The lines of these rows, with an account of the reading of the orders alone."""
    folder.codes()
    folder.products()
    folder.orders(rows)
    before, intake = Intake(), Intake()
    gazetteer, products = read_gazetteer(folder.root, before), read_products(folder.root, before)
    return list(read_lines(folder.root, gazetteer, products, intake)), intake


def test_a_good_row_passes_untouched(folder: DataFolder, order_row: OrderRow) -> None:
    (line,), intake = read(folder, order_row())
    assert (line.order_id, line.ordered_on, line.customer, line.place.code) == (
        "D100",
        date(2019, 3, 11),
        "S1",
        "420100",
    )
    assert (line.sku, line.units, line.unit_price_minor) == ("X001", 862, 12_100)
    assert (intake.rejected, dict(intake.repairs), dict(intake.reads)) == ([], {}, {FILE: 1})


@pytest.mark.parametrize(
    ("changes", "field", "value", "rule"),
    [
        (
            {"订单日期": "2019#3#11"},
            "ordered_on",
            date(2019, 3, 11),
            "order date: other separators read as hyphens (2019#3#11)",
        ),
        ({"订购数量": "862个"}, "units", 862, "quantity: counting word removed (1473个)"),
        ({"订购单价": "121元"}, "unit_price_minor", 12_100, "unit price: currency word removed (86元)"),
        (
            {"商品编号": "X014", "订购单价": "", "金额": ""},
            "unit_price_minor",
            8_600,
            "unit price: missing, the list price stands in",
        ),
        (
            {"订购单价": ""},
            "unit_price_minor",
            12_100,
            "unit price: missing, amount divided by quantity",
        ),
        ({"金额": ""}, "unit_price_minor", 12_100, "amount: missing, quantity and price say it"),
        (
            {"订单编码": "订单号D100"},
            "order_id",
            "D100",
            "order code: text around D and its digits removed (订单号D24342)",
        ),
        ({"所在区域": "西 区"}, "customer", "S1", "sales region: inner space ignored (西 区)"),
        (
            {"所在区域": "男区"},
            "customer",
            "S1",
            "sales region: missing or unknown (男区) and ignored, the city decides",
        ),
    ],
)
def test_a_repair_gives_the_value_and_is_counted(
    folder: DataFolder, order_row: OrderRow, changes: dict[str, str], field: str, value: object, rule: str
) -> None:
    (line,), intake = read(folder, order_row(**changes))
    assert getattr(line, field) == value
    assert dict(intake.repairs) == {rule: 1}
    assert intake.rejected == []


@pytest.mark.parametrize(
    ("province", "city", "code", "rule"),
    [
        ("", "武汉市", "420100", "province: missing, taken from the city"),
        (
            "海南省",
            "海南省直辖",
            "460000",
            "city: counties under the province (海南省直辖) go to the province itself",
        ),
        (
            "贵州省",
            "黔南州",
            "522700",
            "city: short, old or merged name read as today's (黔南州, 哈密地区, 莱芜市)",
        ),
        (
            "山东省",
            "莱芜市",
            "370100",
            "city: short, old or merged name read as today's (黔南州, 哈密地区, 莱芜市)",
        ),
        (
            "新疆维吾尔自治区",
            "哈密地区",
            "650500",
            "city: short, old or merged name read as today's (黔南州, 哈密地区, 莱芜市)",
        ),
    ],
)
def test_a_place_name_is_mended_to_the_region_it_means_today(
    folder: DataFolder, order_row: OrderRow, province: str, city: str, code: str, rule: str
) -> None:
    (line,), intake = read(folder, order_row(所在省份=province, 所在地市=city))
    assert line.place.code == code
    assert dict(intake.repairs) == {rule: 1}


def test_a_municipality_needs_no_repair(folder: DataFolder, order_row: OrderRow) -> None:
    (line,), intake = read(folder, order_row(所在省份="北京市", 所在地市="北京市"))
    assert line.place.region_id == "CN-110100"
    assert dict(intake.repairs) == {}


@pytest.mark.parametrize(
    ("changes", "reason", "text"),
    [
        ({"商品编号": "X999"}, "unknown_sku", "商品编号=X999"),
        ({"商品编号": ""}, "unknown_sku", "商品编号="),
        ({"订购数量": "0"}, "unreadable_quantity", "订购数量=0"),
        ({"订购数量": "-5"}, "unreadable_quantity", "订购数量=-5"),
        ({"订购数量": ""}, "unreadable_quantity", "订购数量="),
        ({"订购数量": "3箱"}, "unreadable_quantity", "订购数量=3箱"),
        ({"订购单价": "贵"}, "unreadable_price", "订购单价=贵"),
        ({"金额": "很多"}, "unreadable_amount", "金额=很多"),
        ({"金额": "104301"}, "amount_is_not_quantity_times_price", "金额=104301"),
        ({"订单日期": "2019-13-01"}, "unreadable_date", "订单日期=2019-13-01"),
        ({"订单日期": "2019#3-11"}, "unreadable_date", "订单日期=2019#3-11"),
        ({"订单日期": "2050-06-09 00:00:00"}, "date_outside_2019", "订单日期=2050-06-09 00:00:00"),
        ({"订单编码": "无"}, "unreadable_order_code", "订单编码=无"),
        ({"订单编码": "D1 D2"}, "unreadable_order_code", "订单编码=D1 D2"),
        ({"所在省份": "火星省"}, "unknown_place", "所在省份=火星省"),
        ({"所在省份": "", "所在地市": "某市"}, "unknown_place", "所在地市=某市"),
        ({"所在地市": "广州市"}, "unknown_place", "所在省份=湖北省 所在地市=广州市"),
    ],
)
def test_a_row_that_cannot_be_mended_is_rejected_and_changes_nothing_else(
    folder: DataFolder, order_row: OrderRow, changes: dict[str, str], reason: str, text: str
) -> None:
    lines, intake = read(folder, order_row(), order_row(**({"所在区域": "西 区"} | changes)))
    assert [line.row.line for line in lines] == [2]
    assert intake.rejected == [Rejection(file=FILE, line=3, reason=reason, text=text)]
    assert dict(intake.repairs) == {}, "a rejected row counts no repair"


def test_an_identical_row_is_rejected_once_for_each_repetition(folder: DataFolder, order_row: OrderRow) -> None:
    lines, intake = read(folder, order_row(), order_row(订购数量="10", 金额="1210"), order_row(), order_row())
    assert [line.units for line in lines] == [862, 10]
    assert [(item.line, item.reason) for item in intake.rejected] == [(4, "duplicate_row"), (5, "duplicate_row")]


def test_a_row_with_too_few_values_is_rejected(folder: DataFolder, order_row: OrderRow) -> None:
    lines, intake = read(folder, order_row()[:-1])
    assert lines == []
    assert [(item.line, item.reason) for item in intake.rejected] == [(2, "ragged_row")]
