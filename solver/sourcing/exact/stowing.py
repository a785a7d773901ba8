"""Stowing: units into loads that are chosen already, at the least cost of units, part by part, the heaviest first.

After every step there must be room for the rest. For any of the loads: what the others cannot give must fit into these.
With fractions of units that is enough, so hardly anything that is tried has to be undone. Where much is undone all the
same, room is priced, and what is too dear with it is not tried; first of all what is within a few units of the cheapest
way to stow fractions.
"""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.divisors import common_sizes, in_steps
from solver.sourcing.exact.fitting import NO_ROOM, Holds, Stowed, are_billed, lacking, later_loads
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.room_prices import ROUNDS, Openings, RoomPrices, no_room_prices, room_prices
from solver.sourcing.exact.unit_costs import affordable, cheapest_first, least_cost

_SETS_PER_NODE_SHIFT = 3  # so many sets of loads, of one part each, take as long as a node of loading
_BEGINNING = 20  # nodes that it takes as long as
_PATIENCE = 100  # nodes before room is priced
_NEAR_SHIFT = 1  # of the nodes after that, what goes at most to stowings near fractions
_NEAR = 3  # units
_MARGIN = 1e-6


@compiled
def stow(a: Loads, chosen: Ints, parts: Ints, width: int, limit: int, nodes: int) -> tuple[int, Ints, int]:
    """The least cost of units if it is at most the limit, else NEVER; the units of each load; the nodes left.

    `chosen` has the loads, `parts` the sequence of parts. A width one above the number of loads adds a row for units
    that are left. Nodes below 0: cut off.
    """
    h, s = _begun(a, chosen, parts, width, limit)
    nodes -= _BEGINNING + _effort(h, parts, 0)
    best, found, limit = NEVER, s.units[:0], h.limit
    if h.base[0] > limit or lacking(a, h, s, parts, 0, later_loads(h, 0, -1, parts[0]), -1) != 0:
        return best, found, nodes
    given = min(nodes, _PATIENCE)
    best, found, rest = _placed(a, h, _copied(s), no_room_prices(), chosen, parts, limit, given)
    nodes -= given - rest
    if rest >= 0 or nodes < 0:
        return best, found, nodes
    limit = min(limit, best - h.step)
    nodes -= ROUNDS * len(parts)
    prices, worth = priced_room(a, chosen, parts, width, limit)
    if _is_beyond(prices, worth, limit):
        return best, found, max(0, nodes)
    if _narrow(a, h, prices, chosen):
        given = max(0, nodes >> _NEAR_SHIFT)
        near, units, rest = _placed(a, h, _copied(s), prices, chosen, parts, limit, given)
        nodes -= given - rest
        if near != NEVER:
            best, found, limit = near, units, near - h.step
            if _is_beyond(prices, worth, limit):
                return best, found, max(0, nodes)
        h.low[:] = 0
        h.high[:] = NEVER
    every, units, nodes = _placed(a, h, s, prices, chosen, parts, limit, nodes)
    if every != NEVER:
        best, found = every, units
    return best, found, nodes


@inner
def _placed(
    a: Loads, h: Holds, s: Stowed, prices: RoomPrices, chosen: Ints, parts: Ints, limit: int, nodes: int
) -> tuple[int, Ints, int]:
    """As `stow`, of the stowings that are tried, from nothing placed."""
    width = len(h.can)
    best, found = NEVER, s.units[:0]
    spent = np.zeros(len(parts) * width + 1, np.int64)
    depth, is_new = 0, True
    while depth >= 0 and nodes >= 0:
        at, k = depth // width, depth % width
        d, p = parts[at], h.order[at, k]
        if is_new:
            value = min(_most(a, h, s, d, p), _no_more_than_twin(h, s, parts, at, p), h.high[p, d])
        else:
            value = s.units[p, d] - 1
            _put(a, h, s, d, p, -1 - value)
        value, nodes = _next(a, h, s, prices, parts, at, k, value, limit - spent[depth], nodes)
        is_new = value >= 0
        if not is_new:
            depth -= 1
            continue
        spent[depth + 1] = spent[depth] + value * h.cost[p, d] + (h.kinds[p] if value > 0 else 0)
        depth += 1
        if depth == len(parts) * width:
            if are_billed(a, chosen, s.units):
                best, found = spent[depth], s.units.copy()
                limit = best - h.step
            depth, is_new = depth - 1, False
    return best, found, nodes


