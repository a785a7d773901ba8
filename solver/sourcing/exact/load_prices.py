"""Prices of units, and of a package, that bound every plan from below: what loads cost beyond them only adds up.

A linear program over all that loads can hold, solved by the simplex method that makes a load's contents as it needs
them. What is claimed with the prices is then worked out in whole numbers, whatever they are.
"""

from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.prices import pivot
from solver.sourcing.exact.slices import next_slice

Floats = NDArray[np.float64]

_MOST_TURNS = 60  # for each part
_FEW_TURNS = 1  # of the first slice: a turn of a thousand parts takes some hundredths of a second
_EXACT = 1e-9
_SPREAD, _STEP = 1e-4, 0.6180339887  # demands a little apart, lest a pivot change nothing


class Basis(NamedTuple):
    """Where the simplex method stands, for D parts: its arrays change with every turn."""

    prices: Floats  # [D + 1]: of a unit of each part, and last, 0 or below, of a package
    inverse: Floats  # [D + 1, D + 1]
    amounts: Floats  # [D + 1]: of what is in the basis


def best_load_prices(loads: Loads, leave: Floats, packages: float, until: float) -> Floats | None:
    """Prices of a unit of each part, and last, 0 or below, of a package; at most so many packages.

    None where they are not found by that moment of `perf_counter`; the first turns are taken however late it is.
    """
    size = len(loads.demand)
    demand = loads.demand * (1 + _SPREAD * (np.arange(1, size + 1) * _STEP % 1.0))
    basis = Basis(np.append(leave, 0.0), np.eye(size + 1), np.append(demand, packages))
    left, turns = _MOST_TURNS * (size + 1), _FEW_TURNS
    while turns > 0 and left > 0:
        given, begun = min(turns, left), perf_counter()
        if improve(loads, leave, basis, given):
            return basis.prices
        left, turns = left - given, next_slice(given, begun, until)
    return None if left > 0 else basis.prices


@compiled
def improve(a: Loads, leave: Floats, basis: Basis, turns: int) -> bool:
    """So many turns of the revised simplex method, from all units left at the cost `leave`; True where it has ended.

    One row more than parts, for the packages.
    """
    size = len(a.demand)
    prices, inverse, amounts = basis.prices, basis.inverse, basis.amounts
    entering, column = np.empty(size + 1), np.zeros(size + 1)
    exact = _EXACT * max(1.0, leave.max())
    for _ in range(turns):
        saved = _enter_load(a, prices, column)
        for d in range(size):  # a unit more than is asked, or a unit left
            if prices[d] < saved:
                saved = prices[d]
                column[:] = 0.0
                column[d] = -1.0
            if leave[d] - prices[d] < saved:
                saved = leave[d] - prices[d]
                column[:] = 0.0
                column[d] = 1.0
        if -prices[size] < saved:  # a package fewer
            saved = -prices[size]
            column[:] = 0.0
            column[size] = 1.0
        if saved >= -exact:
            return True
        entering[:] = inverse @ column
        row = pivot(inverse, amounts, entering)
        if row < 0:
            return True
        for d in range(size + 1):
            prices[d] += saved * inverse[row, d]
    return False


@inner
def _enter_load(a: Loads, prices: Floats, column: Floats) -> float:
    """Write the contents of the load that costs least beyond the prices, and that cost."""
    size = len(a.demand)
    gains, most, filled = np.zeros(size), np.zeros(size), np.zeros(size)
    least, last = 0.0, -1
    order = np.arange(size)
    for j in range(len(a.lane)):
        lane = a.lane[j]
        if lane != last:
            last = lane
            for d in range(size):
                can = a.can[lane, d]
                gains[d] = prices[d] - a.unit_cost[lane, d] if can else 0.0
                most[d] = a.stock[a.offer[lane], d] if can else 0.0
            order = np.argsort(-gains / np.maximum(a.each[:, 0], 1))
        saved = a.cost[j] - prices[size] - _fill(a, j, gains, most, order, filled)
        if saved < least:
            least = saved
            column[:size] = filled
            column[size] = 1.0
    return least


@inner
def _fill(a: Loads, j: int, gains: Floats, most: Floats, order: Ints, filled: Floats) -> float:
    """Fill a load with fractions of units, the most gain for its weight first; what that gains."""
    filled[:] = 0.0
    grams, mm3, units = float(a.caps[j, 0]), float(a.caps[j, 1]), float(a.caps[j, 2])
    gain = 0.0
    for d in order:
        if gains[d] <= 0 or most[d] <= 0:
            continue
        taken = min(most[d], units)
        if a.each[d, 0] > 0:
            taken = min(taken, grams / a.each[d, 0])
        if a.each[d, 1] > 0:
            taken = min(taken, mm3 / a.each[d, 1])
        filled[d] = taken
        grams, mm3, units = grams - taken * a.each[d, 0], mm3 - taken * a.each[d, 1], units - taken
        gain += gains[d] * taken
    return gain


@compiled
def least_excess(a: Loads, prices: Ints, cost: Ints, unit_cost: Ints) -> Ints:
    """What each load costs at least beyond the worth of what is in it, whatever that is, [J].

    Whole numbers on a scale of their own: `prices` [D], `cost` [J] and `unit_cost` [L, D].
    """
    size = len(prices)
    gains = np.zeros(size, np.int64)
    excess = np.zeros(len(cost), np.int64)
    for j in range(len(cost)):
        lane = a.lane[j]
        for d in range(size):
            gains[d] = max(0, prices[d] - unit_cost[lane, d]) if a.can[lane, d] else 0
        most = NEVER
        for r in range(3):
            most = min(most, _most_gain(gains, a.stock[a.offer[lane]], a.each[:, r], a.caps[j, r]))
        excess[j] = cost[j] - most
    return excess


@inner
def _most_gain(gains: Ints, stock: Ints, each: Ints, cap: int) -> int:
    """No units that keep to the cap gain more; they may be fractions, so it is rounded up."""
    total = 0
    ratio = np.zeros(len(gains))
    for d in range(len(gains)):
        if gains[d] > 0:
            if each[d] == 0:
                total += gains[d] * stock[d]
            else:
                ratio[d] = gains[d] / each[d]
    for d in np.argsort(-ratio):
        if ratio[d] <= 0:
            break
        taken = min(stock[d], cap // each[d])
        total += gains[d] * taken
        cap -= taken * each[d]
        if taken < stock[d]:
            part = gains[d] * (cap / each[d])
            total += int(part * (1 + _EXACT)) + 2
            break
    return total
