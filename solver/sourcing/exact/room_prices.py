"""Prices of the room in loads that are chosen: what stowing into them costs at least, where several parts want it.

For any prices λ ≥ 0 of a gram, a mm3 and a unit of room in each load, whatever is stowed costs at least what it would
if each unit also paid for the room it takes, less what all the room is worth; and then parts no longer compete. Prices
are found in floating point; the bound is worked out with them in whole numbers.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.jit import compiled
from solver.sourcing.exact.loads import Loads

Floats = NDArray[np.float64]

ROUNDS = 40  # of the search for prices
_SCALE_BITS = 58  # of all costs and of the worth of all room, on the scale of the prices
_FINEST = 24


class RoomPrices(NamedTuple):
    """W loads, D parts. Costs are shifted to the left by `shift`; below 0 there are no prices, and nothing is known."""

    shift: int
    room: Ints  # [W, 3]: of a gram, a mm3 and a unit
    cost: Ints  # [W, D]: of a unit and its room
    base: Ints  # [D + 1]: what the parts from each on cost at least, with their room


@compiled
def no_room_prices() -> RoomPrices:
    """Nothing is known."""
    none = np.zeros((0, 0), np.int64)
    return RoomPrices(-1, none, none, np.zeros(0, np.int64))


@compiled
def room_prices(
    a: Loads, parts: Ints, lanes: Ints, can: Flags, cost: Ints, shares: Ints, stock: Ints, room: Ints, limit: int
) -> RoomPrices:
    """Prices for loads into which nothing is stowed yet, by which that costs as much as they can show, up to `limit`.

    `can`, `cost`, `stock` are [W, D], `room` [W, 3], `shares` [W] as in `stowing`; `lanes` has the lane of each load. A
    row more has room for everything. `parts` is the sequence of parts.
    """
    shift = min(_FINEST, _SCALE_BITS - _bits(limit + 1) - _bits(a.demand.sum()))
    if shift < 0:
        return no_room_prices()
    wanted, packages = _best_prices(a, lanes, can, cost, shares, stock, room, limit), len(lanes)
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
    return RoomPrices(shift, prices, dear, base)


@compiled
def _best_prices(
    a: Loads, lanes: Ints, can: Flags, cost: Ints, shares: Ints, stock: Ints, room: Ints, limit: int
) -> Floats:
    """Subgradient steps towards a cost above the limit; the best prices on the way, [W, 3].

    Loads of one lane have one price: units go to the cheapest load, so prices of equal loads would only take turns.
    """
    like = np.array([np.argmax(lanes == lane) for lane in lanes])
    prices, best, missing = np.zeros(room.shape), np.zeros(room.shape), np.zeros(room.shape)
    most = -np.inf
    whole = np.ones(3)
    for d in range(len(a.demand)):
        whole += a.demand[d] * a.each[d]
    for _ in range(ROUNDS):
        total = _fill(a, can, np.minimum(cost, limit + 1), shares, stock, like, prices, missing)
        total -= (prices * room).sum()
        for p in range(len(lanes)):
            missing[like[p]] -= room[p]
        if total > most:
            most = total
            best[:] = prices
        length = _in_shares(missing, prices, whole)
        if length == 0 or total > limit:
            break
        step = (limit + 1 - total) / length
        for p in range(len(lanes)):
            for r in range(3):
                prices[p, r] = max(0.0, prices[p, r] + step * missing[like[p], r])
    return best


@compiled
def _fill(
    a: Loads, can: Flags, cost: Ints, shares: Ints, stock: Ints, like: Ints, prices: Floats, taken: Floats
) -> float:
    """What all units cost at least with their room, and what room of the loads of each lane they take then, [W, 3]."""
    units, dear = np.zeros(len(cost), np.int64), np.zeros(len(cost))
    total = 0.0
    taken[:] = 0.0
    for d in range(len(a.demand)):
        for p in range(len(cost)):
            dear[p] = cost[p, d] + (prices[p] * a.each[d]).sum()
        _fill_cheapest(a.demand[d], can[:, d], dear, shares, stock[:, d], units)
        for p in range(len(cost)):
            total += units[p] * dear[p]
            if p < len(like):
                taken[like[p]] += units[p] * a.each[d]
    return total


@compiled
def _in_shares(missing: Floats, prices: Floats, whole: Floats) -> float:
    """The step that changes prices most: what is missing, so that mm3 do not drown grams. And its length, squared."""
    length = 0.0
    for p in range(len(missing)):
        for r in range(3):
            missing[p, r] /= whole[r]
            if prices[p, r] <= 0 and missing[p, r] < 0:
                missing[p, r] = 0.0
            length += missing[p, r] ** 2
            missing[p, r] /= whole[r]
    return length


@compiled
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


@compiled
def _bits(number: int) -> int:
    bits = 0
    while number > 0:
        number >>= 1
        bits += 1
    return bits
