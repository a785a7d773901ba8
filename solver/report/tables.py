"""Everything of a report as tables: orders, packages, lines, metrics and differences, a column a list.

A cell is None where the run does not tell. Names of columns end with their unit, as everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from solver.report.content import Gatherings, names_of
from solver.report.gathering import CROSSES, FATES, MOVED, NO_PROMISE, NO_REFUND, REFUSED, Gathered
from solver.report.headline import SERIES, paired_differences
from solver.stock.physical.return_model import Grade

Cell: TypeAlias = str | int | float | bool | datetime | None
GRADES = tuple(str(grade) for grade in Grade)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Columns of a package: name, the gathered column it is read from, what must be known.
_PACKAGE_FIGURES = (
    ("weight_grams", "weight", "weight_grams"),
    ("distance_meters", "distance", "distance_meters"),
    ("late_minutes", "late", "late_minutes"),
    ("cost_minor", "cost", "freight"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A name, and columns of equal length by theirs."""

    name: str
    columns: Mapping[str, Sequence[Cell]]

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(next(iter(self.columns.values())))


def tables_of(read: Gatherings) -> Iterator[Table]:
    """All tables, one after the other, so that not all need be there at once."""
    names = names_of(read.runs, read.folders)
    yield _joined("orders", [_orders(name, one, read) for name, one in zip(names, read.gathered, strict=True)])
    yield _joined("packages", [_packages(name, one, read) for name, one in zip(names, read.gathered, strict=True)])
    yield _joined("lines", [_lines(name, one, read) for name, one in zip(names, read.gathered, strict=True)])
    if any(one.parcels["source"] for one in read.gathered):
        yield _joined("returns", [_returns(name, one, read) for name, one in zip(names, read.gathered, strict=True)])
    yield _metrics(names, read)
    if len(names) > 1:
        yield _joined("differences", [_differences(names, number, read) for number in range(1, len(names))])
        yield _paired(names, read)


def _joined(name: str, parts: Sequence[dict[str, list[Cell]]]) -> Table:
    columns = {column: [cell for part in parts for cell in part[column]] for column in parts[0]}
    return Table(name=name, columns=columns)


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _orders(name: str, one: Gathered, read: Gatherings) -> dict[str, list[Cell]]:
    number, words, first = len(one.order_ids), read.words, read.gathered[0]
    placed, promised = first.orders["placed"], first.orders["promised_in"]
    regions = words.regions.all
    named = {place.place_id: place.name for place in read.world.regions}
    columns: dict[str, list[Cell]] = {
        "run": [name] * number,
        "order_id": list(one.order_ids),
        "placed_at": [_moment(at) for at in placed],
        "promised_at": [
            None if within == NO_PROMISE else _moment(at + within) for at, within in zip(placed, promised, strict=True)
        ],
        "region_id": [regions[place] for place in first.orders["region"]],
        "region": [named.get(regions[place], "") for place in first.orders["region"]],
        "ordered_units": list(first.orders["ordered_units"]),
        "unfilled_units": _known(one, "units", one.run["unfilled_units"]),
        "packages": [None if value != value else int(value) for value in SERIES["packages"](one).tolist()],
        "late_minutes": _late(one),
        "cost_minor": _known(one, "freight", one.run["total"]),
        "above_bound_minor": _known(one, "cost", one.run["gap"]),
        "lost_minor": _known(one, "units", one.run["lost"]),
        "returned_units": _known(one, "cost", _of_parcels(one, _units_by_fate(one, GRADES))),
        "return_cost_minor": _known(one, "cost", _of_parcels(one, one.parcels["cost"], one.parcels["exchange"])),
        "fallback": [words.fallbacks.all[reason] for reason in one.run["fallback"]],
    }
    for term in words.terms.all:
        amounts: Sequence[int] = one.terms.get(term, [0] * number)
        columns[f"cost_{term}_minor"] = _known(one, "freight", amounts)
    return columns


def _known(one: Gathered, what: str, values: Sequence[int]) -> list[Cell]:
    return [value if is_known else None for value, is_known in zip(values, one.knows(what).tolist(), strict=True)]


def _late(one: Gathered) -> list[Cell]:
    hours = SERIES["late_hours"](one).tolist()
    return [None if value != value else round(60 * value) for value in hours]


def _packages(name: str, one: Gathered, read: Gatherings) -> dict[str, list[Cell]]:
    words, package = read.words, one.packages
    of_order = list(_order_of_package(one))
    leaves = [read.gathered[0].orders["placed"][order] for order in of_order]
    leaves = [at + later for at, later in zip(leaves, package["leaves_in"], strict=True)]
    columns: dict[str, list[Cell]] = {
        "run": [name] * len(of_order),
        "order_id": [one.order_ids[order] for order in of_order],
        "package": list(_number_in_order(one)),
        "source_id": [words.sources.all[place] or None for place in package["source"]],
        "service_id": [words.services.all[service] or None for service in package["service"]],
        "hand_over_at": _of_package(one, of_order, "hand_over_at", [_moment(at) for at in leaves]),
        "arrives_at": _of_package(
            one,
            of_order,
            "arrives_at",
            [_moment(at + takes) for at, takes in zip(leaves, package["takes"], strict=True)],
        ),
    }
    for column, values, what in _PACKAGE_FIGURES:
        columns[column] = _of_package(one, of_order, what, list(package[values]))
    for column, bit in (("crosses_province", CROSSES), ("refused", REFUSED), ("moved", MOVED)):
        columns[column] = _of_package(one, of_order, column, [bool(flags & bit) for flags in package["flags"]])
    return columns


