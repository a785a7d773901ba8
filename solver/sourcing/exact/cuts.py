"""Cuts: what one failed stowing says about heavier and lighter packages on the same lanes.

Prices of room for which units cost too much in some loads hold for others as well: with them, units cost at least
`base` less what the room of the loads is worth, whatever their caps are. So a lighter package saves its price and loses
its room. Floating point, with a margin.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.room_prices import RoomPrices

Floats = NDArray[np.float64]

_MOST_CUTS = 16  # the latest are kept
_MARGIN = 1e-9


class Cuts(NamedTuple):
    """C cuts for n packages whose lanes are chosen."""

    made: Ints  # [1]
    base: Floats  # [C]
    room: Floats  # [C, n, 3]: what a gram, a mm3 and a unit of room is worth
    rest: Floats  # [C, n + 1]: the least of price less room of the later packages


@compiled
def no_cuts(packages: int) -> Cuts:
    """Nothing has failed yet."""
    room = np.zeros((_MOST_CUTS, packages, 3), np.float64)
    rest = np.zeros((_MOST_CUTS, packages + 1), np.float64)
    return Cuts(np.zeros(1, np.int64), np.zeros(_MOST_CUTS, np.float64), room, rest)


@compiled
def add_cut(a: Loads, cuts: Cuts, prices: RoomPrices, loads: Ints, begin: Ints, end: Ints) -> None:
    """Keep what these prices say; package i may be one of the loads from begin[i] to end[i] in the list."""
    if prices.shift < 0:
        return
    c, scale = cuts.made[0] % _MOST_CUTS, float(1 << prices.shift)
    cuts.made[0] += 1
    cuts.base[c] = prices.base[0] / scale
    for i in range(len(begin) - 1, -1, -1):
        for r in range(3):
            cuts.room[c, i, r] = prices.room[i, r] / scale
        least = np.inf
        for at in range(begin[i], end[i]):
            least = min(least, _net(a, cuts, c, i, loads[at]))
        cuts.rest[c, i] = cuts.rest[c, i + 1] + least


@compiled
def is_cut_off(a: Loads, cuts: Cuts, loads: Ints, at: Ints, depth: int, limit: int) -> bool:
    """True when packages that are opened so up to this depth cost more than the limit with all that goes into them."""
    most = limit + 1 + limit * _MARGIN
    for c in range(min(cuts.made[0], _MOST_CUTS)):
        total = cuts.base[c] + cuts.rest[c, depth + 1]
        for i in range(depth + 1):
            total += _net(a, cuts, c, i, loads[at[i]])
        if total > most:
            return True
    return False


@inner
def _net(a: Loads, cuts: Cuts, c: int, i: int, load: int) -> float:
    """The price of a package less what its room is worth."""
    net = float(a.cost[load])
    for r in range(3):
        net -= cuts.room[c, i, r] * a.caps[load, r]
    return net
