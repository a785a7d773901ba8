"""Passes that look at few entries: those that cost an order little more than its best when all were last looked at."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import WaveCase
from solver.waves.engine.ascent import Priced
from solver.waves.engine.budget import Pace
from solver.waves.engine.crew import Crew
from solver.waves.engine.passes import Passes
from solver.waves.engine.promising import promising_entries

_CHOSEN_AT = (0.04, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85)  # parts of the work at which all are looked at
_WORTH_IT = 0.5  # of all entries: where more are promising, all are looked at always


class Narrowing:
    """Prices a wave as `Passes` does, in most passes with promising entries alone. Those passes prove no bound."""

    def __init__(self, case: WaveCase, passes: Passes, crew: Crew, pace: Pace) -> None:
        self._case, self._passes, self._crew, self._pace = case, passes, crew, pace
        self._narrow: Passes | None = None
        self._done = 0  # passes
        self._chosen = 0  # times

    def at(self, prices: Ints) -> Priced:
        """The next pass."""
        done = self._done / max(1, self._pace.steps(self._done))
        self._done += 1
        if self._chosen < len(_CHOSEN_AT) and done >= _CHOSEN_AT[self._chosen]:
            self._chosen += sum(done >= part for part in _CHOSEN_AT[self._chosen :])
            self._choose(prices)
            return self._passes.at(prices)
        if self._narrow is None:
            return self._passes.at(prices)
        return self._narrow.at(prices)._replace(is_proven=False)

    def _choose(self, prices: Ints) -> None:
        self._narrow = None  # two narrow waves at once would take much memory
        entries = promising_entries(self._case, self._crew, prices)
        if len(entries) < _WORTH_IT * len(self._case.entry_cost):
            self._narrow = Passes(narrowed(self._case, entries), self._crew)


def narrowed(case: WaveCase, entries: Ints) -> WaveCase:
    """The wave with these entries alone, which ascend, and the rows that have any."""
    row = np.searchsorted(case.entry_start, entries, side="right") - 1
    first = np.flatnonzero(np.diff(row, prepend=-1))
    rows = row[first]
    width = case.stock_start[rows + 1] - case.stock_start[rows]
    stock_start = np.concatenate([[0], np.cumsum(width)])
    stock = np.repeat(case.stock_start[rows] - stock_start[:-1], width) + np.arange(int(stock_start[-1]))
    return case._replace(
        row_start=np.searchsorted(rows, case.row_start),
        row_source=case.row_source[rows],
        row_minutes=case.row_minutes[rows],
        row_unit_minutes=case.row_unit_minutes[rows],
        stock_start=stock_start,
        row_stock=case.row_stock[stock],
        entry_start=np.append(first, len(entries)),
        entry_state=case.entry_state[entries],
        entry_cost=case.entry_cost[entries],
        entry_lane=case.entry_lane[entries],
        entry_service=case.entry_service[entries],
    )
