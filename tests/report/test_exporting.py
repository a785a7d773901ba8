"""A report's tables as a workbook and as Parquet."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from solver.errors import XunyuanError
from solver.report.content import Gatherings, gather
from solver.report.exporting import write_parquet, write_workbook
from solver.report.tables import Table, tables_of
from tests.report.made_runs import ORDERS, write_both

NAMES = ["orders", "packages", "lines", "returns", "metrics", "differences", "paired"]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Gatherings:
    folder = tmp_path_factory.mktemp("runs")
    write_both(folder)
    return gather([folder / "base", folder / "split"])


def test_there_is_a_table_of_everything(read: Gatherings) -> None:
    tables = {table.name: table for table in tables_of(read)}
    rows = {name: table.rows for name, table in tables.items()}
    packages = ORDERS + 39 + 20
    assert rows["orders"] == 2 * ORDERS
    assert rows["packages"] == rows["lines"] == packages
    assert rows["differences"] == ORDERS
    assert sum(cell for cell in tables["orders"].columns["packages"] if isinstance(cell, int)) == packages
    assert tables["differences"].columns["difference_minor"][:2] == [400, 0]
    assert tables["orders"].columns["late_minutes"][0] == 1_500
    assert tables["packages"].columns["package"][-3:] == [1, 1, 2]


def test_parquet_holds_exact_amounts_and_times(read: Gatherings, tmp_path: Path) -> None:
    names = write_parquet(tmp_path / "made", tables_of(read))
    assert names == [f"{one}.parquet" for one in NAMES]
    orders = parquet.read_table(tmp_path / "made" / "orders.parquet").to_pylist()
    assert orders[1]["cost_freight_minor"] == 1_001
    assert (orders[1]["returned_units"], orders[1]["return_cost_minor"]) == (1, 730 + 900)
    assert parquet.read_table(tmp_path / "made" / "returns.parquet").to_pylist() == [
        {
            "run": "base", "order_id": "O-001", "source_id": "S-EAST",
            "returned_at": datetime(2026, 3, 5, 10, tzinfo=UTC),
            "days_after_arrival": 2, "resell_units": 0, "refurbish_units": 0, "back_to_supplier_units": 0,
            "scrap_units": 1, "exchanged_units": 1, "not_exchanged_units": 0, "cost_minor": 730, "exchange_minor": 900,
            "refund_minor": 0,
        }
    ]  # fmt: skip
    assert orders[1]["placed_at"] == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert orders[-1] == {
        "run": "split", "order_id": "O-039", "placed_at": datetime(2026, 3, 3, 23, tzinfo=UTC),
        "promised_at": datetime(2026, 3, 5, 23, tzinfo=UTC), "region_id": "EAST-CITY", "region": "East City",
        "ordered_units": 1, "unfilled_units": 1, "packages": 0, "late_minutes": None, "cost_minor": 5_000,
        "above_bound_minor": 0, "lost_minor": 990, "returned_units": 0, "return_cost_minor": 0,
        "fallback": "", "cost_freight_minor": 0, "cost_unfilled_minor": 5_000,
    }  # fmt: skip


def test_a_workbook_has_amounts_as_people_write_them(read: Gatherings, tmp_path: Path) -> None:
    write_workbook(tmp_path / "made.xlsx", tables_of(read), "CNY")
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    assert book.sheetnames == NAMES
    rows = list(book["differences"].iter_rows(values_only=True))
    assert rows[0] == ("run", "base", "order_id", "base_cost (CNY)", "cost (CNY)", "difference (CNY)")
    assert rows[1] == ("split", "base", "O-000", 10, 14, 4)
    assert str(book["orders"]["C2"].value) == "2026-03-02 08:00:00"


def test_where_nothing_comes_back_there_is_no_table_of_it(tmp_path: Path) -> None:
    write_both(tmp_path)
    alone = gather([tmp_path / "split"])
    assert [table.name for table in tables_of(alone)] == ["orders", "packages", "lines", "metrics"]


def test_what_is_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    table = Table(name="orders", columns={"order_id": ["=1+1", "B", "C"], "cost_minor": [100, None, 3]})
    assert write_workbook(tmp_path / "made.xlsx", [table], "JPY", most_rows=2) == ["orders", "orders 2"]
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    assert list(book["orders"].values) == [("order_id", "cost (JPY)"), ("=1+1", 100), ("B", None)]
    assert book["orders"]["A2"].data_type == "s", "a text, and never a formula"
    assert list(book["orders 2"].values) == [("order_id", "cost (JPY)"), ("C", 3)]


@pytest.mark.parametrize(("module", "write"), [("xlsxwriter", "xlsx"), ("pyarrow", "parquet")])
def test_without_the_extra_its_name_is_told(
    module: str, write: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(XunyuanError, match="extra `tables`"):
        if write == "xlsx":
            write_workbook(tmp_path / "made.xlsx", [], "CNY")
        else:
            write_parquet(tmp_path, [])
