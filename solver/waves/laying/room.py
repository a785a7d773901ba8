"""Room for the rows, entries and ways of one order after the other."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import Numbers
from solver.waves.laying.machine_code import compiled

ROWS, ENTRIES, WAYS, PACKAGES = range(4)


class Room(NamedTuple):
    """As in WaveCase; `used` says how many rows, entries, ways and packages of ways there are so far.

    `row_offer` numbers the offers of the row's order, and lanes are those of its arrays.
    """

    used: Ints  # [4]
    row_offer: Numbers
    entry_start: Ints
    entry_state: Numbers
    entry_cost: Ints
    entry_lane: Numbers
    entry_resource: Numbers
    way_start: Ints
    way_lane: Numbers
    way_state: Numbers
    way_resource: Numbers


def new_room(*, rows: int, entries: int, packages: int) -> Room:
    """Room for so many; `packages` are those of ways, of which there are half as many at most."""
    return Room(
        used=np.zeros(4, dtype=np.int64),
        row_offer=np.empty(rows, dtype=np.int32),
        entry_start=np.zeros(rows + 1, dtype=np.int64),
        entry_state=np.empty(entries, dtype=np.int32),
        entry_cost=np.empty(entries, dtype=np.int64),
        entry_lane=np.empty(entries, dtype=np.int32),
        entry_resource=np.empty(entries, dtype=np.int32),
        way_start=np.zeros(packages // 2 + 1, dtype=np.int64),
        way_lane=np.empty(packages, dtype=np.int32),
        way_state=np.empty(packages, dtype=np.int32),
        way_resource=np.empty(packages, dtype=np.int32),
    )


@compiled
def add_entry(room: Room, state: int, cost: int, lane: int, resource: int) -> bool:
    """One more entry of the row that is open; False where there is no more room."""
    at = room.used[ENTRIES]
    if at == len(room.entry_state):
        return False
    room.entry_state[at], room.entry_cost[at] = state, cost
    room.entry_lane[at], room.entry_resource[at] = lane, resource
    room.used[ENTRIES] = at + 1
    return True


@compiled
def add_package(room: Room, state: int, lane: int, resource: int) -> bool:
    """One more package of the way that is open; False where there is no more room."""
    at = room.used[PACKAGES]
    if at == len(room.way_lane):
        return False
    room.way_state[at], room.way_lane[at], room.way_resource[at] = state, lane, resource
    room.used[PACKAGES] = at + 1
    return True


@compiled
def close_way(room: Room) -> int:
    """The number of the way that the packages added last are."""
    way = room.used[WAYS]
    room.used[WAYS] = way + 1
    room.way_start[way + 1] = room.used[PACKAGES]
    number: int = way
    return number


@compiled
def close_row(room: Room, offer: int) -> bool:
    """Make a row of the entries added since the last one, if there are any; False where there is no more room."""
    row = room.used[ROWS]
    if room.used[ENTRIES] == room.entry_start[row]:
        return True
    if row == len(room.row_offer):
        return False
    room.row_offer[row] = offer
    room.entry_start[row + 1] = room.used[ENTRIES]
    room.used[ROWS] = row + 1
    return True