@inner
def _copied(s: Stowed) -> Stowed:
    return Stowed(s.stock.copy(), s.room.copy(), s.need.copy(), s.units.copy())


@inner
def _is_beyond(prices: RoomPrices, worth: int, limit: int) -> bool:
    """True when prices of room show that every stowing costs more than the limit."""
    return prices.shift >= 0 and prices.base[0] - worth > limit << prices.shift


@inner
def _narrow(a: Loads, h: Holds, prices: RoomPrices, chosen: Ints) -> bool:
    """Try only what is near the cheapest way to stow fractions; False where that is not known."""
    if prices.shift < 0:
        return False
    for p in range(len(h.can)):
        is_known = True
        for other in range(h.packages):
            if p != other and p < h.packages and a.lane[chosen[p]] == a.lane[chosen[other]]:
                is_known = False
        for d in range(h.can.shape[1]):
            if is_known:
                h.low[p, d] = max(0, int(np.ceil(prices.share[p, d] - _MARGIN)) - _NEAR)
                h.high[p, d] = int(np.floor(prices.share[p, d] + _MARGIN)) + _NEAR
    return True


@inner
def _next(
    a: Loads,
    h: Holds,
    s: Stowed,
    prices: RoomPrices,
    parts: Ints,
    at: int,
    k: int,
    value: int,
    limit: int,
    nodes: int,
) -> tuple[int, int]:
    """Place so many units, or the next fewer that leave room for the rest; -1 where none do. And the nodes left."""
    d, p = parts[at], h.order[at, k]
    later = later_loads(h, at, k, d)
    rest = _least_rest(h, later, d)
    effort = _effort(h, parts, at)
    fewest, most = 0, 0  # of the rest that the later loads are tried with
    for load in range(len(h.can)):
        if later >> load & 1:
            fewest, most = fewest + h.low[load, d], most + min(h.high[load, d], s.need[d])
    value, least = min(value, s.need[d] - fewest), max(h.low[p, d], s.need[d] - most)
    while value >= least:
        nodes -= effort
        fewer = NO_ROOM
        if later != 0 or value == s.need[d]:
            cost = value * h.cost[p, d] + h.base[at + 1] + (s.need[d] - value) * rest
            is_barred = value > 0 and p < h.packages and _meets_apart(a, s.units[p], d)
            if is_barred or cost + (h.kinds[p] if value > 0 else 0) > limit:
                fewer = value if value > 0 else NO_ROOM
            else:
                fewer = _too_dear(s, prices, at, d, p, later, value, limit)
                if fewer == 0:
                    _put(a, h, s, d, p, value)
                    fewer = lacking(a, h, s, parts, at, later, p) if value + s.need[d] > 0 else 0
                    if fewer == 0:
                        return value, nodes
                    _put(a, h, s, d, p, -value)
        if fewer <= 0:
            break
        value -= fewer
    return -1, nodes


@compiled
def priced_room(a: Loads, chosen: Ints, parts: Ints, width: int, limit: int) -> tuple[RoomPrices, int]:
    """Prices of the room before anything is stowed, and what all of it is worth on their scale."""
    h, s = _begun(a, chosen, parts, width, limit)
    none = np.zeros(len(chosen), np.int64)
    known = Openings(none, none, none)
    prices = room_prices(a, parts, a.lane[chosen], h.can, h.cost, h.shares, s.stock, s.room, limit, known)
    return prices, (prices.room * s.room).sum() if prices.shift >= 0 else 0


@compiled
def priced_openings(a: Loads, openings: Openings, parts: Ints, width: int, limit: int, units_limit: int) -> RoomPrices:
    """As `priced_room`, of packages that may be opened as several loads; units alone cost at most `units_limit`."""
    h, s = _begun(a, openings.loads[openings.begin], parts, width, units_limit)
    lanes = a.lane[openings.loads[openings.begin]]
    s.room[: len(lanes)] = 0
    return room_prices(a, parts, lanes, h.can, h.cost, h.shares, s.stock, s.room, limit, openings)


