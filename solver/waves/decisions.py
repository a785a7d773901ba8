"""What an engine found for a wave from a snapshot, read back: a Decision for each order."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.snapshot import Chosen, Decision
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.prepared import Prepared
from solver.waves.case import WaveFinding
from solver.waves.from_snapshot import LaidOrders
from solver.waves.laying.left_lines import left_of_lines


def decisions_of(laid: LaidOrders, found: WaveFinding, alone: Ints | None = None) -> dict[int, Decision]:
    """By number, the decision about each order that has rows; `Snapshot.plan_as` makes plans of them.

    A decision costs what its order costs, without prices of resources. `alone` has what each order costs at least with
    everything to itself, its bound; without it the bound is 0.
    """
    return _Reading(laid, found).all(alone)


class _Reading:
    def __init__(self, laid: LaidOrders, found: WaveFinding) -> None:
        self._laid, self._found = laid, found
        self._row = np.searchsorted(laid.case.entry_start, found.share_entry, side="right") - 1
        self._place: Mapping[int, tuple[Prepared, int]] = {
            number: (prepared, at) for numbers, prepared in laid.groups for at, number in enumerate(numbers)
        }
        self._services = tuple(laid.snapshot.network.services)

    def all(self, alone: Ints | None) -> dict[int, Decision]:
        return {
            number: self._decision(number, 0 if alone is None else int(alone[number]))
            for number in range(self._laid.case.orders)
            if number not in self._laid.outside
        }

    def _decision(self, number: int, bound: int) -> Decision:
        case, found = self._laid.case, self._found
        shares = range(int(found.share_start[number]), int(found.share_start[number + 1]))
        unfilled, leaving = self._unfilled(number)
        total = leaving + sum(int(case.entry_cost[found.share_entry[at]]) for at in shares)
        total += int(case.share_cost[number]) * max(0, len(shares) - 1)
        return Decision(
            packages=tuple(chosen for at in shares for chosen in self._packages(number, at)),
            unfilled=tuple(unfilled.tolist()),
            total_minor=total,
            bound_minor=min(bound, total),
        )

    def _packages(self, number: int, share: int) -> Iterator[Chosen]:
        case, entry = self._laid.case, int(self._found.share_entry[share])
        source_id = self._laid.snapshot.network.source_ids[int(case.row_source[self._row[share]])]
        lane, state = int(case.entry_lane[entry]), int(case.entry_state[entry])
        packed = [(lane, state)]
        if lane < 0:
            way = slice(int(case.way_start[-1 - lane]), int(case.way_start[-lane]))
            packed = list(zip(case.way_lane[way].tolist(), case.way_state[way].tolist(), strict=True))
        for service, content in packed:
            units = {self._laid.snapshot.skus[sku]: count for sku, count in self._units(number, content)}
            yield Chosen(source_id=source_id, service_id=self._services[service], units=units)

    def _units(self, number: int, state: int) -> Iterator[tuple[int, int]]:
        """SKU and units of every part that there is any of."""
        case = self._laid.case
        for part in range(int(case.part_start[number]), int(case.part_start[number + 1])):
            state, count = divmod(state, int(case.part_units[part]) + 1)
            if count:
                yield int(self._laid.part_sku[part]), count

    def _unfilled(self, number: int) -> tuple[NDArray[np.int64], int]:
        """The units of each line that stay unfilled, and what that costs by the order's own policy."""
        prepared, at = self._place[number]
        words, case = prepared.batch.of_order(at), self._laid.case
        left = int(self._found.left[number])
        if not left:
            return np.zeros(int(words[g.LINES]), dtype=np.int64), 0
        parts = slice(int(case.part_start[number]), int(case.part_start[number + 1]))
        units = left // case.part_stride[parts] % (case.part_units[parts] + 1)
        unfilled = left_of_lines(prepared.ground.arrays, words, units)
        begin = g.HEAD + g.PART_WORDS * int(words[g.PARTS])
        costs = words[begin : begin + g.LINE_WORDS * len(unfilled)].reshape(-1, g.LINE_WORDS)[:, g.LEFT_COST]
        return unfilled, int(costs @ unfilled)
