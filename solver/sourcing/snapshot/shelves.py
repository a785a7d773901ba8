"""Stock as compact arrays: for every SKU the sources that have it, ascending, and how many units."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from solver.site_units import Numbering, SiteUnits
from solver.sourcing.case import Ints

MOST_UNITS = 2**31 - 1

UnitsBySource = Mapping[str, Mapping[str, int]]  # SKU -> source id -> units
MinorBySource = Mapping[str, Mapping[str, int]]  # SKU -> source id -> minor units of a unit's value
Int32s: TypeAlias = NDArray[np.int32]
_NONE: Int32s = np.zeros(0, dtype=np.int32)
NO_VALUES: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelves:
    """The stock of SKU m lies at start[m] to start[m + 1]; `value` has what a unit left there is worth, or nothing."""

    start: Ints  # [M + 1]
    source: NDArray[np.int32]
    units: NDArray[np.int32]
    value: Ints = field(default_factory=lambda: NO_VALUES)
    most_value: int = 0

    @classmethod
    def of(cls, available: UnitsBySource, skus: tuple[str, ...], source_number: Mapping[str, int]) -> "Shelves":
        """What known sources have of known SKUs. Raises OverflowError for more units than 32 bits hold."""
        start = np.zeros(len(skus) + 1, dtype=np.int64)
        if not available:
            return cls(start=start, source=np.zeros(0, dtype=np.int32), units=np.zeros(0, dtype=np.int32))
        sources: list[NDArray[np.int32]] = []
        units: list[NDArray[np.int32]] = []
        for number, sku in enumerate(skus):
            rows = sorted(
                (source_number[source_id], count)
                for source_id, count in available.get(sku, {}).items()
                if count > 0 and source_id in source_number
            )
            start[number + 1] = start[number] + len(rows)
            sources.append(np.array([source for source, _ in rows], dtype=np.int32))
            units.append(np.array([count for _, count in rows], dtype=np.int32))
        none = np.zeros(0, dtype=np.int32)
        return cls(start=start, source=np.concatenate([none, *sources]), units=np.concatenate([none, *units]))

    @classmethod
    def of_few(
        cls, available: UnitsBySource, number_of: Mapping[str, int], source_number: Mapping[str, int]
    ) -> "Shelves":
        """The same for a few SKUs, at the cost of these alone; every other one is out of stock.

        `number_of` has every SKU of the catalog. More units than 32 bits hold count as MOST_UNITS.
        """
        numbered = sorted((number_of[sku], sku) for sku in available if sku in number_of)
        rows = [_rows(available[sku], source_number) for _, sku in numbered]
        start = np.zeros(len(number_of) + 1, dtype=np.int64)
        count = 0
        for at, (number, _) in enumerate(numbered):
            count += len(rows[at][0])
            start[number + 1 : numbered[at + 1][0] + 1 if at + 1 < len(rows) else None] = count
        sources, units = zip(*rows, strict=True) if rows else ((_NONE,), (_NONE,))
        return cls(start=start, source=np.concatenate(sources), units=np.concatenate(units))

    def valued(
        self, values: MinorBySource, number_of: Mapping[str, int], source_number: Mapping[str, int]
    ) -> "Shelves":
        """The same where units left behind are worth so much; those of other places are worth nothing."""
        value = np.zeros(len(self.source), dtype=np.int64)
        for sku, of_sources in values.items():
            number = number_of.get(sku)
            if number is None:
                continue
            worth = {source_number[one]: minor for one, minor in of_sources.items() if one in source_number}
            rows = slice(int(self.start[number]), int(self.start[number + 1]))
            value[rows] = [worth.get(source, 0) for source in self.source[rows].tolist()]
        most = int(value.max(initial=0))
        return replace(self, value=value if most else NO_VALUES, most_value=most)

    def values(self, sku: int, source_ids: tuple[str, ...]) -> dict[str, int]:
        """What a unit of the SKU is worth by source id, where it is worth anything."""
        rows = range(int(self.start[sku]), int(self.start[sku + 1])) if self.most_value else range(0)
        return {source_ids[int(self.source[at])]: int(self.value[at]) for at in rows if self.value[at]}

    def least_value(self, sku: int, units: NDArray[np.int32]) -> tuple[int, int]:
        """Where a unit of the SKU is worth least of all places that have some, and how much: (source, value).

        `units` as `self.units`; the first source of several. (-1, 0) where nothing is valued, or nobody has any.
        """
        rows = slice(int(self.start[sku]), int(self.start[sku + 1]))
        there = np.flatnonzero(units[rows] > 0)
        if not self.most_value or not len(there):
            return -1, 0
        at = rows.start + int(there[self.value[rows][there].argmin()])
        return int(self.source[at]), int(self.value[at])

    def without_source(self, source: int) -> "Shelves":
        """The same as if the source had nothing."""
        return replace(self, units=np.where(self.source == source, np.int32(0), self.units))

    def counts(self, sku: int, source_ids: tuple[str, ...], units: NDArray[np.int32]) -> dict[str, int]:
        """A SKU's units by source id, where any are left; `units` as `self.units`."""
        rows = range(int(self.start[sku]), int(self.start[sku + 1]))
        return {source_ids[int(self.source[at])]: int(units[at]) for at in rows if units[at] > 0}

    def at(self, sku: int, source: int) -> int:
        """Where a SKU's units at a source lie, which must have some."""
        begin, end = int(self.start[sku]), int(self.start[sku + 1])
        return begin + int(np.searchsorted(self.source[begin:end], source))


def _rows(of_sources: Mapping[str, int], source_number: Mapping[str, int]) -> tuple[Int32s, Int32s]:
    """The known sources that have some of a SKU, ascending, and how many units."""
    if isinstance(of_sources, SiteUnits):
        return of_sources.worked_out(_rows_of_array, source_number)
    unknown = repeat(-1)
    numbers = np.fromiter(map(source_number.get, of_sources, unknown), dtype=np.int64, count=len(of_sources))
    counts = np.fromiter(of_sources.values(), dtype=np.int64, count=len(of_sources))
    there = np.flatnonzero((numbers >= 0) & (counts > 0))
    if not len(there):
        return _NONE, _NONE
    rows = there[np.argsort(numbers[there], kind="stable")]
    return numbers[rows].astype(np.int32), np.minimum(counts[rows], MOST_UNITS).astype(np.int32)


def _rows_of_array(of_sources: SiteUnits, source_number: Numbering) -> tuple[Int32s, Int32s]:
    layout, counts = of_sources.worked_out(SiteUnits.at_numbers, source_number)
    numbers, is_there = layout.numbers, counts > 0
    if not is_there.all():
        numbers, counts = numbers[is_there], counts[is_there]
    return numbers, np.minimum(counts, MOST_UNITS).astype(np.int32)