@inner
def _too_dear(s: Stowed, prices: RoomPrices, at: int, part: int, p: int, later: int, value: int, limit: int) -> int:
    """0 where so many units of a part and all the rest may cost at most the limit.

    Else by how many units fewer load p must take at least; NO_ROOM where that cannot help.
    """
    if prices.shift < 0:
        return 0
    total = prices.base[at + 1] + value * prices.cost[p, part] - (limit << prices.shift)
    least = NEVER
    for load in range(len(s.room)):
        for r in range(3):
            total -= prices.room[load, r] * s.room[load, r]
        if later >> load & 1:
            least = min(least, prices.cost[load, part])
    rest = s.need[part] - value
    total += rest * least if rest > 0 else 0
    if total <= 0:
        return 0
    saved = prices.cost[p, part] - least
    return -(-total // saved) if saved > 0 else NO_ROOM


@inner
def _effort(h: Holds, parts: Ints, at: int) -> int:
    """How many nodes it takes to see whether there is room for the parts from there on."""
    return 1 + (((len(parts) - at) << h.packages) >> _SETS_PER_NODE_SHIFT)


@inner
def _begun(a: Loads, chosen: Ints, parts: Ints, width: int, limit: int) -> tuple[Holds, Stowed]:
    """Nothing is placed. What is left has room for as many units as the limit can pay for."""
    n, size = len(chosen), len(parts)
    can, cost = np.zeros((width, size), np.bool_), np.zeros((width, size), np.int64)
    kinds, shares, twin = np.zeros(width, np.int64), np.arange(width), np.full(width, -1)
    stock, room = np.zeros((width, size), np.int64), np.zeros((width, 3), np.int64)
    for p in range(n):
        lane = a.lane[chosen[p]]
        can[p], cost[p], kinds[p] = a.can[lane], a.unit_cost[lane], a.kind_cost[lane]
        stock[p], room[p] = a.stock[a.offer[lane]], a.caps[chosen[p]]
        if p > 0 and chosen[p] == chosen[p - 1]:
            twin[p] = p - 1
        for other in range(p):
            if a.offer[a.lane[chosen[other]]] == a.offer[lane]:
                shares[p] = other
                break
    for p in range(n, width):
        can[p], cost[p] = a.leave_cost != NEVER, a.leave_cost
        stock[p] = affordable(a, can, cost, p, limit)
        for r in range(3):
            room[p, r] = (stock[p] * a.each[:, r]).sum()
    order, base = np.zeros((size, width), np.int64), np.zeros(size + 1, np.int64)
    for at in range(size - 1, -1, -1):
        cheapest_first(can, cost, parts[at], order[at])
        base[at] = base[at + 1] + least_cost(a, can, cost, shares, stock, parts[at], order[at])
    step, limit = in_steps(a, can, cost, kinds, limit)
    common, low, high = common_sizes(a, can, parts), np.zeros((width, size), np.int64), np.full((width, size), NEVER)
    h = Holds(n, can, cost, kinds, shares, twin, order, base, common, low, high, step, limit)
    return h, Stowed(stock, room, a.demand.copy(), np.zeros((width, size), np.int64))


@inner
def _least_rest(h: Holds, later: int, part: int) -> int:
    """The least cost of a unit in a later load."""
    least = NEVER
    for p in range(len(h.can)):
        if later >> p & 1:
            least = min(least, h.cost[p, part])
    return 0 if least == NEVER else least


@inner
def _most(a: Loads, h: Holds, s: Stowed, part: int, p: int) -> int:
    """The most units of a part that a load may take."""
    if not h.can[p, part]:
        return 0
    most: int = min(s.need[part], s.stock[h.shares[p], part])
    for r in range(3):
        if a.each[part, r] > 0:
            most = min(most, s.room[p, r] // a.each[part, r])
    return max(most, 0)


@inner
def _no_more_than_twin(h: Holds, s: Stowed, parts: Ints, at: int, p: int) -> int:
    """Of equal loads, the first has most of the first part in which they differ: the others only change places."""
    if h.twin[p] < 0:
        return NEVER
    for i in range(at):
        if s.units[p, parts[i]] != s.units[h.twin[p], parts[i]]:
            return NEVER
    return int(s.units[h.twin[p], parts[at]])


@inner
def _put(a: Loads, h: Holds, s: Stowed, part: int, p: int, units: int) -> None:
    s.units[p, part] += units
    s.need[part] -= units
    s.stock[h.shares[p], part] -= units
    for r in range(3):
        s.room[p, r] -= units * a.each[part, r]


@inner
def _meets_apart(a: Loads, units: Ints, part: int) -> bool:
    for d in range(len(units)):  # noqa: SIM110 - compiles to a plain loop
        if units[d] > 0 and a.apart[d, part]:
            return True
    return False
