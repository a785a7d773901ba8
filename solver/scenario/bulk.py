"""Rows that come in bulk: JSON Lines, CSV or Parquet, whichever a folder has of a noun."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from solver.errors import FieldViolation, Violations
from solver.orders.model import Order
from solver.scenario.shape import read_as, shape_of

Noun = TypeVar("Noun")
MOST_SHOWN = 1_000  # faults of one file
FORMATS = (".jsonl", ".csv", ".parquet")
_LINE = "lines."  # what a column of an order's CSV says of one of its lines
_TELLING = 3  # where so many rows at the beginning are of another kind, all are
_NEXT = "|"  # between the words of a cell that holds several


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[Noun]):
    """The rows of a noun, the file that they come from, and their lines in it."""

    path: Path
    nouns: tuple[Noun, ...] = ()
    lines: Sequence[int] = ()

    def place(self, position: int) -> str:
        """Where a row stands, as an error names it."""
        return f"{self.path}:{self.lines[position]}"


_Read = Iterator[tuple[int, object]]  # line and value


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """Text that is no row."""

    text: str
    remedy: str


def has_rows(folder: Path, name: str) -> bool:
    """Whether the folder has a file of these rows."""
    return any((folder / f"{name}{ending}").exists() for ending in FORMATS)


def read_rows(folder: Path, name: str, noun: type[Noun], violations: Violations) -> Rows[Noun]:
    """The rows of `folder/name.*`; what is wrong with any of them is recorded with its line and field."""
    paths = [path for ending in FORMATS if (path := folder / f"{name}{ending}").exists()]
    if len(paths) > 1:
        names = ", ".join(path.name for path in paths)
        violations.add(str(folder), names, "the same rows stand in several files; keep one of them")
    path = paths[0] if paths else folder / f"{name}{FORMATS[0]}"
    if not paths:
        return Rows(path=path)
    reader, lenient = _READERS[path.suffix]
    nouns: list[Noun] = []
    lines: list[int] = []
    faults: list[FieldViolation] = []
    strange = 0
    for row, (line, value) in enumerate(reader(path, noun)):
        made = _unreadable(value) if isinstance(value, _Unreadable) else read_as(noun, value, lenient=lenient)
        if isinstance(made, list):
            faults += [_at(f"{path}:{line}", fault) for fault in made]
            strange += _is_of_another_kind(value, noun)
            if row + 1 == strange == _TELLING:
                break
        else:
            nouns.append(made)
            lines.append(line)
    if strange and not nouns and strange == row + 1:
        violations.found.append(_not_meant(path, value, noun))
        return Rows(path=path)
    violations.found += faults[:MOST_SHOWN]
    if len(faults) > MOST_SHOWN:
        violations.add(str(path), f"{len(faults):,} faults", f"the first {MOST_SHOWN:,} are told; mend them first")
    return Rows(path=path, nouns=tuple(nouns), lines=lines)


def _is_of_another_kind(value: object, noun: type[Any]) -> bool:
    """Whether most of what a row names is nothing that there is, and something is missing."""
    if not isinstance(value, Mapping):
        return False
    shape = shape_of(noun)
    known = sum(name in shape for name in value)
    return 2 * known < len(value) and any(field.required and name not in value for name, field in shape.items())


def _not_meant(path: Path, value: object, noun: type[Any]) -> FieldViolation:
    """Said once, and not of each cell."""
    assert isinstance(value, Mapping)
    shape = shape_of(noun)
    missing = ", ".join(name for name, field in shape.items() if field.required and name not in value)
    remedy = f"not the file that is meant: {missing} is missing; its columns may be {', '.join(shape)}"
    return FieldViolation(field=str(path), value=", ".join(map(str, value)), remedy=remedy)


def _at(place: str, fault: FieldViolation) -> FieldViolation:
    where = f"{place}: {fault.field}" if fault.field else place
    return FieldViolation(field=where, value=fault.value, remedy=fault.remedy)


def _unreadable(value: _Unreadable) -> list[FieldViolation]:
    violations = Violations()
    violations.add("", value.text, value.remedy)
    return violations.found


def _json_lines(path: Path, _: type[Any]) -> _Read:
    decode = msgspec.json.Decoder().decode
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield number, decode(line)
            except (msgspec.DecodeError, ValueError) as error:
                yield number, _Unreadable(line.decode("utf-8", "replace").rstrip("\n"), str(error))


def _csv_rows(path: Path, noun: type[Any]) -> _Read:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            rows = _numbered(reader)
            if noun is Order:
                yield from _orders_of(rows)
                return
            for line, row in rows:
                yield line, row if isinstance(row, _Unreadable) else _nested(row, noun)
        except (csv.Error, UnicodeDecodeError) as error:
            yield reader.line_num, _Unreadable("", f"{error}; write CSV in UTF-8 with a line of names")


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str] | _Unreadable]]:
    """Rows without their empty cells, which say nothing."""
    for row in reader:
        names = reader.fieldnames or ()
        if None in row:
            remedy = f"a row has a cell for each name of the first line, here {len(names)}"
            yield reader.line_num, _Unreadable(",".join(cell for cell in row.values() if isinstance(cell, str)), remedy)
        else:
            yield reader.line_num, {name: cell for name, cell in row.items() if cell}


def _nested(row: Mapping[str, Any], noun: type[Any]) -> dict[str, Any]:
    """`destination.region_id` is a field of the destination, `tags` holds words with a stroke between them."""
    made: dict[str, Any] = {}
    shape = shape_of(noun)
    for name, cell in row.items():
        *outer, inner = name.split(".")
        target = made
        for part in outer:
            target = target.setdefault(part, {})
        several = not outer and name in shape and shape[name].listed and shape[name].noun is None
        target[inner] = cell.split(_NEXT) if several and isinstance(cell, str) else cell
    return made


def _parquet_rows(path: Path, noun: type[Any]) -> _Read:
    """Rows with their numbers; columns hold structs and lists, or are named as those of CSV."""
    try:
        from pyarrow import ArrowException, parquet  # an extra: most folders have text
    except ImportError:
        yield 1, _Unreadable("", "Parquet comes with the extra `tables`, which is not installed; or write JSON Lines")
        return
    try:
        file = parquet.ParquetFile(path)
        rows = ((number, _said(row)) for number, row in enumerate(_batched(file), start=1))
        if noun is Order and any(name.startswith(_LINE) for name in file.schema_arrow.names):
            yield from _orders_of(rows)
            return
        for number, row in rows:
            yield number, _nested(row, noun)
    except (ArrowException, OSError) as error:
        yield 1, _Unreadable("", f"{error}; write Parquet")


def _batched(file: Any) -> Iterator[dict[str, Any]]:
    for batch in file.iter_batches():
        yield from batch.to_pylist()


def _said(value: Any) -> Any:
    """A value without what is null in it, at any depth; a map is what it maps."""
    if isinstance(value, dict):
        return {name: _said(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        pairs = bool(value) and all(isinstance(one, tuple) for one in value)
        return {name: _said(one) for name, one in value} if pairs else [_said(one) for one in value]
    return value


def _orders_of(rows: Iterator[tuple[int, dict[str, Any] | _Unreadable]]) -> _Read:
    """An order for each run of rows with the same id: each row is one of its lines, the first says the rest as well."""
    for _, of_order in groupby(rows, key=lambda numbered: _order_id(numbered[1])):
        listed = list(of_order)
        bad = [(line, row) for line, row in listed if isinstance(row, _Unreadable)]
        good = [(line, row) for line, row in listed if not isinstance(row, _Unreadable)]
        yield from bad
        if good:
            yield good[0][0], _order([row for _, row in good])


def _order_id(row: dict[str, Any] | _Unreadable) -> str | None:
    return None if isinstance(row, _Unreadable) else row.get("order_id")


def _order(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    order = _nested({name: cell for name, cell in rows[0].items() if not name.startswith(_LINE)}, Order)
    order["lines"] = [
        {"line_id": str(number)}
        | {name.removeprefix(_LINE): cell for name, cell in row.items() if name.startswith(_LINE)}
        for number, row in enumerate(rows, start=1)
    ]
    return order


_READERS: dict[str, tuple[Callable[[Path, type[Any]], _Read], bool]] = {
    ".jsonl": (_json_lines, False),
    ".csv": (_csv_rows, True),
    ".parquet": (_parquet_rows, False),
}
