"""Refunds from CSV: a row for each line that something was given back for; rows of a refund stand together."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.ledger.contracts.facts import Refund, RefundedLine, check_refund
from solver.validation import unknown

NEEDED = ("refund_id", "order_id", "on", "line_id", "refund_minor")
COLUMNS = (*NEEDED, "units", "tax_minor", "freight_minor")
_OF_REFUND = ("order_id", "on", "freight_minor")
Row = tuple[int, dict[str, str]]


def read_refunds(lines: Iterable[str], origin: str) -> list[Refund]:
    """Every refund. Raises InvalidRequest with everything that is wrong: `origin:line: column`."""
    found = Violations()
    rows = list(_rows(csv.DictReader(lines), origin, found))
    _refuse(found, origin)
    made = []
    seen: set[str] = set()
    for refund_id, group in groupby(rows, key=lambda row: row[1]["refund_id"]):
        of_refund = list(group)
        line = of_refund[0][0]
        found.require(
            refund_id not in seen, f"{origin}:{line}: refund_id", refund_id, "stood before; keep its rows together"
        )
        seen.add(refund_id)
        made.append((line, _refund(of_refund, origin, found)))
    _refuse(found, origin)
    for line, refund in made:
        own = Violations()
        check_refund(refund, "", own)
        found.found += [
            FieldViolation(field=f"{origin}:{line}: {one.field.lstrip('.')}", value=one.value, remedy=one.remedy)
            for one in own.found
        ]
    _refuse(found, origin)
    return [refund for _, refund in made]


def _rows(reader: "csv.DictReader[str]", origin: str, found: Violations) -> Iterator[Row]:
    given = list(reader.fieldnames or ())
    for name in given:
        remedy = unknown(name, COLUMNS, "column", f"give some of {', '.join(COLUMNS)}")
        found.require(name in COLUMNS, f"{origin}:1: {name}", name, remedy)
    for name in NEEDED:
        found.require(name in given, f"{origin}:1: {name}", "missing", "this column is needed")
    if found.found:
        return
    for row in reader:
        whole = None not in row and None not in row.values()
        if found.require(whole, f"{origin}:{reader.line_num}", "columns", "give as many values as the head has"):
            yield reader.line_num, row


def _refund(rows: list[Row], origin: str, found: Violations) -> Refund:
    line, first = rows[0]
    for other, row in rows[1:]:
        for name in _OF_REFUND:
            said, before = row.get(name, ""), first.get(name, "")
            found.require(said == before, f"{origin}:{other}: {name}", said, f"line {line} says {before!r}")
    return Refund(
        refund_id=first["refund_id"],
        order_id=first["order_id"],
        on=_day(first["on"], f"{origin}:{line}: on", found),
        lines=tuple(
            RefundedLine(
                line_id=row["line_id"],
                **{
                    name: _whole(row.get(name, ""), f"{origin}:{number}: {name}", found)
                    for name in ("refund_minor", "units", "tax_minor")
                },
            )
            for number, row in rows
        ),
        freight_minor=_whole(first.get("freight_minor", ""), f"{origin}:{line}: freight_minor", found),
    )


def _whole(written: str, path: str, found: Violations) -> int:
    digits = written.strip().removeprefix("-")
    sound = not digits or (digits.isascii() and digits.isdecimal() and len(digits) < 16)
    if not found.require(sound, path, written, "write a whole number; amounts are in minor units") or not digits:
        return 0
    return int(written)


def _day(written: str, path: str, found: Violations) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        found.add(path, written, "write a day as YYYY-MM-DD")
        return date.min


def _refuse(found: Violations, origin: str) -> None:
    if found.found:
        raise InvalidRequest(f"the file {origin}", found.found)
