"""Rows of a history as lines of orders, or everything that is wrong with them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from solver.errors import FieldViolation, InvalidRequest
from solver.importers.order_history.cells import Unsound, money_reader, quantity, time_reader, weight_reader
from solver.importers.order_history.mapping import HistoryMapping, named_columns
from solver.importers.order_history.places import Places, Where
from solver.importers.order_history.tables import Table, Unreadable
from solver.scenario.shape import meant
from solver.validation import MOST_ID_CHARACTERS, MOST_MINOR

_PLACE_FIELDS = ("region", "province", "city", "postcode", "latitude", "longitude")
_WORDS = ("channel", "item_name", "shipped_from", "carrier", "status")
_NEEDED = ("order_id", "placed_at", "sku", "quantity")


class Line(NamedTuple):
    """What a row says. What it does not say is empty or None."""

    file: str
    line: int
    order_id: str
    placed_at: datetime
    sku: str
    quantity: int
    where: Where
    unit_price: int = 0
    paid_amount: int = 0
    list_price: int = 0
    list_amount: int = 0
    tax: int = 0
    promised_at: datetime | None = None
    weight: int | None = None
    shipped_at: datetime | None = None
    arrived_at: datetime | None = None
    freight: int | None = None
    channel: str = ""
    item_name: str = ""
    shipped_from: str = ""
    carrier: str = ""
    status: str = ""

    @property
    def unit_price_minor(self) -> int:
        """What is paid for a unit; 0: not told."""
        return self.unit_price or _share(self.paid_amount, self.quantity)

    @property
    def list_minor(self) -> int:
        """What all units cost by the list; 0: not told."""
        return self.list_amount or self.list_price * self.quantity

    @property
    def says(self) -> tuple[object, ...]:
        """All of it, but for where it stands: a row that says the same again is the same row twice."""
        return self[2:]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a row: the column, what stands there, a stable reason, and what to do."""

    line: int
    column: str
    value: str
    reason: str
    remedy: str


class BadRow(NamedTuple):
    """A row that is not sound, the order that it names (empty: none), and why."""

    order_id: str
    faults: list[Fault]


class LineReader:
    """Reads rows by a mapping."""

    def __init__(self, mapping: HistoryMapping, places: Places) -> None:
        self._places = places
        self._columns = named_columns(mapping.columns)
        time, money, weight = time_reader(mapping), money_reader(mapping), weight_reader(mapping)
        self._readers: dict[str, Callable[[str], Any]] = {
            "order_id": _id,
            "sku": _id,
            "placed_at": time,
            "promised_at": time,
            "shipped_at": time,
            "arrived_at": time,
            "quantity": quantity,
            "unit_price": money,
            "paid_amount": money,
            "list_price": money,
            "list_amount": money,
            "tax": money,
            "freight": money,
            "weight": weight,
        } | dict.fromkeys(_WORDS, str)

    def lines(self, table: Table) -> Iterator[Line | BadRow]:
        """Each row. Raises InvalidRequest where the mapping names a column that the table does not have."""
        places = self._positions(table)
        of_place = {name: places.pop(name) for name in _PLACE_FIELDS if name in places}
        plan = [(name, position, self._readers[name]) for name, position in places.items()]
        for number, cells in table.rows:
            if isinstance(cells, Unreadable):
                yield BadRow("", [Fault(number, "", cells.text, cells.reason, cells.remedy)])
                continue
            faults: list[Fault] = []
            says: dict[str, Any] = {}
            for name, position, read in plan:
                text = cells[position].strip()
                try:
                    if text:
                        says[name] = read(text)
                    elif name in _NEEDED:
                        raise Unsound("missing", "missing; a value must be given")
                except Unsound as unsound:
                    faults.append(Fault(number, self._columns[name], text, unsound.reason, unsound.remedy))
            told = {name: text for name, position in of_place.items() if (text := cells[position].strip())}
            where = self._where(told, number, faults)
            _check_times(says, number, self._columns, faults)
            _check_amounts(says, number, self._columns, faults)
            if faults or where is None:
                yield BadRow(says.get("order_id", ""), faults)
            else:
                yield Line(file=table.path.name, line=number, where=where, **says)

    def _where(self, told: Mapping[str, str], number: int, faults: list[Fault]) -> Where | None:
        try:
            return self._places.where(told)[1]
        except Unsound as unsound:
            named = next((name for name in ("region", "city", "province", *_PLACE_FIELDS) if name in told), "")
            if unsound.reason == "not_a_coordinate":
                named = "latitude" if "-90" in unsound.remedy else "longitude"
            heading = self._columns.get(named) or next(
                self._columns[name] for name in _PLACE_FIELDS if name in self._columns
            )
            faults.append(Fault(number, heading, told.get(named, ""), unsound.reason, unsound.remedy))
            return None

    def _positions(self, table: Table) -> dict[str, int]:
        known = {name: position for position, name in enumerate(table.columns)}
        missing = [
            FieldViolation(
                field=f"{table.path}:1: columns.{name}",
                value=heading,
                remedy=f"there is no such column; {meant(heading, known)}".removesuffix("; "),
            )
            for name, heading in self._columns.items()
            if heading not in known
        ]
        if missing:
            raise InvalidRequest("the history", missing)
        return {name: known[heading] for name, heading in self._columns.items()}


def _id(text: str) -> str:
    if len(text) > MOST_ID_CHARACTERS or not text.isprintable():
        raise Unsound("not_an_id", f"give 1 to {MOST_ID_CHARACTERS} printable characters")
    return text


def _share(amount_minor: int, units: int) -> int:
    """What falls to one of the units, to the nearest minor unit."""
    return (2 * amount_minor + units) // (2 * units)


def _check_times(says: Mapping[str, Any], number: int, columns: Mapping[str, str], faults: list[Fault]) -> None:
    """Dates that run backwards."""
    for late, early in (("promised_at", "placed_at"), ("shipped_at", "placed_at"), ("arrived_at", "shipped_at")):
        if late in says and early in says and says[late] < says[early]:
            remedy = f"is earlier than {columns[early]}, {says[early].isoformat()}"
            faults.append(Fault(number, columns[late], says[late].isoformat(), f"{late}_before_{early}", remedy))


def _check_amounts(says: Mapping[str, Any], number: int, columns: Mapping[str, str], faults: list[Fault]) -> None:
    """Amounts that cannot be of the same row."""
    if "quantity" not in says:
        return
    if says.get("list_price", 0) * says["quantity"] > MOST_MINOR:
        remedy = f"times {says['quantity']:,} units it is more than {MOST_MINOR:,} minor units"
        faults.append(Fault(number, columns["list_price"], str(says["list_price"]), "not_an_amount", remedy))
    paid = (says.get("unit_price") or _share(says.get("paid_amount", 0), says["quantity"])) * says["quantity"]
    if paid and says.get("tax", 0) > paid:
        remedy = f"is more than the {paid} minor units that are paid; it is the tax within these, for all units"
        faults.append(Fault(number, columns["tax"], str(says["tax"]), "tax_above_what_is_paid", remedy))
