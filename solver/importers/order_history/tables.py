"""Tables as foreign files have them: CSV, JSON Lines, Parquet. Nothing is held but the row of the moment."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from solver.errors import FieldViolation, InvalidRequest, XunyuanError

SUFFIXES = (".csv", ".jsonl", ".parquet")
_ROWS_THAT_NAME = 1_000  # of JSON Lines: what a later row alone has is no column
_UNDECODABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is none: a stable reason, and what to do."""

    reason: str
    remedy: str
    text: str = ""


Cells = Sequence[str]
Numbered = Iterator[tuple[int, Cells | Unreadable]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's column headings, and its rows with the line (of Parquet: the row) that each begins on."""

    path: Path
    columns: tuple[str, ...]
    rows: Numbered


@contextmanager
def opened(path: Path, encoding: str, delimiter: str) -> Iterator[Table]:
    """A file as a table, by its suffix.

    Raises InvalidRequest for a file that cannot be one, and XunyuanError where Parquet is not installed.
    """
    if path.suffix not in SUFFIXES or not path.is_file():
        remedy = f"name a file that ends with {', '.join(SUFFIXES)}"
        raise InvalidRequest("the history", [FieldViolation(field=str(path), value=_what(path), remedy=remedy)])
    if path.suffix == ".parquet":
        columns, rows = _parquet(path)
        yield Table(path=path, columns=columns, rows=rows)
        return
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as file:
        columns, rows = _csv(file, delimiter) if path.suffix == ".csv" else _json_lines(path)
        if any(_UNDECODABLE in name for name in columns):
            remedy = "the headings are not in this encoding; give the mapping another, such as encoding: gb18030"
            raise InvalidRequest("the history", [FieldViolation(field=f"{path}:1", value=encoding, remedy=remedy)])
        if not columns:
            remedy = (
                "begin the file with a row of headings" if path.suffix == ".csv" else "write an object on each line"
            )
            raise InvalidRequest("the history", [FieldViolation(field=str(path), value="no columns", remedy=remedy)])
        yield Table(path=path, columns=columns, rows=rows)


def _what(path: Path) -> str:
    return "no file" if not path.is_file() else path.suffix or "no suffix"


def _csv(file: Any, delimiter: str) -> tuple[tuple[str, ...], Numbered]:
    reader = csv.reader(file, delimiter=delimiter)
    columns = tuple(name.strip() for name in next(reader, ()))
    return columns, _csv_rows(reader, len(columns))


def _csv_rows(reader: Any, width: int) -> Numbered:
    begins = reader.line_num + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            remedy = f"close the quote that begins there; nothing up to line {reader.line_num} is read"
            yield begins, Unreadable("quote_without_end", remedy, str(error))
            cells = []
        if cells is None:
            return
        if cells:
            yield begins, _checked(cells, width)
        begins = reader.line_num + 1


def _checked(cells: list[str], width: int) -> Cells | Unreadable:
    if len(cells) != width:
        remedy = f"a row has a cell for each heading, here {width}; a comma within a cell stands in quotes"
        return Unreadable("ragged_row", remedy, ",".join(cells)[:80])
    text = "".join(cells)
    if not text.isascii() and _UNDECODABLE in text:
        return Unreadable("not_in_this_encoding", "write the file in the mapping's encoding", text[:80])
    return cells


def _json_lines(path: Path) -> tuple[tuple[str, ...], Numbered]:
    with path.open("rb") as file:
        first = (row for _, row in _json_rows(islice(file, _ROWS_THAT_NAME)) if isinstance(row, dict))
        columns = tuple(dict.fromkeys(name for row in first for name in row))

    def rows() -> Numbered:
        with path.open("rb") as file:
            for line, row in _json_rows(file):
                yield line, row if isinstance(row, Unreadable) else [_text(row.get(name)) for name in columns]

    return columns, rows()


def _json_rows(lines: Any) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield number, Unreadable("not_json", str(error), line.decode("utf-8", "replace")[:80].strip())
            continue
        is_row = isinstance(row, dict)
        yield number, row if is_row else Unreadable("not_json", "write names with values: {...}", str(row)[:80])


def _parquet(path: Path) -> tuple[tuple[str, ...], Numbered]:
    try:
        from pyarrow import ArrowInvalid, parquet  # an extra: most people have CSV
    except ImportError as missing:
        raise XunyuanError(
            f"{path}: Parquet comes with the extra `tables`, which is not installed; or write CSV or JSON Lines"
        ) from missing
    try:
        file = parquet.ParquetFile(path)
    except ArrowInvalid as error:
        fault = FieldViolation(field=str(path), value="no Parquet", remedy=str(error))
        raise InvalidRequest("the history", [fault]) from error

    def rows() -> Numbered:
        number = 0
        for batch in file.iter_batches():
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, [_text(value) for value in row]

    return tuple(file.schema_arrow.names), rows()


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
