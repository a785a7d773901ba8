"""Units that a province keeps for its own customers: what one is worth while it may still be asked for.

A unit of a SKU is worth `minor` times the chance that its province asks for at least as many units, until the season
ends, as its sources have left: nothing where a warehouse has plenty, much where the last shop has the last one, and
less and less as the season ends. Demand is the mean of earlier weeks of the same process; none of the week's own orders
is known.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from scipy.stats import poisson

from solver.scenario.model import Horizon

Values = dict[str, dict[str, int]]  # SKU -> source -> minor units


class ProtectedUnits:
    """Values of stock by the demand of earlier weeks: of each a Counter of units by province and SKU."""

    def __init__(
        self,
        weeks: Sequence[Mapping[tuple[str, str], int]],
        province_of_source: Mapping[str, str],
        horizon: Horizon,
        minor: int,
    ) -> None:
        self._mean: Counter[tuple[str, str]] = Counter()
        for week in weeks:
            self._mean.update(week)
        self._weeks, self._provinces, self._horizon, self._minor = len(weeks), province_of_source, horizon, minor

    def values(self, left: Mapping[tuple[str, str], int], now: datetime) -> Values:
        """What a unit left is worth, `left` having the units by source and SKU."""
        begins, ends = self._horizon.starts_at, self._horizon.ends_at
        ahead = max(0.0, (ends - now) / (ends - begins))
        in_province: Counter[tuple[str, str]] = Counter()
        for (source_id, sku), units in left.items():
            in_province[self._provinces[source_id], sku] += units
        keys = list(in_province)
        asked = np.array([self._mean[key] for key in keys]) * ahead / self._weeks
        there = np.array([in_province[key] for key in keys])
        minor = dict(zip(keys, np.rint(self._minor * poisson.sf(there - 1, asked)).astype(int).tolist(), strict=True))
        values: Values = {}
        for source_id, sku in left:
            values.setdefault(sku, {})[source_id] = minor[self._provinces[source_id], sku]
        return values


def added(first: Values, second: Values) -> Values:
    """What units are worth by both together."""
    skus = sorted(first.keys() | second.keys())
    return {sku: dict(Counter(first.get(sku, {})) + Counter(second.get(sku, {}))) for sku in skus}
