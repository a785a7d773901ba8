"""Rows of a catalog's file with the line that each begins on: CSV, JSON Lines, JSON, or the first sheet of a workbook.

Rows are read one after the other, so that memory does not grow with the file; JSON that is one list is read whole.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import BadZipFile

import msgspec

from solver.errors import FieldViolation, InvalidRequest

FORMATS = (".csv", ".xlsx", ".jsonl", ".json")
Cells: TypeAlias = Mapping[str, Any]
Numbered: TypeAlias = Iterator[tuple[int, "Cells | Unreadable"]]


class Unreadable(str):
    """What to do about a row that is none."""

    __slots__ = ()


def read_table(path: Path) -> Numbered:
    """Rows by the names of their columns; empty cells are left out. Raises InvalidRequest for a file that is none."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _no_file(path, path.suffix or path.name, f"give a file that ends in {', '.join(FORMATS)}")
    if not path.is_file():
        raise _no_file(path, str(path), "there is no such file")
    return reader(path)


def _no_file(path: Path, value: str, remedy: str) -> InvalidRequest:
    return InvalidRequest("the file", [FieldViolation(field=str(path), value=value, remedy=remedy)])


def _csv(path: Path) -> Numbered:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
            yield 1, _header(header)
            begins = reader.line_num + 1
            for cells in reader:
                if any(cells):
                    yield begins, _row(header, cells)
                begins = reader.line_num + 1
        except (csv.Error, UnicodeDecodeError) as error:
            yield reader.line_num + 1, Unreadable(f"{error}; write CSV in UTF-8 with a line of names")


def _header(names: Sequence[str]) -> Cells | Unreadable:
    """The first row says the names alone."""
    if not any(names):
        return Unreadable("the first row has no names; begin with a row of names of fields")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    return Unreadable(f"{', '.join(twice)}: each column has a name of its own") if twice else dict.fromkeys(names, "")


def _row(header: Sequence[str], cells: Sequence[Any]) -> Cells | Unreadable:
    if len(cells) > len(header) and any(cell not in (None, "") for cell in cells[len(header) :]):
        return Unreadable(f"has {len(cells)} cells; the first row has {len(header)} names")
    return {name: cell for name, cell in zip(header, cells, strict=False) if name and cell not in (None, "")}


def _workbook(path: Path) -> Numbered:
    try:
        from openpyxl import load_workbook  # an extra: most catalogs are text
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        yield 1, Unreadable("workbooks are read with the extra `tables`, which is not installed; or write CSV")
        return
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        yield 1, Unreadable(f"{error}; write a workbook (.xlsx)")
        return
    try:
        header: list[str] | None = None
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            if header is None:
                header = ["" if cell is None else str(cell).strip() for cell in cells]
                yield line, _header(header)
            elif any(cell not in (None, "") for cell in cells):
                yield line, _row(header, [_text(cell) for cell in cells])
    finally:
        book.close()


def _text(cell: object) -> str:
    """A cell as CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _json_lines(path: Path) -> Numbered:
    decode = msgspec.json.Decoder().decode
    with path.open("rb") as file:
        for line, text in enumerate(file, start=1):
            if text.strip():
                try:
                    yield line, _object(decode(text))
                except (msgspec.DecodeError, ValueError) as error:
                    yield line, Unreadable(f"{error}; write an object of JSON on each line")


def _json(path: Path) -> Numbered:
    """A list of objects; the line of each is where it begins."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        yield 1, Unreadable(f"{error}; write JSON in UTF-8")
        return
    decoder, at, line, seen = json.JSONDecoder(), text.find("[") + 1, 1, 0
    if not at or text[: at - 1].strip():
        yield 1, Unreadable("write a list of objects: [{...}, {...}]")
        return
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        line, seen = line + text.count("\n", seen, at), at
        if at >= len(text) or text[at] == "]":
            if at >= len(text) or text[at + 1 :].strip():
                yield line, Unreadable("the list does not end as one does: with a ] and nothing behind it")
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield line, Unreadable(f"{error}; write a list of objects")
            return
        yield line, _object(value)


def _object(value: object) -> Cells | Unreadable:
    return value if isinstance(value, dict) else Unreadable("write an object: names with values")


_READERS = {".csv": _csv, ".xlsx": _workbook, ".jsonl": _json_lines, ".json": _json}
HAS_HEADER = frozenset({".csv", ".xlsx"})
