"""Units of one SKU by site, as they were at one moment: arrays that are read like a dictionary.

A view of thousands of sites is made by copying one row. Nobody pays for names who asks for few of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbering = Mapping[str, int]  # of sites, from 0 on, without a gap; never changed
Known = NDArray[np.bool_]  # by column: whether a SKU is, or was, at the site; never changed
_Found = TypeVar("_Found")
_NOWHERE = np.iinfo(np.int64).max
_MOST_LAID_OUT = 1_024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where a SKU may be among numbered sites: the numbers of these, ascending, and their columns."""

    numbers: NDArray[np.int32]
    columns: NDArray[np.int64]
    bits: bytes  # one for each number, whether it is among these
    is_all: bool  # whether the SKU is at no other site


class Sites:
    """Names of sites by column, and back. It only grows."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.columns: dict[str, int] = {}
        self._ordered: tuple[Numbering, int, tuple[NDArray[np.int64], int]] | None = None
        self._laid_out: dict[int, tuple[Known, Numbering, Layout]] = {}  # by the identity of what is known

    def of(self, site_ids: Sequence[str]) -> list[int]:
        """The column of each; new ones are added."""
        for site_id in dict.fromkeys(site_ids):
            if site_id not in self.columns:
                self.columns[site_id] = len(self.names)
                self.names.append(site_id)  # last: who counts the names meanwhile finds the columns of all of them
        return list(map(self.columns.__getitem__, site_ids))

    def ordered(self, numbering: Numbering) -> tuple[NDArray[np.int64], int]:
        """The column of every numbered site, by its number, beyond all columns where it has none; and the highest."""
        known, count = self._ordered, len(self.names)
        if known is None or known[0] is not numbering or known[1] != count:
            column_of = self.columns
            columns = np.full(len(numbering), _NOWHERE, dtype=np.int64)
            for site_id, number in numbering.items():
                columns[number] = column_of.get(site_id, _NOWHERE)
            known = self._ordered = numbering, count, (columns, int(columns.max(initial=-1)))
        return known[2]

    def layout(self, known: Known, numbering: Numbering) -> Layout:
        """Where the known sites are among numbered ones; remembered for the last SKUs."""
        found = self._laid_out.get(id(known))
        if found is None or found[0] is not known or found[1] is not numbering:
            if len(self._laid_out) >= _MOST_LAID_OUT:
                self._laid_out.clear()
            found = self._laid_out[id(known)] = known, numbering, self._layout(known, numbering)
        return found[2]

    def _layout(self, known: Known, numbering: Numbering) -> Layout:
        columns, _ = self.ordered(numbering)
        is_there = np.zeros(len(columns), dtype=np.bool_)
        is_column = columns < len(known)
        is_there[is_column] = known[columns[is_column]]
        [numbers] = is_there.nonzero()
        return Layout(
            numbers=numbers.astype(np.int32),
            columns=columns[numbers],
            bits=np.packbits(is_there).tobytes(),
            is_all=len(numbers) == np.count_nonzero(known),
        )


class SiteUnits(Mapping[str, int]):
    """Units by site id. It never changes, and is pickled as a dictionary."""

    __slots__ = ("_added", "_count", "_found", "_known", "_other", "_sites", "_units")

    def __init__(self, sites: Sites, units: NDArray[np.int64], known: Known) -> None:
        """`units` by column, where `known`, and else 0; both are kept, not copied."""
        self._sites, self._units, self._known = sites, units, known
        self._count: int | None = None
        self._other: tuple[SiteUnits, dict[str, int]] | None = None
        self._added: tuple[Mapping[str, int], SiteUnits] | None = None
        self._found: tuple[Numbering, dict[object, Any]] | None = None

    def __getitem__(self, site_id: str) -> int:
        column = self._sites.columns[site_id]
        if column < len(self._units) and self._known[column]:
            return self._units.item(column)
        raise KeyError(site_id)

    def get(self, site_id: str, default: Any = None) -> Any:  # as a dictionary does it, without an exception
        """The units there, or else the default."""
        column = self._sites.columns.get(site_id, _NOWHERE)
        return self._units.item(column) if column < len(self._units) and self._known[column] else default

    def __contains__(self, site_id: object) -> bool:
        column = self._sites.columns.get(site_id, _NOWHERE)  # type: ignore[call-overload]  # what is no name is not there
        return column < len(self._units) and bool(self._known[column])

    def __iter__(self) -> Iterator[str]:
        return map(self._sites.names.__getitem__, np.flatnonzero(self._known).tolist())

    def __len__(self) -> int:
        if self._count is None:
            self._count = int(np.count_nonzero(self._known))
        return self._count

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, SiteUnits) and other._sites is self._sites and len(other._units) == len(self._units):
            same = np.array_equal(self._known, other._known)
            return same and np.array_equal(self._units, other._units)
        return dict(self.items()) == dict(other.items()) if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as a dictionary has none

    def __repr__(self) -> str:
        return repr(dict(self.items()))

    def __reduce__(self) -> tuple[type[dict[str, int]], tuple[list[tuple[str, int]]]]:
        return dict, (list(self.items()),)

    def plus(self, units: Mapping[str, int]) -> "SiteUnits":
        """The same with so many more at some of its sites; what stands at other sites counts for nothing."""
        if not units:
            return self
        known = self._added
        if known is None or known[0] is not units:
            known = self._added = units, self._with(units)
        return known[1]

    def _with(self, units: Mapping[str, int]) -> "SiteUnits":
        more, columns, is_known = self._units.copy(), self._sites.columns, self._known
        other: dict[str, int] = {}
        for site_id, count in units.items():
            column = columns.get(site_id, _NOWHERE)
            if count and column < len(more) and is_known[column]:
                other[site_id] = more[column] = more.item(column) + count
        total = SiteUnits(self._sites, more, is_known)
        total._other = self, other
        return total

    def other_than(self, base: "SiteUnits") -> dict[str, int]:
        """The units at sites where `base` has another number, or none, of the same sites."""
        known = self._other
        if known is None or known[0] is not base:
            other = self._units != base._units
            if self._known is not base._known:
                other |= self._known != base._known
            columns = np.flatnonzero(other).tolist()
            names, units = self._sites.names, self._units
            known = self._other = base, {names[one]: units.item(one) for one in columns if self._known[one]}
        return known[1]

    def is_like(self, other: object) -> bool:
        """Whether the other view is of the same sites, all of them."""
        if not isinstance(other, SiteUnits) or other._sites is not self._sites:
            return False
        return other._known is self._known or np.array_equal(other._known, self._known)

    def at_numbers(self, numbering: Numbering) -> tuple[Layout, NDArray[np.int64]]:
        """Where it is known among numbered sites, and the units there."""
        layout = self._sites.layout(self._known, numbering)
        return layout, self._units[layout.columns]

    def worked_out(self, by: "Callable[[SiteUnits, Numbering], _Found]", numbering: Numbering) -> _Found:
        """What `by` makes of these units, remembered for as long as they are asked about with the same numbering."""
        known = self._found
        if known is None or known[0] is not numbering:
            known = self._found = numbering, {}
        found: _Found | None = known[1].get(by)
        if found is None:
            found = known[1][by] = by(self, numbering)
        return found
