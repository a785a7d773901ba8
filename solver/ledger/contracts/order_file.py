"""Settled orders from CSV: a row for each line of an order, the order's own figures repeated on every row of it.

Orders come one by one, so that a file of any length needs little memory; faults come all together at its end.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.ledger.contracts.facts import SettledLine, SettledOrder, ShippedPackage, check_order
from solver.validation import unknown

NEEDED = ("order_id", "placed_on", "currency", "paid_minor", "line_id", "sku", "units", "list_minor", "line_paid_minor")
OF_ORDER = ("placed_on", "delivered_on", "channel", "currency", "paid_minor", "freight_paid_minor")
OF_PACKAGE = ("package_id", "carrier_id", "tariff_minor", "booked_minor")
COLUMNS = (
    *NEEDED,
    "delivered_on",
    "channel",
    "freight_paid_minor",
    "tax_minor",
    "source_id",
    "category",
    "service_level",
    "distance_meters",
    *OF_PACKAGE,
)
MOST_FAULTS = 200
# A path within an order, as a column of its rows.
_COLUMN_OF = {"paid_minor": "line_paid_minor"}
Row = Mapping[str, str]


def read_orders(lines: Iterable[str], origin: str) -> Iterator[SettledOrder]:
    """Every sound order of the file.

    Raises InvalidRequest at the end, or once there are too many, with everything that is wrong: `origin:line: column`.
    """
    reading = _Reading(origin)
    reader = csv.DictReader(lines, strict=True)
    try:
        reading.check_head(reader.fieldnames or ())
        for row in reader:
            if (order := reading.take(reader.line_num, row)) is not None:
                yield order
            reading.refuse_any(most=MOST_FAULTS)
    except csv.Error as error:
        reading.wrong(reader.line_num, "", "unreadable", f"{error}; write comma-separated values in UTF-8")
    except UnicodeDecodeError as error:
        reading.wrong(reader.line_num + 1, "", error.object[error.start : error.end], "is no UTF-8; save it as UTF-8")
    if (order := reading.finish()) is not None:
        yield order
    reading.refuse_any(most=1)


@dataclass(slots=True)
class _Reading:
    """The rows of the order that is being read, and all that was wrong so far."""

    origin: str
    found: list[FieldViolation] = field(default_factory=list)
    rows: list[tuple[int, Row]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def wrong(self, line: int, column: str, value: object, remedy: str) -> None:
        one = Violations()
        at = f"{self.origin}:{line}: {column}" if column else f"{self.origin}:{line}"
        one.add(at, value, remedy)
        self.found.extend(one.found)

    def refuse_any(self, most: int) -> None:
        if len(self.found) >= most:
            raise InvalidRequest(f"the file {self.origin}", self.found)

    def check_head(self, names: Iterable[str]) -> None:
        given = list(names)
        for name in given:
            if name not in COLUMNS:
                self.wrong(1, name, name, unknown(name, COLUMNS, "column", f"give some of {', '.join(COLUMNS)}"))
        for name in NEEDED:
            if name not in given:
                self.wrong(1, name, "missing", "this column is needed")
        self.refuse_any(most=1)

    def take(self, line: int, row: Mapping[str | None, str | None]) -> SettledOrder | None:
        """Add a row; the order before it where the row begins another one."""
        if None in row or None in row.values():
            self.wrong(line, "", f"{len(row)} columns", "give as many values as the head has columns")
            return None
        sound = {str(name): str(value) for name, value in row.items()}
        finished = None
        if self.rows and self.rows[0][1]["order_id"] != sound["order_id"]:
            finished = self.finish()
        self.rows.append((line, sound))
        return finished

    def finish(self) -> SettledOrder | None:
        """The order of the rows read last; None where there are none, or they are not sound."""
        rows, self.rows = self.rows, []
        if not rows:
            return None
        before = len(self.found)
        first_line, first = rows[0]
        if first["order_id"] in self.seen:
            self.wrong(first_line, "order_id", first["order_id"], "stood before; keep an order's rows together")
        self.seen.add(first["order_id"])
        for line, row in rows[1:]:
            for name in OF_ORDER:
                if row.get(name, "") != first.get(name, ""):
                    self.wrong(line, name, row.get(name, ""), f"line {first_line} says {first.get(name, '')!r}")
        order = self._order(rows)
        if len(self.found) == before:
            self._check(order, rows)
        return order if len(self.found) == before else None

    def _order(self, rows: list[tuple[int, Row]]) -> SettledOrder:
        line, first = rows[0]
        placed_on = self._day(line, first, "placed_on")
        return SettledOrder(
            order_id=first["order_id"],
            currency=first["currency"],
            channel=first.get("channel", ""),
            placed_on=placed_on or date.min,
            delivered_on=self._day(line, first, "delivered_on") if first.get("delivered_on") else None,
            paid_minor=self._minor(line, first, "paid_minor"),
            freight_paid_minor=self._minor(line, first, "freight_paid_minor"),
            lines=tuple(self._line(number, row) for number, row in rows),
            packages=self._packages(rows),
        )

    def _line(self, line: int, row: Row) -> SettledLine:
        return SettledLine(
            line_id=row["line_id"],
            sku=row["sku"],
            units=self._minor(line, row, "units"),
            list_minor=self._minor(line, row, "list_minor"),
            paid_minor=self._minor(line, row, "line_paid_minor"),
            tax_minor=self._minor(line, row, "tax_minor"),
            source_id=row.get("source_id", ""),
            category=row.get("category", ""),
            service_level=row.get("service_level", ""),
            distance_meters=self._minor(line, row, "distance_meters"),
        )

    def _packages(self, rows: list[tuple[int, Row]]) -> tuple[ShippedPackage, ...]:
        """A package whose lines stand on several rows is repeated there, and must be the same."""
        made: dict[str, tuple[int, ShippedPackage]] = {}
        for line, row in rows:
            if package_id := row.get("package_id", ""):
                package = ShippedPackage(
                    package_id=package_id,
                    carrier_id=row.get("carrier_id", ""),
                    source_id=row.get("source_id", ""),
                    tariff_minor=self._minor(line, row, "tariff_minor"),
                    booked_minor=self._minor(line, row, "booked_minor"),
                )
                first_line, first = made.setdefault(package_id, (line, package))
                if first != package:
                    remedy = f"line {first_line} has the same package otherwise (carrier, source, tariff)"
                    self.wrong(line, "package_id", package_id, remedy)
        return tuple(package for _, package in made.values())

    def _minor(self, line: int, row: Row, name: str) -> int:
        written = row.get(name, "").strip()
        if not written and name not in NEEDED:
            return 0
        digits = written.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 16):
            self.wrong(line, name, written, "write a whole number; amounts are in minor units")
            return 0
        return int(written)

    def _day(self, line: int, row: Row, name: str) -> date | None:
        try:
            return date.fromisoformat(row.get(name, ""))
        except ValueError:
            self.wrong(line, name, row.get(name, ""), "write a day as YYYY-MM-DD")
            return None

    def _check(self, order: SettledOrder, rows: list[tuple[int, Row]]) -> None:
        """What is wrong with the order as such, told with its rows."""
        violations = Violations()
        check_order(order, "", violations)
        for one in violations.found:
            place, _, name = one.field.removeprefix(".").rpartition(".")
            line, column = rows[0][0], name or place
            if place.startswith("lines["):
                line, column = rows[int(place[6:-1])][0], _COLUMN_OF.get(name, name)
            at = f"{self.origin}:{line}: {column}"
            self.found.append(FieldViolation(field=at, value=one.value, remedy=one.remedy))
