"""All ways to place the orders of a few sources among them that cost little: which one is the cheapest.

At prices of capacity an order's place costs its reduced cost, and room that is left costs its price. A way differs from
each order's cheapest place in some deviations, whose extra costs add up. Where a source holds too much, some order must
leave it: the search branches on which, the cheapest first, and ends where the sum reaches the limit.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.machine_code import compiled, inlined

Floats = NDArray[np.float64]
TINY = 1e-6


class Deviations(NamedTuple):
    """Places other than an order's cheapest one. Those out of a source lie together, the cheapest first."""

    start: Ints  # [T + 1]
    extra: Floats  # what it costs more at the prices
    order: Ints
    out: Ints
    into: Ints
    less: Ints  # weight that leaves `out`
    more: Ints  # weight that comes to `into`
    is_now: NDArray[np.bool_]  # whether the order is placed so now
    density: Floats  # [T]: the least that a unit of weight costs to leave the source


@compiled
def cheapest_way(
    deviations: Deviations, room: Ints, price: Floats, orders: int, differing: int, limit: float, steps: int, best: Ints
) -> tuple[int, int]:
    """How many deviations the cheapest way below the limit has, -1: there is none; and the steps taken.

    `best` becomes these deviations. `room` is what the cheapest places leave, and is left so. The way of now, which has
    so many `differing` deviations, is not taken.
    """
    start, extra, order, out, into, less, more, is_now, density = deviations
    taken, spent = np.zeros(orders + 1, dtype=np.int64), np.zeros(orders + 1)
    kept, branch = np.zeros(orders + 1, dtype=np.int64), np.zeros(orders + 1, dtype=np.int64)
    first = np.zeros((orders + 1, len(room)), dtype=np.int64)  # of each source, that may still be taken
    used = np.zeros(orders, dtype=np.bool_)
    first[0] = start[:-1]
    depth, found, step, enters = 0, -1, 0, True
    while True:
        bound = spent[depth]
        if enters:
            step += 1
            bound, total, branch[depth] = _look(start, extra, density, first[depth], room, price, spent[depth])
            if total < limit - TINY and (depth != differing or kept[depth] != differing):
                limit, found = total, depth
                best[:depth] = taken[1 : depth + 1]
        one = -1
        if bound < limit - TINY and step < steps:
            one = _next(start, extra, order, used, first[depth], branch[depth], limit - TINY - spent[depth])
        enters = one >= 0
        if enters:
            depth += 1
            taken[depth] = one
            spent[depth] = spent[depth - 1] + extra[one]
            kept[depth] = kept[depth - 1] + is_now[one]
            first[depth] = first[depth - 1]
        elif depth == 0:
            return found, step
        else:
            one = taken[depth]
            depth -= 1
        way = 1 if enters else -1
        used[order[one]] = enters
        room[out[one]] += way * less[one]
        room[into[one]] -= way * more[one]


@inlined
def _look(
    start: Ints, extra: Floats, density: Floats, first: Ints, room: Ints, price: Floats, spent: float
) -> tuple[float, float, int]:
    """A bound on all ways from here; what this one costs, infinite where one holds too much; and which to relieve."""
    bound, beside, over = spent, 0.0, -1
    worst = -1.0
    for source in range(len(room)):
        if room[source] >= 0:
            beside += price[source] * room[source]
            continue
        one = first[source]
        least = np.inf
        if one < start[source + 1]:
            least = max(extra[one], -room[source] * density[source])
        bound += least
        if least > worst:
            worst, over = least, source
    total = spent + beside if over < 0 else np.inf
    return bound, total, over


@inlined
def _next(
    start: Ints, extra: Floats, order: Ints, used: NDArray[np.bool_], first: Ints, branch: int, most: float
) -> int:
    """The next deviation to take at a node, out of the source of the branch, -1: out of any. -1: there is none."""
    for source in range(len(first)):
        if branch >= 0 and branch != source:
            continue
        one = first[source]
        while one < start[source + 1] and used[order[one]]:
            one += 1
        if one < start[source + 1] and extra[one] < most:
            first[source] = one + 1
            return int(one)
        first[source] = start[source + 1]
    return -1
