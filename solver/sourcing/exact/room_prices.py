"""Prices of the room in loads that are chosen: what stowing into them costs at least, where several parts want it.

For any prices λ ≥ 0 of a gram, a mm3 and a unit of room in each load, whatever is stowed costs at least what it would
if each unit also paid for the room it takes, less what all the room is worth; and then parts no longer compete. Prices
are found in floating point; the bound is worked out with them in whole numbers.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.jit import inner
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.prices import pivot

Floats = NDArray[np.float64]

ROUNDS = 80  # nodes for each part that finding prices takes as long as
_MOST_TURNS = 8  # of the simplex method, for each row
_EXACT = 1e-9
_DEAR = 1e3  # times the limit: what a part or a package costs that has no place yet, of which a fraction must be dear
_SCALE_BITS = 58  # of all costs and of the worth of all room, on the scale of the prices
_FINEST = 24


class RoomPrices(NamedTuple):
    """W loads, D parts. Costs are shifted to the left by `shift`; below 0 there are no prices, and nothing is known."""

    shift: int
    room: Ints  # [W, 3]: of a gram, a mm3 and a unit
    cost: Ints  # [W, D]: of a unit and its room
    base: Ints  # [D + 1]: what the parts from each on cost at least, with their room
    share: Floats  # [W, D]: the units of a cheapest way to stow fractions; loads of one lane are not told apart


class Openings(NamedTuple):
    """What n packages may be opened as: package i as one of loads[begin[i]] to loads[end[i]]."""

    loads: Ints
    begin: Ints  # [n]; where it is also the end, that is known
    end: Ints  # [n]


@inner
def no_room_prices() -> RoomPrices:
    """Nothing is known."""
    none = np.zeros((0, 0), np.int64)
    return RoomPrices(-1, none, none, np.zeros(0, np.int64), np.zeros((0, 0)))


@inner
def room_prices(
    a: Loads,
    parts: Ints,
    lanes: Ints,
    can: Flags,
    cost: Ints,
    shares: Ints,
    stock: Ints,
    room: Ints,
    limit: int,
    openings: Openings,
) -> RoomPrices:
    """Prices for loads into which nothing is stowed yet, by which that costs as much as they can show.

    `can`, `cost`, `stock` are [W, D], `room` [W, 3], `shares` [W] as in `stowing`; `lanes` has the lane of each load. A
    row more has room for everything. `parts` is the sequence of parts. Packages that may be opened as one of several
    loads pay for them, and have no `room` of their own.
    """
    shift = min(_FINEST, _SCALE_BITS - _bits(limit + 1) - _bits(a.demand.sum()))
    if shift < 0:
        return no_room_prices()
    share, packages = np.zeros(cost.shape), len(lanes)
    wanted = _best_prices(a, lanes, can, cost, shares, stock, room, limit, openings, share)
    prices, dear = np.zeros(room.shape, np.int64), np.zeros(cost.shape, np.int64)
    for r in range(3):
        most = float(1 << _SCALE_BITS) / (3 * packages * max(1.0, float((a.demand * a.each[:, r]).sum())))
        for p in range(packages):
            prices[p, r] = int(min(most, wanted[p, r] * float(1 << shift)))
    for p in range(len(cost)):
        for d in range(cost.shape[1]):  # a unit that costs more than the limit is in no stowing that is looked for
            dear[p, d] = (min(cost[p, d], limit + 1) << shift) + (prices[p] * a.each[d]).sum()
    base = np.zeros(len(parts) + 1, np.int64)
    units = np.zeros(len(cost), np.int64)
    for at in range(len(parts) - 1, -1, -1):
        d = parts[at]
        _fill_cheapest(a.demand[d], can[:, d], dear[:, d], shares, stock[:, d], units)
        total = (units * dear[:, d]).sum()
        short = a.demand[d] - units.sum()
        base[at] = base[at + 1] + (total if short == 0 else 0)
    return RoomPrices(shift, prices, dear, base, share)


@inner
def _best_prices(
    a: Loads,
    lanes: Ints,
    can: Flags,
    cost: Ints,
    shares: Ints,
    stock: Ints,
    room: Ints,
    limit: int,
    openings: Openings,
    share: Floats,
) -> Floats:
    """The prices that show most, by the simplex method, [W, 3]. The units that they go with are written to `share`.

    The program: for each part a mixture of ways to place all of it, for each package one of what it may be opened as,
    so that there is room; ways are made when they are needed. Loads of one lane have one price: units go to the
    cheapest load, so prices of equal loads would only take turns. `worth` has the duals: of the room of each load, of a
    part, of a package.
    """
    like, whole = np.array([np.argmax(lanes == lane) for lane in lanes]), _whole(a)
    first = 3 * len(lanes)  # of the parts
    rows = first + len(a.demand) + len(lanes)
    inverse, amounts, worth = np.eye(rows), np.ones(rows), np.full(rows, _DEAR * (limit + 1.0))
    amounts[:first], worth[:first] = 0.0, 0.0
    for p in range(len(lanes)):
        for r in range(3):
            amounts[3 * like[p] + r] += room[p, r] / whole[r]
    capped, exact, most = np.minimum(cost, limit + 1), _EXACT * (limit + 1.0), -np.inf
    prices, best = np.zeros(room.shape), np.zeros(room.shape)
    column, entering = np.zeros(rows), np.zeros(rows)
    part, way = np.full(rows, -1), np.zeros((rows, len(cost)), np.int64)  # what is in the basis, as far as it is a way
    units = np.zeros(len(cost), np.int64)
    for _ in range(_MOST_TURNS * rows):
        _write_prices(worth, like, whole, prices)
        total, by_way, made = _dearest_way(a, can, capped, shares, stock, like, prices, whole, worth, column, units)
        opened, saved = _dearest_opening(a, openings, like, prices, whole, worth, column, by_way)
        total += opened - (prices * room).sum()
        if total > most:
            most = total
            best[:] = prices
        saved = _empty_room(worth[:first], column, saved)
        if saved >= -exact:
            break
        entering[:] = inverse @ column
        row = pivot(inverse, amounts, entering)
        if row < 0:
            break
        part[row], way[row] = made if saved == by_way else -1, units
        for i in range(rows):
            worth[i] += saved * inverse[row, i]
    _write_share(part, way, amounts, share)
    return best


@inner
def _write_prices(worth: Floats, like: Ints, whole: Floats, prices: Floats) -> None:
    for p in range(len(like)):
        for r in range(3):
            prices[p, r] = max(0.0, -worth[3 * like[p] + r]) / whole[r]


@inner
def _write_share(part: Ints, way: Ints, amounts: Floats, share: Floats) -> None:
    for row in range(len(part)):
        if part[row] >= 0:
            for p in range(len(share)):
                share[p, part[row]] += amounts[row] * way[row, p]


@inner
def _whole(a: Loads) -> Floats:
    """The grams, mm3 and units of the order, by which rooms are measured, so that mm3 do not drown grams."""
    whole = np.ones(3)
    for d in range(len(a.demand)):
        whole += a.demand[d] * a.each[d]
    return whole


@inner
def _dearest_way(
    a: Loads,
    can: Flags,
    cost: Ints,
    shares: Ints,
    stock: Ints,
    like: Ints,
    prices: Floats,
    whole: Floats,
    worth: Floats,
    column: Floats,
    best: Ints,
) -> tuple[float, float, int]:
    """What all units cost at least with their room; and by how much a part's cheapest way is below its worth, the most
    of any part, below 0. That way is written to the column, its units to `best`; and its part, -1 for none."""
    units, dear, first = np.zeros(len(cost), np.int64), np.zeros(len(cost)), 3 * len(like)
    total, saved, made = 0.0, 0.0, -1
    for d in range(len(a.demand)):
        for p in range(len(cost)):
            dear[p] = cost[p, d] + (prices[p] * a.each[d]).sum()
        _fill_cheapest(a.demand[d], can[:, d], dear, shares, stock[:, d], units)
        way = (units * dear).sum()
        total += way
        if way - worth[first + d] < saved:
            saved, made = way - worth[first + d], d
            best[:] = units
            column[:] = 0.0
            column[first + d] = 1.0
            for p in range(len(like)):
                for r in range(3):
                    column[3 * like[p] + r] += units[p] * a.each[d, r] / whole[r]
    return total, saved, made


@inner
def _dearest_opening(
    a: Loads,
    openings: Openings,
    like: Ints,
    prices: Floats,
    whole: Floats,
    worth: Floats,
    column: Floats,
    saved: float,
) -> tuple[float, float]:
    """As `_dearest_way`, what packages cost at least less the worth of their room, where that saves more."""
    total, first = 0.0, len(worth) - len(like)
    for p in range(len(like)):
        least, best = np.inf, -1
        for at in range(openings.begin[p], openings.end[p]):
            load = openings.loads[at]
            net = a.cost[load] - (prices[p] * a.caps[load]).sum()
            if net < least:
                least, best = net, load
        if best >= 0:
            total += least
            if least - worth[first + p] < saved:
                saved = least - worth[first + p]
                column[:] = 0.0
                column[first + p] = 1.0
                for r in range(3):
                    column[3 * like[p] + r] = -a.caps[best, r] / whole[r]
    return total, saved


@inner
def _empty_room(worth: Floats, column: Floats, saved: float) -> float:
    """As `_dearest_way`, for room that stays empty and has a price below 0."""
    row = np.argmax(worth)
    if -worth[row] < saved:
        column[:] = 0.0
        column[row] = 1.0
        return float(-worth[row])
    return saved


@inner
def _fill_cheapest(need: int, can: Flags, cost: Floats | Ints, shares: Ints, stock: Ints, units: Ints) -> None:
    """Units of a part into the loads where each costs least, as if none could be full; of equal ones the first."""
    units[:] = 0
    seen = 0
    while need > 0:
        best = -1
        for p in range(len(units)):
            if can[p] and not seen >> shares[p] & 1 and (best < 0 or cost[p] < cost[best]):
                best = p
        if best < 0:
            break
        seen |= 1 << shares[best]
        units[best] = min(need, stock[shares[best]])
        need -= units[best]


@inner
def _bits(number: int) -> int:
    bits = 0
    while number > 0:
        number >>= 1
        bits += 1
    return bits
