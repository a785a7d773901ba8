"""Whether there is room for what is not stowed yet, and whether what is stowed is as heavy as its price asks for."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.jit import inner
from solver.sourcing.exact.loads import Loads

NO_ROOM = -1


class Holds(NamedTuple):
    """W loads that are chosen, n packages and perhaps one for what is left; D parts. What does not change."""

    packages: int  # n
    can: Flags  # [W, D]
    cost: Ints  # [W, D]: of a unit
    kinds: Ints  # [W]: of a part in it
    shares: Ints  # [W]: the first load of the same offer, whose row of `stock` holds for both
    twin: Ints  # [W]: the load before, where it is the same one; -1 where it is not
    order: Ints  # [D, W]: for each part in sequence the loads, the cheapest first
    base: Ints  # [D + 1]: what the parts from each on cost at least
    common: Ints  # [D + 1, W, 3]: what all units divide by that a load can take of the parts from each on
    low: Ints  # [W, D]: the fewest units that are tried
    high: Ints  # [W, D]: and the most
    step: int  # by how much two stowings differ in cost at least
    limit: int  # the most that a stowing may cost, as far as steps reach it


class Stowed(NamedTuple):
    """W loads, D parts. What changes with every step."""

    stock: Ints  # [W, D]: what is left of it
    room: Ints  # [W, 3]: what is left of the caps
    need: Ints  # [D]: what is not placed yet
    units: Ints  # [W, D]


@inner
def later_loads(h: Holds, at: int, k: int, part: int) -> int:
    """The loads, as bits, that may still take of a part after the k-th."""
    later = 0
    for one in range(k + 1, h.order.shape[1]):
        if h.can[h.order[at, one], part]:
            later |= 1 << h.order[at, one]
    return later


@inner
def lacking(a: Loads, h: Holds, s: Stowed, parts: Ints, at: int, later: int, p: int) -> int:
    """0 where there may be room for the rest: of this part in `later` loads, of the next ones in all.

    Else by how many units fewer load p must take at least; NO_ROOM where that cannot help.
    """
    width = len(h.can)
    loads = np.zeros(len(parts), np.int64)
    loads[at] = later
    for i in range(at + 1, len(parts)):
        loads[i] = later_loads(h, i, -1, parts[i])
    fewer = 0
    for chosen in range(1 << h.packages):
        grams, mm3, units = 0, 0, 0
        for i in range(at, len(parts)):
            d = parts[i]
            forced = s.need[d]
            if forced > 0:
                forced -= _given(h, s, d, loads[i] & ~chosen, width)
            if forced > 0:
                if loads[i] & chosen == 0:
                    return NO_ROOM
                grams += forced * a.each[d, 0]
                mm3 += forced * a.each[d, 1]
                units += forced
        if units > 0:
            more = _excess(a, h, s, at, parts[at], later, p, chosen, grams, mm3, units)
            if more == NO_ROOM:
                return more
            fewer = max(fewer, more)
    return fewer


@inner
def _given(h: Holds, s: Stowed, part: int, loads: int, width: int) -> int:
    """What is left of a part in the stock of these loads."""
    total, seen = 0, 0
    for p in range(width):
        if loads >> p & 1 and not seen >> h.shares[p] & 1:
            seen |= 1 << h.shares[p]
            total += s.stock[h.shares[p], part]
    return total


@inner
def _excess(
    a: Loads,
    h: Holds,
    s: Stowed,
    at: int,
    part: int,
    later: int,
    p: int,
    chosen: int,
    grams: int,
    mm3: int,
    units: int,
) -> int:
    """How many units of the part load p must give back, so that the chosen loads have so much room.

    Room counts as far as what a load can still take may fill it.
    """
    fewer = 0
    for r in range(3):
        over = grams if r == 0 else mm3 if r == 1 else units
        spare = 0  # room of load p that stays empty
        for load in range(len(s.room)):
            if chosen >> load & 1:
                common = h.common[at if later >> load & 1 else at + 1, load, r]
                empty = s.room[load, r] % common if common > 1 else 0
                over -= s.room[load, r] - empty
                spare += empty if load == p else 0
        if over > 0:
            if p < 0 or not chosen >> p & 1 or a.each[part, r] == 0:
                return NO_ROOM
            fewer = max(fewer, 1, -(-(over - spare) // a.each[part, r]))
    return fewer


@inner
def are_billed(a: Loads, chosen: Ints, units: Ints) -> bool:
    """True when every package is as heavy as its price asks for."""
    for p in range(len(chosen)):
        if a.least[chosen[p]] > 0:
            rule = a.volumetric[a.lane[chosen[p]]]
            grams = (units[p] * a.each[:, 0]).sum()
            mm3 = (units[p] * a.each[:, 1]).sum()
            if max(grams, (mm3 * rule[1] + rule[2]) // rule[0] if rule[0] > 0 else 0) < a.least[chosen[p]]:
                return False
    return True
