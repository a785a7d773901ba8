"""Rows from CSV, and what is wrong with them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from solver.errors import Violations
from solver.network.model import Source, SourceKind
from solver.orders.model import Order
from solver.scenario.bulk import MOST_SHOWN, Rows, read_rows
from solver.scenario.model import Inbound, OpeningStock

ORDERS = """\
order_id,currency,placed_at,destination.region_id,channel,lines.sku,lines.quantity
A,CNY,2026-03-02T08:00:00Z,EAST,app,TEA,2
A,,,,,CUP,1
B,CNY,2026-03-02T09:00:00+08:00,WEST,,TEA,1
"""


def read(folder: Path, name: str, noun: type[Any], text: str) -> tuple[Rows[Any], dict[str, str]]:
    (folder / f"{name}.csv").write_text(text, "utf-8")
    violations = Violations()
    rows = read_rows(folder, name, noun, violations)
    return rows, {one.field.removeprefix(f"{folder}/"): one.remedy for one in violations.found}


def test_an_order_is_the_run_of_rows_with_its_id_each_of_them_a_line(tmp_path: Path) -> None:
    rows, wrong = read(tmp_path, "orders", Order, ORDERS)
    assert wrong == {}
    first, second = rows.nouns
    assert isinstance(first, Order)
    assert [(line.line_id, line.sku, line.quantity) for line in first.lines] == [("1", "TEA", 2), ("2", "CUP", 1)]
    assert (first.channel, first.destination.region_id) == ("app", "EAST")
    assert second.placed_at == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert [rows.place(position) for position in (0, 1)] == [f"{tmp_path}/orders.csv:2", f"{tmp_path}/orders.csv:4"]


def test_numbers_choices_and_several_words_are_read_from_text_and_empty_cells_say_nothing(tmp_path: Path) -> None:
    text = "source_id,name,kind,region_id,latitude,longitude,tags,is_active,hours.opens_minute\n"
    rows, wrong = read(tmp_path, "sources", Source, text + "S,Shop,store,EAST,31.2,121.5,cold|night,false,40\n")
    assert wrong == {}
    [source] = rows.nouns
    assert (source.kind, source.latitude, source.tags) == (SourceKind.STORE, 31.2, ("cold", "night"))
    assert (source.is_active, source.hours.opens_minute, source.time_zone) == (False, 40, "UTC")


def test_what_is_wrong_is_told_by_line_and_column(tmp_path: Path) -> None:
    text = "source_id,sku,unts\nS,TEA,3\nS,CUP,3,4\n"
    _, wrong = read(tmp_path, "stock", OpeningStock, text)
    assert wrong == {
        "stock.csv:2: unts": "there is no such field; did you mean units?",
        "stock.csv:2: units": "missing; a value must be given",
        "stock.csv:3": "a row has a cell for each name of the first line, here 3",
    }


@pytest.mark.parametrize("text", ['source_id,sku,units\nS,"TEA,3\n', "source_id,sku,units\nS,T\udcffA,3\n"])
def test_a_file_that_is_no_csv_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "stock.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    violations = Violations()
    read_rows(tmp_path, "stock", OpeningStock, violations)
    [fault] = violations.found
    assert "write CSV in UTF-8" in fault.remedy


def test_the_same_noun_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stock.jsonl").write_text("")
    _, wrong = read(tmp_path, "stock", OpeningStock, "source_id,sku,units\nS,TEA,3\n")
    assert list(wrong.values()) == ["the same rows stand in several files; keep one of them"]


def test_three_bad_rows_among_very_many_are_found_and_a_file_of_bad_rows_is_told_in_part(tmp_path: Path) -> None:
    good = "S,TEA,3\n"
    text = "source_id,sku,units\n" + good * 40_000 + "S,TEA,x\n" + good * 9 + "S,TEA,\n,TEA,3\n"
    rows, wrong = read(tmp_path, "stock", OpeningStock, text)
    assert len(rows.nouns) == 40_009
    assert list(wrong) == ["stock.csv:40002: units", "stock.csv:40012: units", "stock.csv:40013: source_id"]
    _, wrong = read(tmp_path, "stock", OpeningStock, "source_id,sku,units\n" + "S,TEA,x\n" * (MOST_SHOWN + 5))
    assert len(wrong) == MOST_SHOWN + 1
    assert wrong["stock.csv"] == f"the first {MOST_SHOWN:,} are told; mend them first"


def parquet_of(
    folder: Path, name: str, noun: type[Any], rows: list[dict[str, Any]]
) -> tuple[Rows[Any], dict[str, str]]:
    pa = pytest.importorskip("pyarrow", reason="Parquet comes with the extra `tables`")
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    violations = Violations()
    read_back = read_rows(folder, name, noun, violations)
    return read_back, {one.field.removeprefix(f"{folder}/"): one.remedy for one in violations.found}


def test_parquet_holds_the_rows_of_json_lines_or_the_columns_of_csv(tmp_path: Path) -> None:
    lines, wrong = read(tmp_path, "orders", Order, ORDERS)
    placed = [datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)]
    nested: list[dict[str, Any]] = [
        {"order_id": "A", "currency": "CNY", "placed_at": placed[0], "destination": {"region_id": "EAST"},
         "channel": "app", "lines": [{"line_id": "1", "sku": "TEA", "quantity": 2},
                                     {"line_id": "2", "sku": "CUP", "quantity": 1}]},
        {"order_id": "B", "currency": "CNY", "placed_at": placed[1], "destination": {"region_id": "WEST"},
         "channel": None, "lines": [{"line_id": "1", "sku": "TEA", "quantity": 1}]},
    ]  # fmt: skip
    flat = [
        {"order_id": order["order_id"], "currency": order["currency"], "placed_at": order["placed_at"],
         "destination.region_id": order["destination"]["region_id"], "channel": order["channel"],
         "lines.sku": line["sku"], "lines.quantity": line["quantity"]}
        for order in nested for line in order["lines"]
    ]  # fmt: skip
    for number, rows in enumerate((nested, flat)):
        folder = tmp_path / str(number)
        folder.mkdir()
        made, wrong = parquet_of(folder, "orders", Order, rows)
        assert (made.nouns, wrong) == (lines.nouns, {})


def test_faults_of_parquet_are_told_by_row_and_field(tmp_path: Path) -> None:
    naive = datetime(2026, 3, 2, 8)  # noqa: DTZ001 - as such files have it
    rows: list[dict[str, Any]] = [
        {"source_id": "S", "sku": "TEA", "units": 3, "arrives_at": naive},
        {"source_id": "S", "sku": None, "units": 3, "arrives_at": naive.replace(tzinfo=UTC)},
    ]
    made, wrong = parquet_of(tmp_path, "inbound", Inbound, [rows[1]])
    assert (made.nouns, wrong) == ((), {"inbound.parquet:1: sku": "missing; a value must be given"})
    made, wrong = parquet_of(tmp_path, "inbound", Inbound, [rows[0]])
    assert wrong == {"inbound.parquet:1: arrives_at": "say with which offset, such as 2026-03-02T08:00:00Z for UTC"}
    (tmp_path / "inbound.parquet").write_bytes(b"PAR1 oops")
    violations = Violations()
    read_rows(tmp_path, "inbound", Inbound, violations)
    [fault] = violations.found
    assert fault.field == f"{tmp_path}/inbound.parquet:1"
    assert fault.remedy.endswith("; write Parquet")


def test_a_file_that_is_not_the_one_that_is_meant_is_told_once(tmp_path: Path) -> None:
    text = "region_id,name,latitude\n" + "R-1,Wuxi,31.5\n" * 50
    remedy = "not the file that is meant: source_id, sku, units is missing; its columns may be source_id, sku, units"
    assert read(tmp_path, "stock", OpeningStock, text)[1] == {"stock.csv": remedy}
