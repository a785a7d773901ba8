"""An order history of one's own: which order comes of which rows, and what becomes of rows that are not sound."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.errors import InvalidRequest, Violations
from solver.importers.order_history.guess import guess_mapping
from solver.importers.order_history.importer import import_history, survey_history
from solver.importers.order_history.mapping import (
    Assumed,
    Columns,
    FreightPer,
    HistoryMapping,
    StockRule,
    check_mapping,
)
from solver.importers.result import write_import
from solver.orders.shipment import Shipment
from solver.scenario.files import read_scenario
from tests.importers.history_network import COLUMNS, HEADING, MAPPING, NETWORK, written

SHIPPED = replace(COLUMNS, shipped_from="from", shipped_at="left", arrived_at="came", freight="freight", carrier="by")
SHIPPED_HEADING = f"{HEADING},from,left,came,freight,by"


def stock_of(folder: Path, mapping: HistoryMapping, *rows: str) -> dict[tuple[str, str], int]:
    result, _ = import_history([written(folder, *rows, heading=SHIPPED_HEADING)], mapping, NETWORK)
    return {(row.source_id, row.sku): row.units for row in result.scenario.stock}


def faults(path: Path, mapping: HistoryMapping = MAPPING) -> list[str]:
    return survey_history([path], mapping, NETWORK).faults.told()


def test_rows_of_one_id_are_the_lines_of_an_order_wherever_they_stand(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "B,2026-03-02 09:00,TEA,1,广东省,深圳市",
        "A,2026-03-02 08:00,SET,2,江苏,苏州",
        "B,2026-03-02 09:00,NEW,3,广东省,深圳市",
    )
    scenario = import_history([path], MAPPING, NETWORK)[0].scenario
    first, second = scenario.orders
    assert (first.order_id, first.placed_at, first.destination.region_id) == (
        "A", datetime(2026, 3, 2, tzinfo=UTC), "JS-SZ",
    )  # fmt: skip
    assert [(line.line_id, line.sku, line.quantity) for line in second.lines] == [("1", "TEA", 1), ("2", "NEW", 3)]
    assert {row.sku: row.weight_grams for row in scenario.materials} == {"TEA": 100, "CUP": 300, "NEW": 500}
    assert [item.item_id for item in scenario.sales_items] == ["SET"]


def test_what_is_made_is_read_back_as_a_sound_scenario(tmp_path: Path) -> None:
    path = written(tmp_path, "A,2026-03-02 08:00,SET,2,江苏,苏州")
    result, _ = import_history([path], MAPPING, NETWORK)
    write_import(result, tmp_path / "out")
    assert read_scenario(tmp_path / "out") == result.scenario
    assert result.scenario.assumptions == (
        "Network, tariffs and policy are those of the scenario two_provinces.",
        "Times without an offset are of Asia/Shanghai.",
        "Opening stock is assumed: each source has 100 % of the units that it shipped; of what nobody is known to have "
        "shipped, there are 100 % of the units ordered, shared alike by 2 sources (EAST, SOUTH).",
        "Orders were promised no time: none is late.",
        "Prices are not told: lost sales come to nothing.",
        "Destinations lie at the centre of their region.",
        "Nothing comes in while the orders are placed.",
    )


def test_what_was_shipped_is_history_package_by_package(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A,2026-03-02 08:00,SET,2,江苏,苏州,华东仓,2026-03-02 12:00,2026-03-03 12:00,12.50,顺丰",
        "A,2026-03-02 08:00,TEA,1,江苏,苏州,华东仓,2026-03-02 12:00,2026-03-03 12:00,12.50,顺丰",
        "A,2026-03-02 08:00,CUP,1,江苏,苏州,SOUTH,,,,邮政",
        heading=SHIPPED_HEADING,
    )
    east, south = import_history([path], replace(MAPPING, columns=SHIPPED), NETWORK)[0].scenario.history
    assert east == Shipment(
        order_id="A",
        source_id="EAST",
        carrier_id="sf",
        units={"TEA": 5, "CUP": 2},
        shipped_at=datetime(2026, 3, 2, 4, tzinfo=UTC),
        arrived_at=datetime(2026, 3, 3, 4, tzinfo=UTC),
        freight_minor=1_250,
    )
    assert south == Shipment(order_id="A", source_id="SOUTH", carrier_id="邮政", units={"CUP": 1})


def test_freight_of_lines_is_added_up_and_unknown_where_one_does_not_say_it(tmp_path: Path) -> None:
    rows = (
        "A,2026-03-02 08:00,TEA,2,江苏,苏州,EAST,,,1,",
        "A,2026-03-02 08:00,CUP,1,江苏,苏州,EAST,,,2,",
        "B,2026-03-02 08:00,TEA,2,江苏,苏州,EAST,,,1,",
        "B,2026-03-02 08:00,CUP,1,江苏,苏州,EAST,,,,",
    )
    path = written(tmp_path, *rows, heading=SHIPPED_HEADING)
    mapping = replace(MAPPING, columns=SHIPPED, freight_per=FreightPer.LINE)
    history = import_history([path], mapping, NETWORK)[0].scenario.history
    assert [one.freight_minor for one in history] == [300, None]


PRICED = replace(COLUMNS, unit_price="price", tax="tax")


def test_list_prices_and_tax_are_those_of_all_units_of_a_line(tmp_path: Path) -> None:
    rows = ("A,2026-03-02 08:00,TEA,3,江苏,苏州,10.00,12.00,3.45", "A,2026-03-02 08:00,CUP,1,江苏,苏州,5.00,,")
    path = written(tmp_path, *rows, heading=f"{HEADING},price,list,tax")
    of_unit = replace(MAPPING, columns=replace(PRICED, list_price="list"))
    of_all = replace(MAPPING, columns=replace(PRICED, list_amount="list"))
    for mapping, list_minor in ((of_unit, 3_600), (of_all, 1_200)):
        result, _ = import_history([path], mapping, NETWORK)
        [order] = result.scenario.orders
        assert [(line.unit_price_minor, line.list_minor, line.tax_minor) for line in order.lines] == [
            (1_000, list_minor, 345),
            (500, 0, 0),
        ]
        write_import(result, tmp_path / "out")
        assert read_scenario(tmp_path / "out") == result.scenario


def test_what_is_paid_for_all_units_of_a_row_is_shared_by_them(tmp_path: Path) -> None:
    rows = (
        "A,2026-03-02 08:00,TEA,3,江苏,苏州,10.00,1",
        "A,2026-03-02 08:00,CUP,8,江苏,苏州,1.00,0.2",
        "B,2026-03-02 08:00,TEA,3,江苏,苏州,1.00,1.00",
    )
    path = written(tmp_path, *rows, heading=f"{HEADING},paid,tax")
    mapping = replace(MAPPING, columns=replace(COLUMNS, paid_amount="paid", tax="tax"))
    result, _ = import_history([path], mapping, NETWORK)
    [order] = result.scenario.orders
    assert [(line.unit_price_minor, line.tax_minor) for line in order.lines] == [(333, 100), (13, 20)]
    assert faults(path, mapping) == [
        "h.csv:4: tax: '100': is more than the 99 minor units that are paid; it is the tax within these, for all units"
    ]


def test_what_is_paid_is_told_for_a_unit_or_for_all(tmp_path: Path) -> None:
    violations = Violations()
    check_mapping(replace(MAPPING, columns=replace(COLUMNS, unit_price="price", paid_amount="paid")), violations)
    assert [str(one) for one in violations.found] == [
        "columns.paid_amount: 'paid': name unit_price (of a unit) or paid_amount (of all units), not both"
    ]
    path = tmp_path / "h.csv"
    path.write_text("订单号,下单时间,货号,数量,实付金额,城市\nA,2026-03-02 08:00,TEA,1,10.00,苏州\n", "utf-8")
    guess = guess_mapping(path, currency="CNY", network="")
    assert guess.mapping.columns.paid_amount == "实付金额"
    assert guess.doubts == ("columns.paid_amount: '实付金额' must be what the row's units cost, not the order",)


def test_tax_above_what_is_paid_and_list_prices_beyond_bounds_are_told(tmp_path: Path) -> None:
    rows = (
        "A,2026-03-02 08:00,TEA,3,江苏,苏州,10.00,1,30.01",
        "B,2026-03-02 08:00,TEA,1000000,江苏,苏州,,99999999.99,5",
    )
    path = written(tmp_path, *rows, heading=f"{HEADING},price,list,tax")
    assert faults(path, replace(MAPPING, columns=replace(PRICED, list_price="list"))) == [
        "h.csv:2: tax: '3001': is more than the 3000 minor units that are paid; it is the tax within these, for all "
        "units",
        "h.csv:3: list: '9999999999': times 1,000,000 units it is more than 1,000,000,000,000 minor units",
    ]


def test_a_guess_finds_list_price_and_tax(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(
        "订单号,下单时间,货号,数量,单价,吊牌价,税额,城市\nA,2026-03-02 08:00,TEA,1,10.00,12.00,1.15,苏州\n", "utf-8"
    )
    columns = guess_mapping(path, currency="CNY", network="").mapping.columns
    assert (columns.unit_price, columns.list_price, columns.list_amount, columns.tax) == ("单价", "吊牌价", "", "税额")


@pytest.mark.parametrize(
    ("rule", "stock"),
    [
        (StockRule.AS_SHIPPED, {("SHOP", "TEA"): 3, ("EAST", "TEA"): 2, ("SOUTH", "TEA"): 1}),
        (StockRule.AS_ORDERED, {("EAST", "TEA"): 3, ("SOUTH", "TEA"): 3}),
        (StockRule.NETWORK, {("SHOP", "TEA"): 9}),
    ],
)
def test_opening_stock_follows_the_rule(tmp_path: Path, rule: StockRule, stock: dict[tuple[str, str], int]) -> None:
    mapping = replace(MAPPING, columns=SHIPPED, assume=Assumed(stock=rule))
    rows = ("A,2026-03-02 08:00,TEA,3,江苏,苏州,SHOP,,,,", "B,2026-03-02 08:00,TEA,3,江苏,苏州,,,,,")
    assert stock_of(tmp_path, mapping, *rows) == stock


def test_every_bad_cell_is_told_at_once_by_line_and_column_with_what_to_write(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A,2026-03-02 08:00,TEA,0,江苏,苏洲",
        "A,2026-03-02 08:00,TEA,0,江苏,苏州",
        ",02/03/2026,TEA,1,江苏,苏州",
        "C,2026-03-02 08:00,TEA,1",
        "D,2026-03-02 08:00,TEA,1,江苏,苏州",
        "D,2026-03-02 09:00,TEA,1,江苏,苏州",
    )
    units = "write a whole number from 1 to 1,000,000; returns and cancelled lines are no orders: leave them out"
    assert faults(path) == [
        f"h.csv:2: qty: '0': {units} (in 2 rows: 2, 3)",
        "h.csv:2: city: '苏洲': no region of the network is called so; did you mean 苏州?",
        "h.csv:4: id: '': missing; a value must be given",
        "h.csv:4: at: '02/03/2026': write it as ISO 8601, such as 2026-03-02 08:00:00; or say in "
        "time_format how it is written (a list where there are several ways)",
        "h.csv:5: 'C,2026-03-02 08:00,TEA,1': a row has a cell for each heading, here 6; a comma within a cell "
        "stands in quotes",
        "h.csv:7: at: '2026-03-02T01:00:00+00:00': line 6 says 2026-03-02T00:00:00+00:00 of this order; say the same "
        "in all its rows",
    ]


def test_an_order_one_of_whose_rows_is_not_sound_is_left_out_whole(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A,2026-03-02 08:00,TEA,1,江苏,苏州",
        "B,2026-03-02 08:00,TEA,1,江苏,苏州",
        "A,2026-03-02 08:00,CUP,x,江苏,苏州",
        "C,2026-03-02 08:00,TEA,1,江苏,苏州",
        "B,2026-03-02 08:00,CUP,1,广东,深圳",
    )
    result, survey = import_history([path], MAPPING, NETWORK)
    assert [order.order_id for order in result.scenario.orders] == ["C"]
    assert [(one.file, one.line, one.reason, one.text) for one in result.rejected] == [
        (path.name, 4, "not_a_quantity", "qty=x"),
        (path.name, 2, "row_of_its_order_is_not_sound", "order A"),
        (path.name, 3, "differs_from_its_order", "order B"),
    ]
    assert (survey.orders, survey.faults.rows) == (3, 1)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            "2026-03-01 08:00,",
            "left: '2026-03-01T00:00:00+00:00': is earlier than at, 2026-03-02T00:00:00+00:00",
        ),
        (
            "2026-03-04 08:00,2026-03-03 08:00",
            "came: '2026-03-03T00:00:00+00:00': is earlier than left, 2026-03-04T00:00:00+00:00",
        ),
    ],
)
def test_dates_that_run_backwards_are_told(tmp_path: Path, cells: str, told: str) -> None:
    path = written(tmp_path, f"A,2026-03-02 08:00,TEA,1,江苏,苏州,EAST,{cells},,", heading=SHIPPED_HEADING)
    assert faults(path, replace(MAPPING, columns=SHIPPED)) == [f"h.csv:2: {told}"]


def test_a_name_of_several_regions_wants_its_province_and_coordinates_find_the_nearest(tmp_path: Path) -> None:
    twins = (*NETWORK.regions, replace(NETWORK.regions[1], region_id="GD-SU", parent_id="GD"))
    path = written(tmp_path, "A,2026-03-02 08:00,TEA,1,,苏州", "B,2026-03-02 08:00,TEA,1,广东,苏州")
    survey = survey_history([path], MAPPING, replace(NETWORK, regions=twins))
    assert survey.faults.told() == [
        "h.csv:2: city: '苏州': several regions are called so: GD-SU, JS-SZ; say the province too"
    ]
    columns = replace(COLUMNS, province="", city="", latitude="lat", longitude="lng")
    path = written(tmp_path, "A,2026-03-02 08:00,TEA,1,22.6,114.0", heading="id,at,sku,qty,lat,lng")
    [order] = import_history([path], replace(MAPPING, columns=columns), NETWORK)[0].scenario.orders
    assert (order.destination.region_id, order.destination.latitude) == ("GD-SZ", 22.6)


def test_a_column_that_is_not_there_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    path = written(tmp_path, "A,2026-03-02 08:00,TEA,1,江苏,苏州")
    with pytest.raises(InvalidRequest) as raised:
        faults(path, replace(MAPPING, columns=replace(COLUMNS, quantity="qyt", channel="shop")))
    assert [(one.field, one.value, one.remedy) for one in raised.value.violations] == [
        (f"{path}:1: columns.quantity", "qyt", "there is no such column; did you mean qty?"),
        (f"{path}:1: columns.channel", "shop", "there is no such column; give one of id, at, sku, qty, province, city"),
    ]


def test_a_quote_without_end_costs_the_rows_behind_it_and_is_told(tmp_path: Path) -> None:
    filler = ["B,2026-03-02 08:00,TEA,1,江苏,苏州"] * 5_000
    path = written(tmp_path, 'A,2026-03-02 08:00,"TEA,1,江苏,苏州', *filler)
    first = faults(path)[0]
    assert first.startswith("h.csv:2: 'field larger than field limit (131072)': close the quote that begins there; ")


def test_many_rows_with_few_bad_ones_are_looked_through_without_being_kept(tmp_path: Path) -> None:
    rows = [f"O{number // 2},2026-03-02 08:00,TEA,{number % 3 + 1},江苏,苏州" for number in range(20_000)]
    for number in (7, 9_999, 19_998):
        rows[number] = rows[number].replace(",TEA,", ",TEA,x")
    survey = survey_history([written(tmp_path, *rows)], MAPPING, NETWORK)
    assert (survey.orders, sum(survey.rows.values()), survey.faults.rows) == (10_000, 20_000, 3)
    assert [one.partition(": qty")[0] for one in survey.faults.told()] == ["h.csv:9", "h.csv:10001"]
    assert survey.faults.told()[1].endswith(" (in 2 rows: 10001, 20000)")


def test_json_lines_and_parquet_are_read_like_csv(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="Parquet comes with the extra `tables`")
    from pyarrow import parquet

    row = {"id": "A", "at": "2026-03-02 08:00", "sku": "TEA", "qty": 2, "lat": 22.6, "lng": 114.0}
    columns = Columns(order_id="id", placed_at="at", sku="sku", quantity="qty", latitude="lat", longitude="lng")
    lines = tmp_path / "h.jsonl"
    lines.write_text(json.dumps(row) + "\n{oops\n", "utf-8")
    table = tmp_path / "h.parquet"
    moment = datetime(2026, 3, 2, 8)  # noqa: DTZ001 - as such files have it
    parquet.write_table(pa.Table.from_pylist([{**row, "at": moment}]), table)
    mapping = replace(MAPPING, columns=columns)
    made = [import_history([path], mapping, NETWORK)[0] for path in (lines, table)]
    assert made[0].scenario.orders == made[1].scenario.orders
    assert [(one.line, one.reason) for one in made[0].rejected] == [(2, "not_json")]
    assert made[0].scenario.orders[0].lines[0].quantity == 2


def test_cancelled_rows_are_passed_over_and_of_rows_that_say_the_same_the_first_stands(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A,2026-03-02 08:00,TEA,2,江苏,苏州,交易成功",
        "A,2026-03-02 08:00,CUP,1,江苏,苏州,已取消",
        "B,2026-03-02 09:00,TEA,1,江苏,苏州,Cancelled",
        "C,2026-03-02 10:00,TEA,1,江苏,苏州,",
        "A,2026-03-02 08:00,TEA,2,江苏,苏州,交易成功",
        "A,2026-03-02 08:00,TEA,3,江苏,苏州,交易成功",
        heading=f"{HEADING},status",
    )
    mapping = replace(MAPPING, columns=replace(COLUMNS, status="status"))
    result, survey = import_history([path], mapping, NETWORK)
    wanted = {one.order_id: [(line.sku, line.quantity) for line in one.lines] for one in result.scenario.orders}
    assert wanted == {"A": [("TEA", 2), ("TEA", 3)], "C": [("TEA", 1)]}
    assert result.notes == (
        "1 rows whose status is 已取消 are passed over",
        "1 rows whose status is Cancelled are passed over",
    )
    assert [(one.file, one.line, one.reason, one.text) for one in result.rejected] == [
        (path.name, 6, "repeated_row", "order A")
    ]
    assert (survey.repeated, survey.units) == (1, 8)
    kept = import_history([path], replace(mapping, cancelled=()), NETWORK)[0].scenario.orders
    assert [one.order_id for one in kept] == ["A", "B", "C"]


def test_where_no_column_is_called_a_code_the_name_of_what_was_ordered_is_taken_and_doubted(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("订单号,下单时间,城市,商品,数量\nA1,2026-03-02 10:00,上海,TEA,2\n", "utf-8")
    guess = guess_mapping(path, currency="CNY", network="")
    assert (guess.mapping.columns.sku, guess.mapping.columns.item_name) == ("商品", "")
    assert guess.doubts == ("columns.sku: '商品' says what was ordered, and no other column does; is it a code?",)


def test_of_many_values_that_are_wrong_for_one_reason_the_first_are_told_and_the_others_counted(tmp_path: Path) -> None:
    rows = [f"O{number},03.{number % 28 + 1:02}.2026,TEA,1,江苏,苏州" for number in range(56)]
    told = faults(written(tmp_path, *rows, "P,2026-03-02 08:00,TEA,1,江苏,苏洲"))
    assert len(told) == 22
    assert told[0].startswith("h.csv:2: at: '03.01.2026': write it as ISO 8601, ")
    assert told[0].endswith(" (in 2 rows: 2, 30)")
    assert told[20] == "h.csv:58: city: '苏洲': no region of the network is called so; did you mean 苏州?"
    assert told[21].startswith("h.csv: at: 16 more rows with other values, for the same reason as: write it as ISO ")


GUESSED_HEADING = "order_id,placed_at,sku,qty,province,city"


def test_times_that_are_written_in_several_ways_are_read_each_by_the_first_format_that_fits(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A,2026-03-02 08:00,TEA,1,江苏,苏州",
        "B,2026年3月2日 08:10,TEA,1,江苏,苏州",
        "C,2026/3/2 8:20,TEA,1,江苏,苏州",
        "D,２０２６/３/２ 8：30,TEA,1,江苏,苏州",
        heading=GUESSED_HEADING,
    )
    guess = guess_mapping(path, currency="", network="")
    assert guess.mapping.time_format == ("%Y/%m/%d %H:%M", "iso", "%Y年%m月%d日 %H:%M")
    assert guess.doubts == (
        "time_format: times are written in 3 ways, tried in this order: %Y/%m/%d %H:%M (2), iso (1), "
        "%Y年%m月%d日 %H:%M (1)",
    )
    mapping = replace(guess.mapping, time_zone="Asia/Shanghai")
    orders = import_history([path], mapping, NETWORK)[0].scenario.orders
    assert [one.placed_at for one in orders] == [
        datetime(2026, 3, 2, 0, minute, tzinfo=UTC) for minute in (0, 10, 20, 30)
    ]


def test_a_guess_takes_no_format_with_the_month_first_beside_one_with_the_day_first(tmp_path: Path) -> None:
    rows = ("A,13/02/2026,TEA,1,江苏,苏州", "B,14/02/2026,TEA,1,江苏,苏州", "C,02/28/2026,TEA,1,江苏,苏州")
    guess = guess_mapping(written(tmp_path, *rows, heading=GUESSED_HEADING), currency="", network="")
    assert guess.mapping.time_format == "%d/%m/%Y"
    assert guess.doubts == ("time_format: 1 of 3 times fit none of these, such as '02/28/2026'",)
