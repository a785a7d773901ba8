"""Rates of kinds of orders, learned from those that came; a forecast counts for as many orders as it is trusted.

What came corrects the forecast step by step: its level, then each set of items ordered together, then each region,
then each kind. A step multiplies by (trust + seen) / (trust + expected), the mean of a gamma prior on the factor after
Poisson counts, so few orders change little and many decide. `still_due` is for demand whose time runs otherwise than
forecast: what the forecast says of the whole horizon, less what came.
"""

from dataclasses import dataclass

import numpy as np

from solver.foresight.kinds import Floats, Ints, Kinds

_MISSED, _ENOUGH = 0.15, 5.0  # a set is missing that came so much rarer than expected, where enough was expected
_UNSEEN = 1.0  # added to the shape of a factor's distribution, which would else have none where nothing came
_DRIFTING, _SURE = 0.1, 20.0  # such a share of what was expected is missing, and so many orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How many orders the state of knowledge before a step is worth; 0: nothing, what was seen decides."""

    level: float
    sets: float
    regions: float
    kinds: float


FORECAST = Trust(level=20, sets=10, regions=50, kinds=20)
NO_FORECAST = Trust(level=0, sets=0, regions=0, kinds=20)


class Learner:
    """Keeps count of the kinds that came, period after period.

    `forecast` [K] are rates a period; None: nothing is known, and sets and regions count as independent of one another.
    """

    def __init__(self, kinds: Kinds, forecast: Floats | None, trust: Trust | None = None) -> None:
        self._forecast = np.full(len(kinds), 1.0 / len(kinds)) if forecast is None else forecast
        self._trust = trust or (NO_FORECAST if forecast is None else FORECAST)
        self._is_forecast = forecast is not None
        _, sets = np.unique(np.hstack([kinds.items, kinds.units]), axis=0, return_inverse=True)
        self._sets: Ints = sets.ravel()
        self._regions = kinds.region
        self._seen = np.zeros(len(kinds))
        self._periods = 0
        self._drifts = False

    @property
    def drifts(self) -> bool:
        """Whether sets of items that the forecast tells of have been missing: then rates are not those of later."""
        return self._drifts

    def see(self, counts: Floats, periods: int) -> None:
        """Orders of each kind, [K], in so many further periods."""
        self._seen = self._seen + counts
        self._periods += periods
        if self._is_forecast and not self._drifts:
            expected = _sums(self._sets, self._forecast) * self._periods
            came = _sums(self._sets, self._seen)
            missing = (expected >= _ENOUGH) & (came <= _MISSED * expected)
            self._drifts = bool(expected[missing].sum() > max(_SURE, _DRIFTING * expected.sum()))

    def rates(self) -> Floats | None:
        """Orders of each kind in a period, [K]; None where nothing is known yet."""
        expected = self._forecast * self._periods
        if not self._seen.any():
            return self._forecast if self._is_forecast else None
        for group, trust in self._steps():
            seen, before = _sums(group, self._seen), _sums(group, expected)
            expected = expected * _factor(seen, before, trust)[group]
        rates: Floats = expected / self._periods
        return rates

    def possible_rates(self, generator: np.random.Generator) -> Floats | None:
        """As `rates`, but drawn from what is possible after what was seen: every factor varies as its gamma does.

        After few orders draws lie far apart, after many nearly where `rates` lie. A forecast is believed before
        anything was seen.
        """
        rates = self.rates()
        if rates is None or not self._seen.any():
            return rates
        for group, trust in self._steps():
            shape = trust + _sums(group, self._seen) + _UNSEEN
            rates = rates * (generator.gamma(shape) / shape)[group]
        return rates

    def _steps(self) -> tuple[tuple[Ints, float], ...]:
        """Group of each kind, [K], and how far what is known of the groups is trusted."""
        return (
            (np.zeros_like(self._sets), self._trust.level),
            (self._sets, self._trust.sets),
            (self._regions, self._trust.regions),
            (np.arange(len(self._sets)), self._trust.kinds),
        )

    def still_due(self, horizon: int) -> Floats:
        """What the forecast says of all periods of the horizon, less what came; never below 0."""
        return np.maximum(0.0, self._forecast * horizon - self._seen)


def _sums(group: Ints, values: Floats) -> Floats:
    return np.bincount(group, values).astype(np.float64)


def _factor(seen: Floats, expected: Floats, trust: float) -> Floats:
    above, below = trust + seen, trust + expected
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
