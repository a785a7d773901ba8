"""The knapsack: which things are worth most among those that fit together. Exact, by depth-first branch and bound.

Things are tried by worth for their weight, first with and then without each; a branch ends where filling up with the
next things, the last of them in part, would not beat the best. Where branches become too many, a table over every
capacity decides.
"""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.machine_code import compiled

_STEPS = 20_000
_TABLE = 30_000_000


@compiled
def fill(worth: Ints, weight: Ints, capacity: int, taken: Ints) -> int:
    """The most that things which fit together are worth; `taken` becomes 1 for those, 0 for others.

    Only things of positive worth are taken. Where neither way is short enough (capacity times things above thirty
    million), `taken` is merely good and the value an upper bound.
    """
    taken[:] = 0
    useful = np.flatnonzero((worth > 0) & (weight <= capacity))
    if weight[useful].sum() <= capacity:
        taken[useful] = 1
        return int(worth[useful].sum())
    density = worth[useful] / np.maximum(weight[useful], 1)
    density[weight[useful] == 0] = np.inf
    things = useful[np.argsort(-density, kind="mergesort")]
    best, bound, proven = _branched(worth[things], weight[things], capacity, things, taken)
    if proven:
        return best
    if (capacity + 1) * len(things) <= _TABLE:
        return _tabled(worth[things], weight[things], capacity, things, taken)
    return bound


@compiled
def _branched(worth: Ints, weight: Ints, capacity: int, things: Ints, taken: Ints) -> tuple[int, int, bool]:
    """The best value found, a bound on any, and whether they are proven to be the same. Sorted by density."""
    many = len(worth)
    worth_before = np.zeros(many + 1, dtype=np.int64)
    weight_before = np.zeros(many + 1, dtype=np.int64)
    worth_before[1:] = np.cumsum(worth)
    weight_before[1:] = np.cumsum(weight)
    density = worth / np.maximum(weight, 1)
    chosen = np.zeros(many, dtype=np.int64)
    root = _at_most(0, capacity, worth_before, weight_before, density)
    best, value, room, thing, steps = -1, 0, int(capacity), 0, 0
    while True:
        steps += 1
        if steps > _STEPS:
            return best, root, False
        if value + _at_most(thing, room, worth_before, weight_before, density) > best:
            while thing < many:  # with each thing that fits
                if weight[thing] <= room:
                    chosen[thing] = 1
                    room -= int(weight[thing])
                    value += int(worth[thing])
                thing += 1
            if value > best:
                best = value
                taken[things] = chosen
                if best >= root:
                    return best, root, True
        thing -= 1
        while thing >= 0 and chosen[thing] == 0:
            thing -= 1
        if thing < 0:
            return best, best, True
        chosen[thing] = 0  # and without the last one
        room += int(weight[thing])
        value -= int(worth[thing])
        thing += 1


@compiled
def _at_most(thing: int, room: int, worth_before: Ints, weight_before: Ints, density: NDArray[np.float64]) -> int:
    """What things from this one on could be worth in the room, the last of them in part."""
    last = np.searchsorted(weight_before, weight_before[thing] + room, side="right") - 1
    value = worth_before[last] - worth_before[thing]
    if last < len(density):
        left = room - (weight_before[last] - weight_before[thing])
        value += min(np.int64(left * density[last]) + 1, worth_before[last + 1] - worth_before[last])
    return int(value)


@compiled
def _tabled(worth: Ints, weight: Ints, capacity: int, things: Ints, taken: Ints) -> int:
    """By dynamic programming over every capacity."""
    many = len(worth)
    value = np.zeros(capacity + 1, dtype=np.int64)
    takes = np.zeros((many, capacity + 1), dtype=np.bool_)
    for thing in range(many):
        heavy = weight[thing]
        for room in range(capacity, heavy - 1, -1):
            with_it = value[room - heavy] + worth[thing]
            if with_it > value[room]:
                value[room] = with_it
                takes[thing, room] = True
    room = int(capacity)
    for thing in range(many - 1, -1, -1):
        taken[things[thing]] = np.int64(takes[thing, room])
        if takes[thing, room]:
            room -= int(weight[thing])
    return int(value[capacity])
