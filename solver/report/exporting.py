"""Tables for other tools: a workbook, or a folder of Parquet files. Both need the extra `tables`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from solver.errors import XunyuanError
from solver.money import currency_decimals
from solver.report.tables import Cell, Table
from solver.workbook import TIME_FORMAT, money_format, open_workbook

MOST_ROWS = 1_048_575  # of a sheet, below its heading: the format's limit
_MINOR = "_minor"


def write_workbook(path: Path, tables: Iterable[Table], currency: str, *, most_rows: int = MOST_ROWS) -> list[str]:
    """Write a sheet a table, several where one cannot hold it; returns the names of the sheets.

    Amounts stand as people write them, in the currency's own unit; the files of Parquet have them exactly. Raises
    XunyuanError where the extra is missing.
    """
    sheets: list[str] = []
    with open_workbook(path) as book:
        styles = {
            "money": book.add_format({"num_format": money_format(currency)}),
            "time": book.add_format({"num_format": TIME_FORMAT}),
            "head": book.add_format({"bold": True}),
        }
        for table in tables:
            for number, begins in enumerate(range(0, max(1, table.rows), most_rows), start=1):
                name = table.name if number == 1 else f"{table.name} {number}"
                _fill(
                    book.add_worksheet(name),
                    table,
                    range(begins, min(table.rows, begins + most_rows)),
                    currency,
                    styles,
                )
                sheets.append(name)
    return sheets


def _fill(sheet: Any, table: Table, rows: range, currency: str, styles: dict[str, Any]) -> None:
    heads = [f"{name.removesuffix(_MINOR)} ({currency})" if name.endswith(_MINOR) else name for name in table.columns]
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, max(10, min(28, len(head) + 2)))
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, styles["head"])
    scale = 10 ** currency_decimals(currency)
    columns = [(name.endswith(_MINOR), cells) for name, cells in table.columns.items()]
    for line, row in enumerate(rows, start=1):
        for place, (is_money, cells) in enumerate(columns):
            _write(sheet, line, place, cells[row], scale if is_money else 0, styles)


def _write(sheet: Any, line: int, place: int, cell: Cell, scale: int, styles: dict[str, Any]) -> None:
    """One cell; `scale` by which an amount is divided, 0: it is none."""
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(line, place, cell)
    elif isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, place, cell.replace(tzinfo=None), styles["time"])
    elif scale:
        sheet.write_number(line, place, cell / scale, styles["money"])
    else:
        sheet.write_number(line, place, cell)


def write_parquet(folder: Path, tables: Iterable[Table]) -> list[str]:
    """Write a file a table; returns their names. Raises XunyuanError where the extra is missing."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise XunyuanError("Parquet comes with the extra `tables`, which is not installed") from error
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for table in tables:
        name = f"{table.name}.parquet"
        columns = {
            column: pyarrow.array(cells, _arrow_type(pyarrow, column, cells)) for column, cells in table.columns.items()
        }
        parquet.write_table(pyarrow.table(columns), folder / name, compression="zstd")
        names.append(name)
    return names


def _arrow_type(pyarrow: Any, column: str, cells: Sequence[Cell]) -> Any:
    """What a column without a single value is."""
    if any(cell is not None for cell in cells):
        return None
    if column.endswith("_at"):
        return pyarrow.timestamp("us", tz="UTC")
    return pyarrow.string() if column.endswith("_id") else pyarrow.int64()
