"""Waves that are laid out once and asked again: their later orders alone, on what is left, beside other orders.

Resources are the places of a snapshot's arrays, so that waves laid out from the same snapshot speak of the same stock.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.case import NONE, WaveCase
from solver.waves.engine.cover import room_for
from solver.waves.engine.crew import Crew
from solver.waves.engine.narrowing import narrowed
from solver.waves.engine.promising import promising
from solver.waves.from_snapshot import LaidOrders

_ONE_AFTER_THE_OTHER = (
    "part_units", "part_stride", "part_value", "leave_cost", "most_shares", "share_cost", "order_floor", "row_source",
    "row_minutes", "row_unit_minutes", "row_stock", "entry_state", "entry_cost", "entry_service", "way_lane",
    "way_state", "way_service",
)  # fmt: skip
_STARTS = ("part_start", "leave_start", "row_start", "stock_start", "entry_start", "way_start")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptWave:
    """Orders with some of their entries, and what every entry takes: `takes` units of `taken`, by number in `entry`."""

    case: WaveCase
    hour: NDArray[np.float64]  # [E]: when the entry's order was placed
    entry: Ints
    taken: Ints
    takes: Ints

    @classmethod
    def of(cls, case: WaveCase, placed: NDArray[np.float64]) -> "KeptWave":
        """`placed` says when each order was placed, in hours of any calendar."""
        rows = np.arange(len(case.row_source))
        row = np.repeat(rows, np.diff(case.entry_start))
        order = np.searchsorted(case.row_start, row, side="right") - 1
        width = (case.stock_start[1:] - case.stock_start[:-1])[row]
        entry = np.repeat(np.arange(len(row)), width)
        at = np.arange(len(entry)) - np.repeat(np.cumsum(width) - width, width)  # the part's number in its order
        part = case.part_start[order[entry]] + at
        takes = case.entry_state[entry] // case.part_stride[part] % (case.part_units[part] + 1)
        taken = case.row_stock[case.stock_start[row[entry]] + at]
        some = takes > 0
        return cls(case=case, hour=placed[order], entry=entry[some], taken=taken[some], takes=takes[some])

    def later(self, hour: float, stock: Ints) -> WaveCase:
        """The wave of the orders that were placed later, on this stock; the others have no rows."""
        may = self.hour > hour
        may[self.entry[stock[self.taken] < self.takes]] = False
        return narrowed(self.case, np.flatnonzero(may))._replace(capacity=stock)


def by_places(laid: LaidOrders) -> WaveCase:
    """The wave with the snapshot's places for resources; it has no other limits."""
    assert not laid.limits, "resources are stock alone"
    case, units = laid.case, laid.snapshot.shelves.units
    return case._replace(
        row_stock=np.where(case.row_stock == NONE, NONE, laid.shelf[case.row_stock]).astype(np.int32),
        capacity=units.astype(np.int64),
        least=np.zeros(len(units), np.int64),
        over_cost=np.full(len(units), case.over_cost[0]),
        under_cost=np.full(len(units), case.under_cost[0]),
    )


def joined(first: WaveCase, second: WaveCase) -> WaveCase:
    """The orders of both, by the same places, on the stock of the first."""
    ways = len(first.way_start) - 1
    lanes = np.where(second.entry_lane < 0, second.entry_lane - ways, second.entry_lane)
    of_both = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in _ONE_AFTER_THE_OTHER}
    for name in _STARTS:
        ends = getattr(first, name)
        of_both[name] = np.concatenate([ends, getattr(second, name)[1:] + ends[-1]])
    return first._replace(**of_both, entry_lane=np.concatenate([first.entry_lane, lanes.astype(np.int32)]))


def most_promising(case: WaveCase, crew: Crew, prices: Ints, for_each_unit: int) -> Ints:
    """The entries that promise most at these prices: so many for each unit of an order, and once more for the order."""
    units = np.diff(np.concatenate([[0], np.cumsum(case.part_units)])[case.part_start])
    most = for_each_unit * (1 + units)
    widths = np.diff(case.entry_start[case.row_start])

    def keep(_: int, begin: int, end: int) -> Ints:
        kept = np.empty(int(np.minimum(widths, most)[begin:end].sum()), np.int64)
        return kept[: promising(case, room_for(case), begin, end, prices, most, kept)]

    return np.concatenate(crew.each(keep))
