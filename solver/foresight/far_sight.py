"""Prices of stock kept current while orders come: mean prices over futures drawn anew at every refresh.

Each future has prices of its own, which climb on from where they stood at the refresh before. Their mean prices stock
that few futures want lower than one expected future would, and stock that many want higher.
"""

from dataclasses import dataclass

import numpy as np

from solver.foresight.ascent import Ascent, Climb
from solver.foresight.kinds import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """How many are drawn, and how far each climbs: from nothing in the `early` refreshes, then from its last prices.

    `count` 0: one future, the expected one.
    """

    count: int
    first: Climb
    later: Climb
    early: int = 1


class FarSight:
    """Prices of one run. All chance comes from `generator`."""

    def __init__(self, ascent: Ascent, futures: Futures, generator: np.random.Generator) -> None:
        self._ascent, self._futures, self._generator = ascent, futures, generator
        self._prices: list[Floats] = []
        self._refreshes = 0

    def refresh(self, stock: Floats, demand: Floats) -> Floats:
        """Prices [N, M] of `stock` [N, M] for orders still to come, `demand` [K] of them expected."""
        drawn = max(1, self._futures.count)
        self._prices = self._prices or [np.zeros(stock.shape)] * drawn
        climb = self._futures.first if self._refreshes < self._futures.early else self._futures.later
        self._refreshes += 1
        self._prices = [self._ascent.climb(prices, stock, self._draw(demand), climb)[0] for prices in self._prices]
        mean: Floats = np.mean(self._prices, axis=0)
        return mean

    def _draw(self, demand: Floats) -> Floats:
        return self._generator.poisson(demand).astype(np.float64) if self._futures.count else demand
