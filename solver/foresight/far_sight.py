"""Prices of stock kept current while orders come: mean prices over futures drawn anew at every refresh.

Each future has prices of its own, which climb on from where they stood at the refresh before. Their mean prices stock
that few futures want lower than one expected future would, and stock that many want higher. Where rates are learned,
every future may have rates of its own, drawn from those that are possible (`Learner.possible_rates`): prices then mind
what is not known yet. Prices may keep a share of those of the refreshes before (`Futures.kept`), as if more futures had
been drawn. Late in a horizon there is little stock, which a few orders change: refresh more often then (`refreshes`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.foresight.ascent import Ascent, Climb
from solver.foresight.kinds import Floats

Possible = Callable[[np.random.Generator], Floats]  # what may be expected of each kind, [K]


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """How many are drawn, and how far each climbs: from nothing in the `early` refreshes, then from its last prices.

    `count` 0: one future, the expected one. `kept` is how much of the mean prices of one refresh stays in those of the
    next, below 1; nothing stays of the early ones.
    """

    count: int
    first: Climb
    later: Climb
    early: int = 1
    kept: float = 0.0


def refreshes(periods: int, share: float, least: int) -> list[int]:
    """Periods after which to refresh: whenever a `share` of those left went by, but at `least` so many; the end too."""
    ends = [0]
    while ends[-1] < periods:
        ends.append(min(periods, ends[-1] + max(least, int(share * (periods - ends[-1])))))
    return ends[1:]


class FarSight:
    """Prices of one run. All chance comes from `generator`."""

    def __init__(self, ascent: Ascent, futures: Futures, generator: np.random.Generator) -> None:
        self._ascent, self._futures, self._generator = ascent, futures, generator
        self._prices: list[Floats] = []
        self._known = ascent.nothing_known()
        self._mean: Floats | None = None
        self._refreshes = 0

    def refresh(self, stock: Floats, demand: Floats, possible: Possible | None = None) -> Floats:
        """Prices [N, M] of `stock` [N, M] for orders still to come, `demand` [K] of them expected.

        `possible` draws a future's own expectation; without it every future has `demand`, as the expected one has.
        """
        count = max(1, self._futures.count)
        self._prices = self._prices or [np.zeros(stock.shape)] * count
        is_early = self._refreshes < self._futures.early
        climb = self._futures.first if is_early else self._futures.later
        self._refreshes += 1
        self._prices = [
            self._ascent.climb(prices, stock, self._draw(demand, possible), climb, self._known)[0]
            for prices in self._prices
        ]
        mean: Floats = np.mean(self._prices, axis=0)
        if self._mean is not None:
            mean = self._futures.kept * self._mean + (1 - self._futures.kept) * mean
        self._mean = None if is_early else mean
        return mean

    def _draw(self, demand: Floats, possible: Possible | None) -> Floats:
        if not self._futures.count:
            return demand
        expected = possible(self._generator) if possible else demand
        return self._generator.poisson(expected).astype(np.float64)
