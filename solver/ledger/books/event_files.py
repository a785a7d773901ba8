"""Events as a table: one row for each figure, rows of one kind, source and entity are one event. CSV, read strictly."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import TypeAlias

from solver.errors import FieldViolation, InvalidRequest
from solver.ledger.books.csv_rows import rows_of
from solver.ledger.books.model import Amount, Event
from solver.validation import unknown

_OF_EVENT = ("kind", "entity", "currency", "on", "source", "reason")
_OF_AMOUNT = tuple(one.name for one in fields(Amount))
COLUMNS = (*_OF_EVENT, *_OF_AMOUNT)
_NEEDED = ("kind", "currency", "on", "source", "charge", "amount_minor")
Found: TypeAlias = dict[tuple[str, str, str], tuple[Event, list[Amount]]]  # by kind, source and entity
_MOST_ROWS = 1_000_000
_MOST_FAULTS = 1_000


def read_events(text: str, origin: str) -> tuple[Event, ...]:
    """The events of a CSV in the order of their first rows. Raises InvalidRequest naming every wrong line."""
    rows = rows_of(text, origin)
    _, head = next(rows, (1, []))
    faults = [FieldViolation(field=f"{origin}:1: {name}", value="", remedy=remedy) for name, remedy in _head(head)]
    found: Found = {}
    if not faults:
        for number, (line, row) in enumerate(rows, 1):
            at = f"{origin}:{line}"
            if number > _MOST_ROWS or len(faults) >= _MOST_FAULTS:
                remedy = f"split the file: at most {_MOST_ROWS:,} rows and {_MOST_FAULTS:,} faults are read"
                faults.append(FieldViolation(field=at, value="", remedy=remedy))
                break
            faults += _take(dict(zip(head, row, strict=False)), len(row) - len(head), at, found)
    if faults:
        raise InvalidRequest(origin, faults)
    return tuple(replace(event, amounts=tuple(amounts)) for event, amounts in found.values())


def _head(head: list[str]) -> Iterator[tuple[str, str]]:
    for name in _NEEDED:
        if name not in head:
            yield name, f"the column is missing; there may be {', '.join(COLUMNS)}"
    for position, name in enumerate(head):
        if name not in COLUMNS:
            yield name, unknown(name, COLUMNS, "column", f"there may be {', '.join(COLUMNS)}")
        elif name in head[:position]:
            yield name, "the column stands twice"


def _take(row: Mapping[str, str], extra: int, at: str, found: Found) -> list[FieldViolation]:
    """Add a row to its event; what is wrong with it."""
    if extra:
        return [FieldViolation(field=at, value="", remedy="the row has more or fewer cells than the head")]
    on, minor = _day(row["on"]), _whole(row["amount_minor"])
    faults = []
    if on is None:
        faults.append(FieldViolation(field=f"{at}: on", value=row["on"][:80], remedy="write a day as YYYY-MM-DD"))
    if minor is None:
        remedy = "write a whole number of minor units, such as 1250"
        faults.append(FieldViolation(field=f"{at}: amount_minor", value=row["amount_minor"][:80], remedy=remedy))
    if on is None or minor is None:
        return faults
    texts = {name: row[name] for name in _OF_AMOUNT if name in row and name != "amount_minor"}
    amount = Amount(amount_minor=minor, **texts)
    said = Event(
        kind=row["kind"],
        entity=row.get("entity", ""),
        currency=row["currency"],
        on=on,
        source=row["source"],
        amounts=(),
        reason=row.get("reason", ""),
    )
    key = (said.kind, said.source, said.entity)
    before, amounts = found.setdefault(key, (said, []))
    amounts.append(amount)
    if before is not said:
        for name in ("currency", "on", "reason"):
            if getattr(before, name) != getattr(said, name):
                remedy = "must be what the event's first row says"
                faults.append(FieldViolation(field=f"{at}: {name}", value=row.get(name, ""), remedy=remedy))
    return faults


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= 16 else None