def _of_package(one: Gathered, of_order: Sequence[int], what: str, values: Sequence[Cell]) -> list[Cell]:
    known = one.knows(what).tolist()
    return [value if known[order] else None for value, order in zip(values, of_order, strict=True)]


def _order_of_package(one: Gathered) -> Iterator[int]:
    for order, packages in enumerate(one.run["packages"]):
        for _ in range(packages):
            yield order


def _number_in_order(one: Gathered) -> Iterator[int]:
    for packages in one.run["packages"]:
        yield from range(1, packages + 1)


def _lines(name: str, one: Gathered, read: Gatherings) -> dict[str, list[Cell]]:
    places = [(order, number) for order, packages in enumerate(one.run["packages"]) for number in range(packages)]
    owners = [place for place, items in zip(places, one.packages["items"], strict=True) for _ in range(items)]
    skus = read.words.skus.all
    return {
        "run": [name] * len(owners),
        "order_id": [one.order_ids[order] for order, _ in owners],
        "package": [number + 1 for _, number in owners],
        "sku": [skus[sku] for sku in one.items["sku"]],
        "units": list(one.items["units"]),
    }


def _returns(name: str, one: Gathered, read: Gatherings) -> dict[str, list[Cell]]:
    """A row for each parcel that a customer sent back, or is sent something for."""
    parcels, owners = one.parcels, [order for order, count in enumerate(one.run["parcels"]) for _ in range(count)]
    placed = [read.gathered[0].orders["placed"][order] for order in owners]
    columns: dict[str, list[Cell]] = {
        "run": [name] * len(owners),
        "order_id": [one.order_ids[order] for order in owners],
        "source_id": [read.words.sources.all[source] for source in parcels["source"]],
        "returned_at": [_moment(at + later) for at, later in zip(placed, parcels["comes_in"], strict=True)],
        "days_after_arrival": list(parcels["days"]),
    }
    for fate in FATES:
        columns[f"{fate}_units"] = list(_units_by_fate(one, (fate,)))
    columns["cost_minor"], columns["exchange_minor"] = list(parcels["cost"]), list(parcels["exchange"])
    columns["refund_minor"] = [None if minor == NO_REFUND else minor for minor in parcels["refund"]]
    return columns


def _units_by_fate(one: Gathered, fates: Sequence[str]) -> list[int]:
    """Of each parcel, the units of which this became."""
    found, row = [], 0
    for items in one.parcels["items"]:
        rows = range(row, row + items)
        found.append(sum(one.fated["units"][at] for at in rows if FATES[one.fated["fate"][at]] in fates))
        row += items
    return found


def _of_parcels(one: Gathered, *values: Sequence[int]) -> list[int]:
    """Of each order, the sum over its parcels."""
    found, row = [], 0
    for parcels in one.run["parcels"]:
        found.append(sum(sum(of[row : row + parcels]) for of in values))
        row += parcels
    return found


def _metrics(names: Sequence[str], read: Gatherings) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, run in zip(names, read.runs, strict=True):
        rows += [(name, metric, figure) for metric, figure in run.metrics.figures.items()]
        rows += [(name, f"term_{term}_minor", float(minor)) for term, minor in run.metrics.terms_minor.items()]
        rows += [
            (name, "orders", float(run.metrics.orders)),
            (name, "shipped_orders", float(run.metrics.shipped_orders)),
        ]
    return _table("metrics", ("run", "figure", "value"), rows)


def _differences(names: Sequence[str], number: int, read: Gatherings) -> dict[str, list[Cell]]:
    first, one = read.gathered[0], read.gathered[number]
    costs = _known(first, "freight", first.run["total"]), _known(one, "freight", one.run["total"])
    return {
        "run": [names[number]] * len(one.order_ids),
        "base": [names[0]] * len(one.order_ids),
        "order_id": list(one.order_ids),
        "base_cost_minor": costs[0],
        "cost_minor": costs[1],
        "difference_minor": [
            after - before if isinstance(before, int) and isinstance(after, int) else None
            for before, after in zip(*costs, strict=True)
        ],
    }


def _paired(names: Sequence[str], read: Gatherings) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for number in range(1, len(names)):
        for series, one in paired_differences(read.gathered[0], read.gathered[number]).items():
            rows.append((names[number], names[0], series, one.mean, one.margin, one.less, one.more, one.orders))
    return _table("paired", ("run", "base", "figure", "mean", "margin", "less", "more", "orders"), rows)


def _table(name: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(name=name, columns={head: [row[place] for row in rows] for place, head in enumerate(heads)})
