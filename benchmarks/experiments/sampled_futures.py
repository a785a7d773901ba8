"""What stock is worth to orders that are still to come, by what came later in earlier weeks of the same process.

At a moment, each earlier week's later orders make a wave with the orders that are open now, on the stock that is left;
the prices of that wave say what each unit is worth if the rest of the week goes as it went then. A unit is worth the
mean over the weeks. The orders of the week itself that are still to come are not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from benchmarks.experiments.crossing_run import CrossingRun
from benchmarks.experiments.kept_waves import KeptWave, by_places, joined, most_promising
from benchmarks.experiments.protected_units import Values
from solver.orders.model import Order
from solver.replay.decider import Place
from solver.sourcing.case import Ints
from solver.waves.case import PRICES_PER_MINOR, WaveCase
from solver.waves.engine.ascent import Priced, ascend
from solver.waves.engine.crew import crew_of
from solver.waves.engine.narrowing import narrowed
from solver.waves.engine.passes import Passes

_FIRST_PASSES, _PASSES = 200, 15  # on the opening stock; from the prices of the last moment
_FIRST_STEP = 40_000.0  # thousandths
_LOOKED_AT, _LOOKED_AT_IN_A_PASS, _LOOKED_AT_FOR_NOTHING = 50, 20, 16  # entries for each unit
_CHOSEN_ANEW = (5, 2)  # after a fifth of the passes, and after half of them
_MEAN_FROM = 0.75  # of the passes: prices still swing a little, their mean does not
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """The orders of an earlier week, and the prices of their wave on the opening stock, in thousandths."""

    wave: KeptWave
    prices: Ints  # [places]


def sample_of(run: CrossingRun, orders: Sequence[Order]) -> Sample:
    """An earlier week on the run's opening stock; it serves all runs of the same opening stock and price."""
    case = by_places(run.laid_out(_undated(orders, run.horizon.starts_at), run.nothing().left))
    prices = _prices(case, np.zeros(case.resources, np.int64), _FIRST_PASSES)
    whole = np.rint(prices).astype(np.int64)
    with crew_of(case.orders) as crew:
        priced = most_promising(case, crew, whole, _LOOKED_AT)
        free = most_promising(case, crew, np.zeros_like(whole), _LOOKED_AT_FOR_NOTHING)
    placed = np.array([(order.placed_at - run.horizon.starts_at) / _HOUR for order in orders])
    return Sample(wave=KeptWave.of(narrowed(case, np.union1d(priced, free)), placed), prices=whole)


class SampledFutures:
    """Values of stock in one run; every moment's prices begin with those of the moment before.

    A unit counts for `share` of the mean: prices of a few weeks know much of the network and little of each province.
    """

    def __init__(self, run: CrossingRun, samples: Sequence[Sample], share: float = 1.0) -> None:
        self._run, self._samples, self._share = run, samples, share
        self._prices = [sample.prices for sample in samples]

    def values(self, open_orders: Sequence[Order], left: Mapping[Place, int], now: datetime) -> Values:
        """What a unit left is worth beside these orders; nothing once the week is over."""
        run, opened = self._run, None
        if now >= run.horizon.ends_at or not self._samples:
            return {}
        hour, stock = (now - run.horizon.starts_at) / _HOUR, run.stock(left).astype(np.int64)
        if open_orders:
            opened = by_places(run.laid_out(_undated(open_orders, now), left))
        total = np.zeros(len(stock))
        for number, sample in enumerate(self._samples):
            later = sample.wave.later(hour, stock)
            prices = _prices(joined(later, opened) if opened else later, self._prices[number], _PASSES)
            self._prices[number] = np.rint(prices).astype(np.int64)
            total += prices
        return self._by_sku(self._share * total / len(self._samples) / PRICES_PER_MINOR)

    def _by_sku(self, minor: NDArray[np.float64]) -> Values:
        found: Values = {}
        for (source_id, sku), one in zip(self._run.places, np.rint(minor).astype(int).tolist(), strict=True):
            if one:
                found.setdefault(sku, {})[source_id] = one
        return found


def _undated(orders: Sequence[Order], moment: datetime) -> list[Order]:
    """As if all were placed at the moment; promises cost nothing here."""
    return [replace(order, placed_at=moment, promised_at=None) for order in orders]


def _prices(case: WaveCase, start: Ints, passes: int) -> NDArray[np.float64]:
    """The mean of the last prices of an ascent from `start`, whose passes look at the promising entries alone."""
    with crew_of(case.orders) as crew:
        whole = Passes(case, crew)
        few, done = whole, 0

        def at(prices: Ints) -> Priced:
            nonlocal few, done
            if done == 0 or done in {passes // part for part in _CHOSEN_ANEW}:
                few = Passes(narrowed(case, most_promising(case, crew, prices, _LOOKED_AT_IN_A_PASS)), crew)
            done += 1
            return few.at(prices)

        ascent = ascend(at, whole.resources, start, first_step=_FIRST_STEP, passes=lambda _: passes)
        seen = [one.prices for one in ascent][int(passes * _MEAN_FROM) :]
    mean: NDArray[np.float64] = np.mean(seen, axis=0)
    return mean
