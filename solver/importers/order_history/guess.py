"""A mapping guessed from a table's headings and first rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path

from solver.importers.order_history.cells import Unsound, money_reader, quantity, time_as, time_reader
from solver.importers.order_history.headings import matched
from solver.importers.order_history.mapping import ISO, Columns, HistoryMapping, MoneyIn, WeightIn
from solver.importers.order_history.tables import Unreadable, opened

SAMPLE = 200  # rows
_EXAMPLES = 3
_DELIMITERS = ",;\t|"
_PEEK_BYTES = 1 << 20
_FORMATS = (
    ISO,
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y%m%d%H%M%S",
)
_DAY_FIRST, _MONTH_FIRST = "%d/", "%m/"
_AMOUNTS = ("unit_price", "paid_amount", "freight", "list_price", "list_amount", "tax")
_TIMES = ("placed_at", "promised_at", "shipped_at", "arrived_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A mapping to begin with. `examples` are cells by heading, `doubts` what a person should look at."""

    mapping: HistoryMapping
    examples: Mapping[str, Sequence[str]]
    unused: tuple[str, ...]
    doubts: tuple[str, ...]


def guess_mapping(path: Path, *, currency: str, network: str) -> Guess:
    """What a file seems to say. Raises InvalidRequest where it is no table."""
    encoding, delimiter = _encoding(path), ","
    if path.suffix == ".csv" and path.is_file():
        delimiter = _delimiter(path, encoding)
    with opened(path, encoding, delimiter) as table:
        rows = [cells for _, cells in islice(table.rows, SAMPLE) if not isinstance(cells, Unreadable)]
    cells = {
        heading: [row[position].strip() for row in rows if row[position].strip()]
        for position, heading in enumerate(table.columns)
    }
    found = matched(table.columns)
    doubts: list[str] = []
    for of_unit, of_all in (("unit_price", "paid_amount"), ("list_price", "list_amount")):
        if of_unit in found and of_all in found:
            doubts.append(
                f"columns.{of_all}: {found.pop(of_all)!r} says what {of_unit} times the units says, or nearly"
            )
    if "paid_amount" in found:
        doubts.append(f"columns.paid_amount: {found['paid_amount']!r} must be what the row's units cost, not the order")
    if "sku" not in found and "item_name" in found:
        found["sku"] = found.pop("item_name")
        doubts.append(f"columns.sku: {found['sku']!r} says what was ordered, and no other column does; is it a code?")
    chinese = any(not heading.isascii() for heading in table.columns)
    mapping = HistoryMapping(
        columns=Columns(**found),
        currency=currency or "CNY",
        network=network,
        time_zone="Asia/Shanghai" if chinese else "UTC",
        time_format=_time_format([cell for name in _TIMES if name in found for cell in cells[found[name]]], doubts),
        weight_in=_weight_unit(found.get("weight", "")),
        encoding=encoding,
        delimiter=delimiter,
    )
    mapping = replace(mapping, money_in=_money(mapping, cells, doubts))
    mapping = _without_what_is_none(mapping, cells, doubts)
    used = {getattr(mapping.columns, one.name) for one in fields(Columns)}
    return Guess(
        mapping=mapping,
        examples={heading: [*dict.fromkeys(cells[heading])][:_EXAMPLES] for heading in table.columns},
        unused=tuple(heading for heading in table.columns if heading not in used),
        doubts=tuple(doubts),
    )


