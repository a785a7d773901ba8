"""Weighing: what the packages of a set of lanes are opened as, so that they have room for what must go into them.

What no other package of the set has must go into these, for any of them: that much they carry together at least. Where
a heavier package costs more, little else is worth a try.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.cuts import add_cut, is_cut_off, no_cuts
from solver.sourcing.exact.jit import inner
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.room_prices import ROUNDS, Openings
from solver.sourcing.exact.stowing import priced_openings, priced_room, stow

Floats = NDArray[np.float64]

_SETS_PER_NODE_SHIFT = 3  # so many sets of packages, for one part each, take as long as a node
_PATIENCE = 200  # nodes that a failed stowing takes, or all packages so far, from which on it is worth a cut
_MARGIN = 1e-9
_RESOURCES = 3  # grams, mm3, units


class Needs(NamedTuple):
    """n packages whose lanes are chosen. Begin and end are places in the list of loads, sums over later packages."""

    can: bool  # there may be room for everything
    begin: Ints  # [n]: the first load with room for what only this package can take
    end: Ints  # [n]
    least: Ints  # [n]: excess
    forced: Ints  # [2 ** n, 3]: what must go into each set of packages
    billable: int  # no packages together are billed for more grams
    base: int  # what the order's units cost at least
    cheapest: Ints  # [n + 1]: what the later packages cost at least
    low: Ints  # [n + 1]: the grams that they carry as they begin
    high: Ints  # [n + 1]: and at most
    rate: Floats  # [n + 1]: what a gram more costs at least
    floor: Ints  # [2, listed]: the least cost, and the least excess, of a load and the heavier ones of its lane


@inner
def weigh(
    a: Loads,
    choices: Ints,
    loads: Ints,
    excess: Ints,
    parts: Ints,
    left: Ints,
    spare: int,
    limit: int,
    most_effort: int,
    nodes: int,
) -> tuple[int, Ints, Ints, int, int]:
    """The cheapest packages on these lanes, with their units, of at most `limit`; each set of loads takes at most so
    much effort.

    `choices` has for each package its lane and where the lane's loads begin and end in `loads`, whose `excess` beyond
    the least of their lanes is at most `spare` in all. At most `left` units stay. The cost, or NEVER; the loads; their
    units (and those left); what cut off plans cost at least, NEVER where there are none; and the nodes left.
    """
    n, size = len(choices), len(a.demand)
    nodes -= 1 + ((size << n) >> _SETS_PER_NODE_SHIFT)
    best, cut, picked, units = NEVER, NEVER, loads[:0], np.zeros((0, size), np.int64)
    o = _openings(a, choices, loads, excess, left)
    if not o.can or o.cheapest[0] + o.base > limit:
        return best, picked, units, cut, nodes
    width = n + 1 if left.sum() > 0 else n
    total = o.forced[-1, 0]
    at, cost = np.zeros(n, np.int64), np.zeros(n + 1, np.int64)
    grams, more = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    at[0] = _start(a, loads, o, 0, total - o.high[1])
    cuts, patience = no_cuts(n), nodes - _PATIENCE
    depth = 0
    while depth >= 0 and nodes >= 0:
        nodes -= 1
        if nodes < patience:
            nodes, patience = nodes - ROUNDS * (size + n), -1
            prices = priced_openings(a, Openings(loads, o.begin, o.end), parts, width, limit, limit - o.cheapest[0])
            add_cut(a, cuts, prices, loads, o.begin, o.end)
        if at[depth] >= o.end[depth] or _is_past(o, at[depth], depth, limit - cost[depth], spare - more[depth]):
            depth -= 1
            if depth >= 0:
                at[depth] += 1
            continue
        j = loads[at[depth]]
        cost[depth + 1] = cost[depth] + a.cost[j]
        grams[depth + 1] = grams[depth] + a.caps[j, 0]
        more[depth + 1] = more[depth] + excess[at[depth]] - o.least[depth]
        lacking = max(0, total - grams[depth + 1] - o.low[depth + 1])
        bound = cost[depth + 1] + o.cheapest[depth + 1] + o.base + int(lacking * o.rate[depth + 1])
        is_dear = bound > limit or more[depth + 1] > spare
        if is_dear or not _suffice(a, loads, o, at, depth) or is_cut_off(a, cuts, loads, at, depth, limit):
            at[depth] += 1
        elif depth < n - 1:
            depth += 1
            first = _start(a, loads, o, depth, total - grams[depth] - o.high[depth + 1])
            is_alike = choices[depth, 0] == choices[depth - 1, 0]
            at[depth] = max(first, at[depth - 1] if is_alike else 0)
        else:
            effort = min(nodes, most_effort)
            least, stowed, rest = stow(a, loads[at], parts, width, limit - cost[n], effort)
            nodes -= effort - max(0, rest)
            if least != NEVER:
                best, picked, units = cost[n] + least, loads[at], stowed
                limit = best - 1
            elif effort - max(0, rest) > _PATIENCE:
                # Whatever else is opened on these lanes may leave as much as the cheapest packages leave money for.
                prices, _ = priced_room(a, loads[at], parts, width, limit - (o.cheapest[0] if width > n else cost[n]))
                nodes -= ROUNDS * size
                add_cut(a, cuts, prices, loads, o.begin, o.end)
            cut = min(cut, bound) if rest < 0 else cut
            at[depth] += 1
    return best, picked, units, cut, nodes


@inner
def _openings(a: Loads, choices: Ints, loads: Ints, excess: Ints, left: Ints) -> Needs:
    n = len(choices)
    forced = np.zeros((1 << n, _RESOURCES), np.int64)
    can = _force(a, choices, left, forced)
    begin, end, least = choices[:, 1].copy(), choices[:, 2].copy(), np.zeros(n, np.int64)
    cheapest, low, high = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    rate = np.full(n + 1, np.inf)
    for i in range(n - 1, -1, -1):
        least[i] = excess[begin[i] : end[i]].min()
        begin[i] = _first_with(a, loads, begin[i], end[i], forced[1 << i])
        if begin[i] == end[i]:
            can = False
        if not can:
            break
        first = a.caps[loads[begin[i]], 0]
        price = NEVER
        for at in range(begin[i], end[i]):
            price = min(price, a.cost[loads[at]])
        rate[i] = rate[i + 1]
        for at in range(begin[i] + 1, end[i]):
            heavier = a.caps[loads[at], 0] - first
            if heavier > 0:
                rate[i] = min(rate[i], (a.cost[loads[at]] - price) / heavier)
        cheapest[i] = cheapest[i + 1] + price
        low[i] = low[i + 1] + first
        high[i] = high[i + 1] + a.caps[loads[end[i] - 1], 0]
    for i in range(n + 1):
        rate[i] = 0.0 if rate[i] == np.inf else rate[i] * (1 - _MARGIN)
    base = _least_cost(a, choices, left) if can else NEVER
    floor, billable = _floor(a, choices, loads, excess), _most_billable(a, choices)
    return Needs(can, begin, end, least, forced, billable, base, cheapest, low, high, rate, floor)


@inner
def _floor(a: Loads, choices: Ints, loads: Ints, excess: Ints) -> Ints:
    floor = np.full((2, len(loads)), NEVER, np.int64)
    for i in range(len(choices)):
        least, least_excess = NEVER, NEVER
        for at in range(choices[i, 2] - 1, choices[i, 1] - 1, -1):
            least, least_excess = min(least, a.cost[loads[at]]), min(least_excess, excess[at])
            floor[0, at], floor[1, at] = least, least_excess
    return floor


@inner
def _most_billable(a: Loads, choices: Ints) -> int:
    """What all units are billed for at most, in whichever packages: a gram more in each, as volume may round up."""
    total = len(choices)
    for d in range(len(a.demand)):
        most = a.each[d, 0]
        for i in range(len(choices)):
            rule = a.volumetric[choices[i, 0]]
            if rule[0] > 0:
                most = max(most, -(-a.each[d, 1] * rule[1] // rule[0]))
        total += a.demand[d] * most
    return int(total)


@inner
def _is_past(o: Needs, at: int, i: int, left: int, spare: int) -> bool:
    """True when neither this load nor a heavier one costs little enough for package i, and the later ones."""
    is_dear: bool = o.floor[0, at] + o.cheapest[i + 1] + o.base > left or o.floor[1, at] - o.least[i] > spare
    return is_dear


@inner
def _force(a: Loads, choices: Ints, left: Ints, forced: Ints) -> bool:
    """Write what must go into each set of packages; False where that cannot be."""
    n = len(choices)
    for chosen in range(1 << n):
        for d in range(len(a.demand)):
            units, has_any = a.demand[d] - left[d], False
            for i in range(n):
                lane = choices[i, 0]
                if chosen >> i & 1:
                    has_any = has_any or a.can[lane, d]
                elif a.can[lane, d] and _is_first(a, choices, chosen, i, d):
                    units -= a.stock[a.offer[lane], d]
            if units > 0:
                if not has_any:
                    return False
                for r in range(_RESOURCES):
                    forced[chosen, r] += units * a.each[d, r]
    return True


@inner
def _is_first(a: Loads, choices: Ints, chosen: int, i: int, part: int) -> bool:
    """False where an earlier package that is not chosen has the part from the same offer."""
    for other in range(i):
        lane = choices[other, 0]
        if not chosen >> other & 1 and a.offer[lane] == a.offer[choices[i, 0]] and a.can[lane, part]:
            return False
    return True


@inner
def _least_cost(a: Loads, choices: Ints, left: Ints) -> int:
    """What all units cost at least from these lanes, as if no package could be full."""
    n = len(choices)
    total: int = 0
    for d in range(len(a.demand)):
        need, taken = a.demand[d], 0
        while need > 0:
            best, best_cost, best_units = -1, NEVER, 0
            for i in range(n):
                lane = choices[i, 0]
                if not taken >> i & 1 and a.can[lane, d] and a.unit_cost[lane, d] < best_cost:
                    best, best_cost, best_units = i, a.unit_cost[lane, d], a.stock[a.offer[lane], d]
            if not taken >> n & 1 and left[d] > 0 and a.leave_cost[d] < best_cost:
                best, best_cost, best_units = n, a.leave_cost[d], left[d]
            if best < 0:
                break
            taken |= 1 << best
            for i in range(n):
                if best < n and a.offer[choices[i, 0]] == a.offer[choices[best, 0]]:
                    taken |= 1 << i
            units = min(need, best_units)
            total += units * best_cost
            need -= units
    return total


@inner
def _first_with(a: Loads, loads: Ints, begin: int, end: int, room: Ints) -> int:
    """The first load that has so much room, or `end`; heavier ones come later."""
    while begin < end:
        caps = a.caps[loads[begin]]
        if caps[0] >= room[0] and caps[1] >= room[1] and caps[2] >= room[2]:
            break
        begin += 1
    return begin


@inner
def _start(a: Loads, loads: Ints, o: Needs, i: int, grams: int) -> int:
    """The first load of a package that carries so many grams; by bisection, as heavier ones come later."""
    low, high = int(o.begin[i]), int(o.end[i])
    while low < high:
        middle = (low + high) // 2
        if a.caps[loads[middle], 0] < grams:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _suffice(a: Loads, loads: Ints, o: Needs, at: Ints, depth: int) -> bool:
    """True when the packages up to this depth have room for what must go into any of them and the last, and are not
    heavier by their price than all that there is."""
    billed = 0
    for i in range(depth + 1):
        billed += a.least[loads[at[i]]]
    if billed > o.billable:
        return False
    for others in range(1 << depth):
        for r in range(_RESOURCES):
            room = a.caps[loads[at[depth]], r]
            for i in range(depth):
                if others >> i & 1:
                    room += a.caps[loads[at[i]], r]
            if room < o.forced[others | 1 << depth, r]:
                return False
    return True
