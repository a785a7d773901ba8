"""Prices of stock by ascent: the dual of `solver.foresight.prices` climbed step by step from where it stood last.

The program's bound at prices p is sum of demand[k] * least[k](p) - sum of p * stock. It is concave; what the
cheapest methods take beyond the stock is a direction of ascent, in which prices move by steps of Adam's kind
(Kingma and Ba 2015: a mean of directions over the root of a mean of their squares) whose length falls with the
passes. Every pass is a valid bound. Where the program is solved again and again, on a little less stock each time,
some tens of passes from the last prices come as near as an exact solve, in a fraction of its time.

Letters in shapes: K kinds, D items of a kind, N sources, M items.
"""

import math
from dataclasses import dataclass

import numpy as np

from solver.foresight.kinds import Costs, Floats, Ints, Kinds
from solver.foresight.least_kernels import least
from solver.sourcing.exact.jit import compiled

_FIRST, _SECOND = 0.8, 0.98  # how much of the means stays from pass to pass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Climb:
    """How far and how long: the first step in money, the last as a share of it."""

    passes: int
    step: float
    last_share: float = 0.02


class Ascent:
    """Climbs for one set of kinds and costs. Stock of a source that is endless must be infinite for every item."""

    def __init__(self, kinds: Kinds, costs: Costs) -> None:
        self._items, self._units = kinds.items, kinds.units
        self._sizes = (kinds.units > 0).sum(axis=1)
        self._package = np.ascontiguousarray(costs.package[kinds.region])  # [K, N]
        by_item = np.broadcast_to(costs.unit, (*costs.package.shape, max(costs.unit.shape[2], _items_of(kinds))))
        picked = by_item[kinds.region[:, None], :, np.maximum(kinds.items, 0)]  # [K, D, N]
        self._unit = np.ascontiguousarray((picked * kinds.units[:, :, None]).transpose(0, 2, 1))  # [K, N, D]

    def climb(self, start: Floats, stock: Floats, demand: Floats, climb: Climb) -> tuple[Floats, float]:
        """The prices with the best bound that was met from `start` [N, M] on, and that bound."""
        return _climb(
            start, stock, demand, self._package, self._unit, self._items, self._units, self._sizes,
            climb.passes, climb.step, climb.last_share,
        )  # fmt: skip


def _items_of(kinds: Kinds) -> int:
    return int(kinds.items.max(initial=0)) + 1


@compiled
def _climb(
    start: Floats,
    stock: Floats,
    demand: Floats,
    package: Floats,
    unit: Floats,
    items: Ints,
    units: Ints,
    sizes: Ints,
    passes: int,
    step: float,
    last_share: float,
) -> tuple[Floats, float]:
    prices, best_prices, best = start.copy(), start.copy(), -np.inf
    first, second = np.zeros_like(prices), np.zeros_like(prices)
    for turn in range(passes):
        excess = np.where(np.isinf(stock), 0.0, -stock)
        bound = (prices * excess).sum()
        bound += _take(prices, stock, demand, package, unit, items, units, sizes, excess)
        if bound > best:
            best = bound
            best_prices[:] = prices
        shrink = last_share + (1 - last_share) * 0.5 * (1 + math.cos(math.pi * turn / passes))
        for source in range(prices.shape[0]):
            for item in range(prices.shape[1]):
                if stock[source, item] <= 0 or stock[source, item] == np.inf:
                    continue
                direction = excess[source, item]
                first[source, item] = _FIRST * first[source, item] + (1 - _FIRST) * direction
                second[source, item] = _SECOND * second[source, item] + (1 - _SECOND) * direction * direction
                if second[source, item] > 0:
                    mean = first[source, item] / (1 - _FIRST ** (turn + 1))
                    root = math.sqrt(second[source, item] / (1 - _SECOND ** (turn + 1)))
                    prices[source, item] = max(0.0, prices[source, item] + step * shrink * mean / root)
    return best_prices, best


@compiled
def _take(
    prices: Floats,
    stock: Floats,
    demand: Floats,
    package: Floats,
    unit: Floats,
    items: Ints,
    units: Ints,
    sizes: Ints,
    excess: Floats,
) -> float:
    """What all kinds cost at the prices; adds to `excess` what their cheapest methods take."""
    sources, total = package.shape[1], 0.0
    cost = np.empty((sources, items.shape[1]))
    chosen = np.zeros(items.shape[1], np.int64)
    for kind in range(items.shape[0]):
        if demand[kind] <= 0:
            continue
        for source in range(sources):
            for at in range(sizes[kind]):
                item = items[kind, at]
                if stock[source, item] > 0:
                    cost[source, at] = unit[kind, source, at] + units[kind, at] * prices[source, item]
                else:
                    cost[source, at] = np.inf
        total += demand[kind] * least(package[kind], cost, sizes[kind], chosen)
        for at in range(sizes[kind]):
            if stock[chosen[at], items[kind, at]] < np.inf:
                excess[chosen[at], items[kind, at]] += demand[kind] * units[kind, at]
    return total
