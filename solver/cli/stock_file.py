"""Stock as a CSV file: `site`, `sku`, `units`, and where they are known `zone`, `bin`, `lot`, `expires_on`, `state`."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from solver.errors import XunyuanError
from solver.stock.model import Movement
from solver.stock.physical.import_model import ImportedRow, RefusedRow
from solver.stock.physical.states import BY_HAND, StockState

REQUIRED = ("site", "sku", "units")
OPTIONAL = ("zone", "bin", "lot", "expires_on", "state", "made_on")
_STATES = {str(state): state for state in BY_HAND}


class NotAStockFile(XunyuanError):
    """The file cannot be read as stock at all: no text, or not the columns."""

    reason = "NOT_A_STOCK_FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFile:
    """The rows that can be read, and what is wrong with the others; `lines` has all of them as they stand."""

    header: str
    rows: tuple[ImportedRow, ...]
    refused: tuple[RefusedRow, ...]
    lines: dict[int, str]


def read_stock_file(body: bytes) -> StockFile:
    """Read a file. Raises NotAStockFile."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAStockFile(f"the file is not UTF-8: {error}; save it as CSV in UTF-8") from error
    physical = list(io.StringIO(text, newline=""))
    header, *records = _records(physical)
    columns = _columns(header.cells)
    filled = [record for record in records if any(cell.strip() for cell in record.cells)]
    rows, refused = [], []
    for record in filled:
        line, cells = record.line, record.cells
        wrong = list(_wrong(line, cells, columns))
        refused += wrong
        if not wrong:
            rows.append(ImportedRow(line=line, movement=_movement(_named(cells, columns))))
    return StockFile(
        header=_text(physical, header),
        rows=tuple(rows),
        refused=tuple(refused),
        lines={record.line: _text(physical, record) for record in filled},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """The cells of a record, which may stand in more than one line: the first of them, and the last."""

    line: int
    last_line: int
    cells: list[str]


def _records(physical: list[str]) -> list[_Record]:
    reader = csv.reader(physical, strict=True)
    records, line = [], 1
    try:
        for cells in reader:
            records.append(_Record(line=line, last_line=reader.line_num, cells=cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotAStockFile(f"line {reader.line_num} is no CSV: {error}") from error
    return records or [_Record(line=1, last_line=1, cells=[])]


def _text(physical: list[str], record: _Record) -> str:
    return "".join(physical[record.line - 1 : record.last_line]).rstrip("\r\n")


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in (*REQUIRED, *OPTIONAL)]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    for names, what in ((missing, "are missing"), (unknown, "are unknown"), (twice, "stand twice")):
        if names:
            known = ", ".join((*REQUIRED, *OPTIONAL))
            raise NotAStockFile(f"the columns {', '.join(map(repr, names))} {what}; the first line may name {known}")
    return columns


def _named(cells: list[str], columns: list[str]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}


def _wrong(line: int, cells: list[str], columns: list[str]) -> Iterator[RefusedRow]:
    if len(cells) != len(columns):
        remedy = f"give {len(columns)} cells, as the first line does"
        yield RefusedRow(line=line, field="line", value=f"{len(cells)} cells", remedy=remedy)
        return
    values = _named(cells, columns)
    for name in REQUIRED:
        if not values[name]:
            yield RefusedRow(line=line, field=name, value="''", remedy="give a value")
    if values["units"] and not (values["units"].isascii() and values["units"].isdigit()):
        remedy = "give a whole number of units, at least 1, in digits alone"
        yield RefusedRow(line=line, field="units", value=repr(values["units"]), remedy=remedy)
    for name in ("expires_on", "made_on"):
        if (day := values.get(name)) and _day(day) is None:
            yield RefusedRow(line=line, field=name, value=repr(day), remedy="give a day as YYYY-MM-DD")
    if (state := values.get("state")) and state.lower() not in _STATES:
        remedy = f"give one of {', '.join(_STATES)}, or nothing for good"
        yield RefusedRow(line=line, field="state", value=repr(state), remedy=remedy)


def _movement(values: dict[str, str]) -> Movement:
    return Movement(
        site_id=values["site"],
        sku=values["sku"],
        units=int(values["units"]),
        zone=values.get("zone", ""),
        bin=values.get("bin", ""),
        lot=values.get("lot", ""),
        expires_on=_day(values.get("expires_on", "")),
        made_on=_day(values.get("made_on", "")),
        state=_STATES.get(values.get("state", "").lower(), StockState.GOOD),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
