"""The orders of a snapshot laid out one run after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Flags, Ints
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.prepared import NO_METERS, Prepared
from solver.waves.case import Numbers
from solver.waves.laying.from_ground import (
    MOST_STATES,
    NEAR_A_LIMIT,
    PARTS,
    SHELVES,
    STATES,
    OrderRoom,
    lay_orders,
    new_order_room,
)
from solver.waves.laying.room import ROWS, Room, new_room
from solver.waves.laying.shares import NO_ROOM

_LEAST = 1 << 12
_MOST_ENTRIES = 48  # of a row, on average, that there is room for at first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What is asked of every order of a wave."""

    stock: NDArray[np.int32]
    lane_resource: Numbers  # [S, V]: the resource of which a package takes one, or NONE
    lane_over: Ints  # [S, V]: what a package costs at most for taking it
    counts_packages: Flags  # [S]
    priority: Ints  # [O]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much may be laid out at most; entries rather."""

    parts: int
    states: int
    rows: int
    shelves: int
    entries: int

    @classmethod
    def of(cls, groups: Sequence[tuple[Sequence[int], Prepared]], sources_of_sku: Ints, pools: int) -> Self:
        """Of orders whose SKUs lie at so many sources, where packages take of so many resources."""
        all_parts, all_states, all_rows, shelves, entries = 0, 0, 0, 0, 0
        for _, prepared in groups:
            for encoded in prepared.batch.orders:
                words, parts = encoded.words, encoded.words[g.PARTS]
                states = rows = 1
                for at in range(g.HEAD, g.HEAD + g.PART_WORDS * parts, g.PART_WORDS):
                    rows += int(sources_of_sku[words[at]])
                    states = min(MOST_STATES, states * (words[at + 1] + 1))
                all_parts, all_states, all_rows = all_parts + parts, all_states + states, all_rows + rows
                shelves += rows * parts
                entries += rows * min(_MOST_ENTRIES, (states - 1) * pools)
        return cls(parts=all_parts, states=all_states, rows=all_rows, shelves=shelves, entries=entries)


class Collected:
    """What was laid out so far. There is room for all that may come; pages that nothing is written to take no memory.

    Only entries may become more than was thought; then the rooms are made larger.
    """

    def __init__(self, orders: int, size: "Size") -> None:
        rows = size.rows + 1
        self._orders: list[Any] = list(
            new_order_room(orders, parts=size.parts, states=size.states, rows=rows, shelves=size.shelves)
        )
        self._room: list[Any] = list(new_room(rows=rows, entries=size.entries + _LEAST, packages=_LEAST))

    @property
    def orders(self) -> OrderRoom:
        """What orders have beside entries, without the room that is left."""
        made = OrderRoom(*self._orders)
        parts, states, shelves = made.used[[PARTS, STATES, SHELVES]].tolist()
        return made._replace(
            part_sku=made.part_sku[:parts],
            part_units=made.part_units[:parts],
            part_stride=made.part_stride[:parts],
            leave_cost=made.leave_cost[:states],
            row_source=made.row_source[: self._room[0][ROWS]],
            row_shelf=made.row_shelf[:shelves],
        )

    @property
    def room(self) -> Room:
        """Rows, entries and ways, without the room that is left."""
        made = Room(*self._room)
        rows, entries, ways, packages = made.used.tolist()
        return Room(
            used=made.used,
            row_offer=made.row_offer[:rows],
            entry_start=made.entry_start[: rows + 1],
            entry_state=made.entry_state[:entries],
            entry_cost=made.entry_cost[:entries],
            entry_lane=made.entry_lane[:entries],
            entry_resource=made.entry_resource[:entries],
            way_start=made.way_start[: ways + 1],
            way_lane=made.way_lane[:packages],
            way_state=made.way_state[:packages],
            way_resource=made.way_resource[:packages],
        )

    def add(
        self, prepared: Prepared, asked: Asked, first: int, last: int, offset: int, meters_to: Callable[[int], Ints]
    ) -> None:
        """Lay out orders `first` to `last` of those prepared, which bear the numbers from first + offset on."""
        status = OrderRoom(*self._orders).status
        while first < last:
            first = self._lay(prepared, asked, first, last, offset, NO_METERS)
            if first < last and status[first + offset] == NEAR_A_LIMIT:
                first = self._lay(prepared, asked, first, first + 1, offset, meters_to(first + offset))
            if first < last and status[first + offset] == NO_ROOM:
                self._grow()

    def _lay(self, prepared: Prepared, asked: Asked, first: int, last: int, offset: int, meters: Ints) -> int:
        batch = prepared.batch
        return lay_orders(
            prepared.ground.arrays, asked.stock, batch.words, batch.word_start, batch.xyz, meters,
            asked.lane_resource, asked.lane_over, asked.counts_packages, asked.priority, first, last, offset,
            OrderRoom(*self._orders), Room(*self._room),
        )  # fmt: skip

    def _grow(self) -> None:
        """Twice the room, column by column."""
        for columns, first in ((self._room, 1), (self._orders, OrderRoom._fields.index("part_sku"))):
            for number in range(first, len(columns)):
                more = np.empty(2 * len(columns[number]), dtype=columns[number].dtype)
                more[: len(columns[number])] = columns[number]
                columns[number] = more


def runs(groups: Sequence[tuple[Sequence[int], Prepared]], orders: int) -> list[tuple[Prepared, int, int, int]]:
    """Prepared orders in the sequence of their numbers, those together that can be: prepared, first, last, offset."""
    group_of, at_of = np.full(orders, -1, dtype=np.int64), np.zeros(orders, dtype=np.int64)
    for group, (numbers, _) in enumerate(groups):
        group_of[list(numbers)], at_of[list(numbers)] = group, np.arange(len(numbers))
    breaks = (np.diff(group_of) != 0) | (np.diff(at_of) != 1)
    ends = [0, *(np.flatnonzero(breaks) + 1).tolist(), orders] if orders else []
    found = []
    for begin, end in pairwise(ends):
        if group_of[begin] >= 0:
            first = int(at_of[begin])
            found.append((groups[int(group_of[begin])][1], first, first + end - begin, begin - first))
    return found
