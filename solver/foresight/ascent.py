"""Prices of stock by ascent: the dual of `solver.foresight.prices` climbed step by step from where it stood last.

The program's bound at prices p is sum of demand[k] * least[k](p) - sum of p * stock. It is concave; what the
cheapest methods take beyond the stock is a direction of ascent, in which prices move by steps of Adam's kind
(Kingma and Ba 2015: a mean of directions over the root of a mean of their squares) whose length falls with the
passes. Every pass is a valid bound. Where the program is solved again and again, on a little less stock each time,
some tens of passes from the last prices come as near as an exact solve, in a fraction of its time.

Not every pass need look at all ways of serving a kind (`Climb.exact_every`). Those between look at the ways that were
cheapest lately, which is many times quicker where kinds have many items or sources are many; they are no bounds.

Letters in shapes: K kinds, D items of a kind, N sources, M items.
"""

import math
from dataclasses import dataclass

import numpy as np

from solver.foresight.kinds import Costs, Floats, Ints, Kinds
from solver.foresight.known_kernels import NOBODY, least_of_known, nothing_known, remember
from solver.foresight.least_kernels import least
from solver.sourcing.exact.jit import compiled

_FIRST, _SECOND = 0.8, 0.98  # how much of the means stays from pass to pass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Climb:
    """How far and how long: the first step in money, the last as a share of it.

    `exact_every`: how often a pass looks at all ways of serving a kind; 1: always. The last pass does, and twice as
    many first ones do where nothing is known yet.
    """

    passes: int
    step: float
    last_share: float = 0.02
    exact_every: int = 1


class Ascent:
    """Climbs for one set of kinds and costs. Stock of a source that is endless must be infinite for every item."""

    def __init__(self, kinds: Kinds, costs: Costs) -> None:
        self._items, self._units = kinds.items, kinds.units
        self._sizes = (kinds.units > 0).sum(axis=1)
        self._package = np.ascontiguousarray(costs.package[kinds.region])  # [K, N]
        by_item = np.broadcast_to(costs.unit, (*costs.package.shape, max(costs.unit.shape[2], _items_of(kinds))))
        picked = by_item[kinds.region[:, None], :, np.maximum(kinds.items, 0)]  # [K, D, N]
        self._unit = np.ascontiguousarray((picked * kinds.units[:, :, None]).transpose(0, 2, 1))  # [K, N, D]

    def nothing_known(self) -> Ints:
        """What climbs may share, one after the other: the ways of serving each kind that were cheapest lately."""
        return nothing_known(*self._items.shape)

    def climb(
        self, start: Floats, stock: Floats, demand: Floats, climb: Climb, known: Ints | None = None
    ) -> tuple[Floats, float]:
        """The prices with the best bound that was met from `start` [N, M] on, and that bound.

        `known`, of `nothing_known`, is brought up to date.
        """
        known = self.nothing_known() if known is None else known
        exact_first = 2 * climb.exact_every if (known == NOBODY).all() else 1
        return _climb(
            start, stock, demand, self._package, self._unit, self._items, self._units, self._sizes, known,
            climb.passes, climb.step, climb.last_share, climb.exact_every, exact_first,
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
    known: Ints,
    passes: int,
    step: float,
    last_share: float,
    exact_every: int,
    exact_first: int,
) -> tuple[Floats, float]:
    prices, best_prices, best = start.copy(), start.copy(), -np.inf
    first, second = np.zeros_like(prices), np.zeros_like(prices)
    for turn in range(passes):
        exact = turn < exact_first or turn % exact_every == 0 or turn == passes - 1
        excess = np.where(np.isinf(stock), 0.0, -stock)
        bound = (prices * excess).sum()
        bound += _take(prices, stock, demand, package, unit, items, units, sizes, known, exact, excess)
        if exact and bound > best:
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
    known: Ints,
    exact: bool,  # noqa: FBT001 - numba has no keyword-only arguments
    excess: Floats,
) -> float:
    """What all kinds cost at the prices; adds to `excess` what their cheapest methods take.

    If not `exact`, of the known methods alone, where one serves the kind.
    """
    sources, total = package.shape[1], 0.0
    cost = np.empty((sources, items.shape[1]))
    chosen, trial = np.zeros(items.shape[1], np.int64), np.zeros(items.shape[1], np.int64)
    for kind in range(items.shape[0]):
        if demand[kind] <= 0:
            continue
        size, cheapest = sizes[kind], np.inf
        if not exact:
            cheapest = least_of_known(
                known[kind], package[kind], unit[kind], items[kind, :size], units[kind, :size], prices, stock,
                chosen, trial,
            )  # fmt: skip
        if cheapest == np.inf:
            for source in range(sources):
                for at in range(size):
                    item = items[kind, at]
                    if stock[source, item] > 0:
                        cost[source, at] = unit[kind, source, at] + units[kind, at] * prices[source, item]
                    else:
                        cost[source, at] = np.inf
            cheapest = least(package[kind], cost, size, chosen)
            remember(known[kind], chosen, size, sources)
        total += demand[kind] * cheapest
        for at in range(size):
            if stock[chosen[at], items[kind, at]] < np.inf:
                excess[chosen[at], items[kind, at]] += demand[kind] * units[kind, at]
    return total