def _encoding(path: Path) -> str:
    """UTF-8 where it is, or else that of Chinese Windows, in which any bytes are some text."""
    if path.suffix != ".csv" or not path.is_file():
        return "utf-8"
    with path.open("rb") as file:
        begins = file.read(_PEEK_BYTES)
    try:
        begins[: begins.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace") as file:
        heading = file.readline()
    return max(_DELIMITERS, key=lambda one: (heading.count(one), -_DELIMITERS.index(one)))


def _time_format(cells: Sequence[str], doubts: list[str]) -> str | tuple[str, ...]:
    """The one that fits the most cells, the first of those that fit alike; where others fit the rest, all of them."""
    ways = _ways_of_writing(cells)
    rest = [cell for cell in cells if all(time_as(form, cell) is None for form in ways)]
    if rest:
        doubts.append(f"time_format: {len(rest)} of {len(cells)} times fit none of these, such as {rest[0]!r}")
    if len(ways) > 1:
        counts = ", ".join(f"{form} ({count})" for form, count in ways.items())
        doubts.append(f"time_format: times are written in {len(ways)} ways, tried in this order: {counts}")
        return tuple(ways)
    best = next(iter(ways), ISO)
    alike = [form for form in _FORMATS if sum(time_as(form, cell) is not None for cell in cells) == ways.get(best)]
    if len(alike) > 1 and "/%Y" in best:
        doubts.append(f"time_format: {' and '.join(alike)} both fit; which is the day, and which the month?")
    return best


def _ways_of_writing(cells: Sequence[str]) -> dict[str, int]:
    """Formats that fit the cells together, each with how many it adds. Never one with the day first beside one with
    the month first: which of the two a cell means could not be told."""
    ways: dict[str, int] = {}
    left, forms = [*cells], [*_FORMATS]
    while left and forms:
        fits = {form: [time_as(form, cell) is not None for cell in left] for form in forms}
        best = max(forms, key=lambda form: sum(fits[form]))
        if not any(fits[best]):
            break
        ways[best] = sum(fits[best])
        left = [cell for cell, fit in zip(left, fits[best], strict=True) if not fit]
        other = _MONTH_FIRST if best.startswith(_DAY_FIRST) else _DAY_FIRST if best.startswith(_MONTH_FIRST) else ""
        forms = [form for form in forms if form != best and not (other and form.startswith(other))]
    return ways


def _weight_unit(heading: str) -> WeightIn:
    bare = heading.lower()
    kilograms = "kg" in bare or "千克" in bare or "公斤" in bare
    return WeightIn.KILOGRAMS if kilograms else WeightIn.GRAMS


def _money(mapping: HistoryMapping, cells: Mapping[str, Sequence[str]], doubts: list[str]) -> MoneyIn:
    headings = [one for name in _AMOUNTS if (one := getattr(mapping.columns, name))]
    amounts = [cell for heading in headings for cell in cells[heading]]
    minor = any("minor" in one.lower() or "（分）" in one or "(分)" in one for one in headings)
    if amounts and not minor and all("." not in cell for cell in amounts):
        doubts.append(f"money_in: no amount has decimals ({amounts[0]}); are they {MoneyIn.MAJOR} or {MoneyIn.MINOR}?")
    return MoneyIn.MINOR if minor else MoneyIn.MAJOR


def _without_what_is_none(
    mapping: HistoryMapping, cells: Mapping[str, Sequence[str]], doubts: list[str]
) -> HistoryMapping:
    """A heading that promises a time or a number, and cells that are none: the heading was misread."""
    money, time = money_reader(mapping), time_reader(mapping)
    readers = {"quantity": quantity} | dict.fromkeys(_AMOUNTS, money) | dict.fromkeys(_TIMES, time)
    columns = mapping.columns
    for name, read in readers.items():
        heading = getattr(columns, name)
        if not heading or not cells[heading] or any(_reads(read, cell) for cell in cells[heading]):
            continue
        if name in ("promised_at", "shipped_at", "arrived_at", *_AMOUNTS):
            doubts.append(f"columns.{name}: {heading!r} is called like one, but {cells[heading][0]!r} is none")
            columns = replace(columns, **{name: ""})
    return replace(mapping, columns=columns)


def _reads(read: object, cell: str) -> bool:
    assert callable(read)
    try:
        read(cell)
    except Unsound:
        return False
    return True
