"""What remains of a plan: what has left, what can still change, and what was lost on the way."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from solver.orders.model import Order, OrderLine
from solver.sourcing.plan import Package, PackedUnits, Plan
from solver.sourcing.problem import Line
from solver.stock.holding.commitment_model import CommittedUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """`open` packages have not left, in whole or as far as they have not.

    `lost` counts units, by line and SKU, that were short, refused or never came: they are to be planned anew.
    `leaving` are those packages of the plan, whole, of which something has left or is open: what is owed.
    """

    open: tuple[Package, ...]
    has_shipped: bool
    lost: Counter[tuple[str, str]]
    leaving: tuple[Package, ...]

    @property
    def wanted(self) -> Counter[tuple[str, str]]:
        """Units by line and SKU that are to be planned: what is open, and what was lost."""
        units = Counter(self.lost)
        for package in self.open:
            for packed in package.contents:
                units[packed.line_id, packed.sku] += packed.units
        return units


def remains_of(plan: Plan, contents: Sequence[CommittedUnits], replanned: Mapping[tuple[str, str], int]) -> Remains:
    """What remains of a plan of whose units this became. Planned units that it lacks never came, and are lost.

    `replanned` units, by line and SKU, were lost and have been planned anew already. Where several packages of a source
    hold the same SKU, those that come first in the plan have left first, and those that come last are lost.
    """
    shipped = _Units((one.site_id, one.sku, one.shipped_units) for one in contents)
    there = _Units((one.site_id, one.sku, one.committed_units + one.awaited_units) for one in contents)
    dropped = _Units((one.site_id, one.sku, one.cancelled_units) for one in contents)
    still_open, leaving = [], []
    missing: Counter[tuple[str, str]] = Counter()
    has_shipped = False
    for package in plan.packages:
        left, rest = shipped.take_from(package)
        standing, rest = there.take_from(rest)
        _, gone = dropped.take_from(rest)
        has_shipped = has_shipped or bool(left.contents)
        for one in gone.contents:
            missing[one.line_id, one.sku] += one.units
        still_open += [standing] * bool(standing.contents)
        leaving += [package] * bool(left.contents or standing.contents)
    return Remains(
        open=tuple(still_open),
        has_shipped=has_shipped,
        lost=missing - Counter(replanned),
        leaving=tuple(leaving),
    )


class _Units:
    """Units of sites and SKUs that are to be found in packages."""

    def __init__(self, units: Iterable[tuple[str, str, int]]) -> None:
        self._left: Counter[tuple[str, str]] = Counter()
        for site_id, sku, count in units:
            self._left[site_id, sku] += count

    def take_from(self, package: Package) -> tuple[Package, Package]:
        """The package parted into what is taken of it, and the rest."""
        taken, rest = [], []
        for packed in package.contents:
            place = (package.source_id, packed.sku)
            count = min(packed.units, self._left.get(place, 0))
            if count:
                self._left[place] -= count
                taken.append(replace(packed, units=count))
            if packed.units > count:
                rest.append(replace(packed, units=packed.units - count))
        return replace(package, contents=tuple(taken)), replace(package, contents=tuple(rest))


def order_of_rest(order: Order, lines: Iterable[Line], remains: Remains) -> Order:
    """The order that asks for what remains. A bundle of which parts have left is asked for part by part."""
    wanted = remains.wanted
    asked: list[OrderLine] = []
    for line in lines:
        given = next(one for one in order.lines if one.line_id == line.line_id)
        units = {part.sku: wanted.get((line.line_id, part.sku), 0) for part in line.parts}
        counts = {units[part.sku] // part.units for part in line.parts if units[part.sku] % part.units == 0}
        even = all(units[part.sku] % part.units == 0 for part in line.parts) and len(counts) == 1
        if even:
            asked += [replace(given, quantity=counts.pop())] if any(units.values()) else []
            continue
        asked += [
            OrderLine(line_id=f"{line.line_id}/{sku}", sku=sku, quantity=count) for sku, count in units.items() if count
        ]
    return replace(order, lines=tuple(asked), ships_complete=order.ships_complete and not remains.has_shipped)


def packed(packages: Iterable[Package]) -> Counter[tuple[str, str, str, str]]:
    """Units by line, SKU, source and service."""
    units: Counter[tuple[str, str, str, str]] = Counter()
    for package in packages:
        for one in package.contents:
            units[_line(one), one.sku, package.source_id, package.service_id] += one.units
    return units


def _line(one: PackedUnits) -> str:
    """The order's own line, also of a bundle's part that was planned by itself."""
    return one.line_id.removesuffix(f"/{one.sku}")
