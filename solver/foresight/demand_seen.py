"""Units asked for by SKU and day, and how far forecasts of the days ahead stand above or below what counts otherwise.

A forecast needs two whole weeks. The SKUs that are asked for most are forecast each by itself, the others together;
each by the method that does best on its own past (`back_test.choose`).
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from solver.foresight.back_test import choose
from solver.foresight.kinds import Floats

LEAST_DAYS = 14
MOST_DAYS = 112  # the latest; earlier ones are forgotten
FORECAST_ALONE = 40
_WEEK = 7
_MOST_FACTOR = 4.0  # a forecast that says more than so many times as much (or as little) is taken by half
_DAY = timedelta(days=1)
_OTHERS = ""


class DemandSeen:
    """Counts units by day. Orders come in the sequence in which they were placed, from `first` on."""

    def __init__(self, first: datetime) -> None:
        self.first = first
        self.days: dict[int, Counter[str]] = {}

    def see(self, at: datetime, units: Mapping[str, int]) -> None:
        """Count what an order asks for."""
        day = at.toordinal()
        if day not in self.days:
            self.days[day] = Counter()
            for old in [one for one in self.days if one <= day - MOST_DAYS]:
                del self.days[old]
        self.days[day].update(units)

    def factors(self, now: datetime, until: datetime, expected_units: Mapping[str, float]) -> dict[str, float]:
        """By what to multiply the units that are expected of each SKU until then, so that forecasts are met.

        Empty where less than LEAST_DAYS whole days were seen: today, and the day on which it began, are none.
        """
        begins = max(self.first.toordinal() + 1, now.toordinal() - MOST_DAYS + 1)
        days = range(begins, now.toordinal())
        if len(days) < LEAST_DAYS or until <= now:
            return {}
        total: Counter[str] = Counter()
        for day in days:
            total.update(self.days.get(day, ()))
        alone = [sku for sku, _ in sorted(total.items(), key=lambda one: (-one[1], one[0]))[:FORECAST_ALONE]]
        series = {sku: self._series(days, {sku}) for sku in alone}
        others = set(total) - set(alone)
        if others:
            series[_OTHERS] = self._series(days, others)
        ahead = until - now
        forecast = {sku: _forecast(of_sku, ahead) for sku, of_sku in series.items()}
        wanted = Counter[str]()
        for sku, units in expected_units.items():
            wanted[sku if sku in forecast else _OTHERS] += units  # type: ignore[assignment]  # of fractions
        factor = {sku: _bounded(forecast[sku] / wanted[sku]) for sku in forecast if wanted[sku] > 0}
        return {sku: factor.get(sku if sku in forecast else _OTHERS, 1.0) for sku in expected_units}

    def _series(self, days: range, skus: set[str]) -> Floats:
        nothing: Counter[str] = Counter()
        return np.array(
            [float(sum(n for sku, n in self.days.get(day, nothing).items() if sku in skus)) for day in days]
        )


def _forecast(series: Floats, ahead: timedelta) -> float:
    days = max(1, -(-ahead // _DAY))
    return max(0.0, choose(series, ahead=days, season=_WEEK).outlook.mean) * (ahead / (days * _DAY))


def _bounded(factor: float) -> float:
    return min(_MOST_FACTOR, max(1 / _MOST_FACTOR, factor))
