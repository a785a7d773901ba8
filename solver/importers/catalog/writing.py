"""A catalog's rows as a file that the import reads again: CSV, JSON Lines, JSON, or a workbook."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from solver.errors import FieldViolation, InvalidRequest
from solver.importers.catalog.nouns import Kind
from solver.importers.catalog.rows import FORMATS
from solver.scenario.plain import plain

_PREFIX = "attributes."


def write_table(path: Path, kind: Kind, nouns: Iterable[Any]) -> int:
    """Write every row, without its version: what is changed and read again becomes the next. Returns how many.

    Raises InvalidRequest for a format that is not known or not installed.
    """
    writer = {".csv": _csv, ".jsonl": _json_lines, ".json": _json, ".xlsx": _workbook}.get(path.suffix.lower())
    if writer is None:
        raise _refused(path, f"give a file that ends in {', '.join(FORMATS)}")
    return writer(path, kind, (_unnumbered(noun) for noun in nouns))


def _unnumbered(noun: Any) -> Any:
    return replace(noun, version=0) if hasattr(noun, "version") else noun


def _refused(path: Path, remedy: str) -> InvalidRequest:
    return InvalidRequest("the file", [FieldViolation(field=str(path), value=path.suffix, remedy=remedy)])


def _json_lines(path: Path, _: Kind, nouns: Iterable[Any]) -> int:
    encode, count = msgspec.json.Encoder().encode, 0
    with path.open("wb") as file:
        for noun in nouns:
            file.write(encode(plain(noun)) + b"\n")
            count += 1
    return count


def _json(path: Path, _: Kind, nouns: Iterable[Any]) -> int:
    encode, count = msgspec.json.Encoder().encode, 0
    with path.open("wb") as file:
        file.write(b"[")
        for noun in nouns:
            file.write((b",\n" if count else b"\n") + encode(plain(noun)))
            count += 1
        file.write(b"\n]\n")
    return count


def _csv(path: Path, kind: Kind, nouns: Iterable[Any]) -> int:
    names, rows = _table(kind, nouns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return len(rows)


def _workbook(path: Path, kind: Kind, nouns: Iterable[Any]) -> int:
    try:
        from xlsxwriter import Workbook  # an extra: most catalogs are text
    except ImportError:
        raise _refused(
            path, "workbooks are written with the extra `tables`, which is not installed; or write CSV"
        ) from None
    names, rows = _table(kind, nouns)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet(kind.name)
        for at, row in enumerate(([*names], *([row.get(name, "") for name in names] for row in rows))):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return len(rows)


def _table(kind: Kind, nouns: Iterable[Any]) -> tuple[list[str], list[dict[str, str]]]:
    """The columns that any row has something in, those of the noun first, and the rows."""
    rows = [dict(_cells(plain(noun))) for noun in nouns]
    used = {name for row in rows for name in row}
    own = [name for name in kind.own if name in used]
    return own + sorted(used - set(own)), rows


def _cells(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        if name == "attributes":
            yield from ((f"{_PREFIX}{one}", text) for one, text in value.items())
        elif name == "parts":
            yield name, "|".join(f"{part['sku']}:{part['units']}" for part in value)
        elif name == "fields":
            raise InvalidRequest("the file", [_nested()])
        else:
            yield name, _text(value)


def _nested() -> FieldViolation:
    remedy = "categories with fields of their own do not fit into a table; write .jsonl or .json"
    return FieldViolation(field="fields", value="categories", remedy=remedy)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "|".join(value) if isinstance(value, list) else str(value)
