"""Which parts no better plan splits: their quantity then is one block, however large.

The argument. Take prices a[d] per unit such that every package costs at least what its units are worth by them, and so
does leaving a line. The cost of a plan then exceeds the worth of the order by the *reduced costs* of its packages and
of what it leaves, and in a plan better than a known one they sum to less than the gap: the known cost less the worth.
If such a plan split part d, it would either leave a unit of it, or hold at most half of the units, and at least one, in
some package. So when each of these has a reduced cost of the gap or more, no better plan splits the part.

Reduced costs of packages are bounded from below by straight lines under the rate cards, in floating point with a margin
for its errors.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Case, Flags
from solver.sourcing.exact.arrays import NEVER, Arrays

Floats = NDArray[np.float64]

_ROUNDS = 6
_LINES = 3  # under each rate card
_MARGIN = 1e-9


def may_be_whole(case: Case) -> Flags:
    """Parts of more than one unit, on one line alone, which some offer has all of."""
    lines = ((case.line_units > 0) & (case.line_quantity > 0)[:, None]).sum(axis=0)
    has_all = np.any(case.stock >= case.demand, axis=0)
    whole: Flags = (case.demand > 1) & (lines == 1) & has_all
    return whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """Prices per unit that no package and no leaving undercuts, and what they prove."""

    prices: Floats  # [D]
    units: Floats  # [D]: what is asked
    lanes: "_Lanes"
    leaving: "_Leaving"
    spared: int

    @classmethod
    def of(cls, case: Case, c: Arrays) -> Self:
        """Prices for a case; `c` counts in units (its states may be too many to number)."""
        units = case.demand.astype(np.float64)
        lanes, leaving = _Lanes.of(c, float(units @ c.grams)), _Leaving.of(case, c)
        prices = _dual_prices(lanes, leaving, units)
        return cls(prices=prices, units=units, lanes=lanes, leaving=leaving, spared=c.spared)

    @property
    def bound(self) -> int:
        """No plan costs less."""
        worth = float(self.prices @ self.units)
        return max(0, int(worth * (1 - _MARGIN)) - 1 - self.spared)

    def never_split(self, total: int) -> Flags:
        """Which parts no plan that costs less than `total` splits."""
        gap = (total + self.spared) * (1 + _MARGIN) + 1 - float(self.prices @ self.units)
        kept = np.zeros(len(self.units), dtype=bool)
        for d in np.nonzero(self.units > 1)[0].tolist():
            half = self.lanes.least_reduced_cost(self.prices, d, most=float(self.units[d] // 2))
            kept[d] = min(half, self.leaving.least_reduced_cost(self.prices, d)) >= gap
        return kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lanes:
    """Packages of every lane, bounded by lines: cost >= fixed + per_unit * units, for at most `caps` units.

    A source's own cost and those of kinds and stairs are left out, which bounds from below.
    """

    caps: Floats  # [L, D]
    fixed: Floats  # [L, lines]
    per_unit: Floats  # [L, lines, D]

    @classmethod
    def of(cls, c: Arrays, most_grams: float) -> Self:
        caps = np.where(c.carries, c.blocks[c.lane_offer], 0)
        caps = np.minimum(caps, c.most_units[:, None])
        caps = np.minimum(caps, c.most_grams[:, None] // np.maximum(1, c.grams))
        used = np.nonzero(caps.any(axis=1))[0]
        fixed, slope = _straight_lines(c, most_grams)
        tariff = c.lane_tariff[used]
        return cls(
            caps=caps[used].astype(np.float64),
            fixed=fixed[tariff] + c.package_cost[used][:, None],
            per_unit=slope[tariff][:, :, None] * c.grams + c.block_cost[used][:, None, :],
        )

    def others(self, prices: Floats, part: int) -> Floats:
        """The least reduced cost of everything in a package but the part: shape [L, lines]."""
        gains = np.minimum(0, self.per_unit - prices) * self.caps[:, None, :]
        gains[:, :, part] = 0
        total: Floats = self.fixed + gains.sum(axis=2)
        return total

    def least_reduced_cost(self, prices: Floats, part: int, *, most: float) -> float:
        """No package with one unit of the part, and at most `most`, has a lower reduced cost."""
        gain = self.per_unit[:, :, part] - prices[part]
        own = np.minimum(gain, gain * np.minimum(self.caps[:, part], most)[:, None])
        least = (self.others(prices, part) + own).max(axis=1)
        return float(least[self.caps[:, part] > 0].min(initial=np.inf))

    def highest_price(self, prices: Floats, part: int) -> float:
        """The highest price of the part, the others as given, that no package undercuts."""
        others = self.others(prices, part)
        caps = np.maximum(1, self.caps[:, part])[:, None]
        prices_of_lines = np.where(others >= 0, self.per_unit[:, :, part] + others / caps, -np.inf)
        return float(prices_of_lines.max(axis=1)[self.caps[:, part] > 0].min(initial=np.inf))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Leaving:
    """What leaving takes from the order, and costs, one row for each line that can be left."""

    units: Floats  # [K, D]
    cost: Floats  # [K]
    is_whole: Flags  # [K]: only the whole line can be left, which does not split it

    @classmethod
    def of(cls, case: Case, c: Arrays) -> Self:
        lines = case.line_quantity > 0
        units = case.line_units * np.where(case.complete_lines, case.line_quantity, 1)[:, None]
        return cls(
            units=units[lines].astype(np.float64),
            cost=c.line_cost[lines].astype(np.float64),
            is_whole=(case.complete_lines | case.complete)[lines],
        )

    def least_reduced_cost(self, prices: Floats, part: int) -> float:
        """No leaving that splits the part has a lower reduced cost."""
        splits = (self.units[:, part] > 0) & ~self.is_whole
        return float((self.cost - self.units @ prices)[splits].min(initial=np.inf))

    def highest_price(self, prices: Floats, part: int) -> float:
        """The highest price of the part, the others as given, that no leaving undercuts."""
        has = self.units[:, part] > 0
        rest = self.cost - self.units @ prices + self.units[:, part] * prices[part]
        return float((rest[has] / self.units[has, part]).min(initial=np.inf))


def _dual_prices(lanes: _Lanes, leaving: _Leaving, units: Floats) -> Floats:
    """Prices raised part by part: first a share of what the packages allow, in the end all of it."""
    prices = np.zeros(len(units))
    asked = np.nonzero(units)[0].tolist()
    for share in np.geomspace(1 / max(1, len(asked)), 1, _ROUNDS):
        for d in asked:
            highest = min(lanes.highest_price(prices, d), leaving.highest_price(prices, d))
            if highest > prices[d]:
                prices[d] += share * (highest - prices[d])
    return prices


def _straight_lines(c: Arrays, most_grams: float) -> tuple[Floats, Floats]:
    """For every tariff some lines, fixed + slope * actual grams, below what it charges: both of shape [T, lines]."""
    fixed, slope = np.zeros((len(c.prices), _LINES)), np.zeros((len(c.prices), _LINES))
    for tariff in range(len(c.prices)):
        group = c.tariff_group[tariff]
        cuts = c.cuts[c.group_cuts[group] : c.group_cuts[group + 1]]
        prices = np.where(c.prices[tariff] == NEVER, np.inf, c.prices[tariff])[: len(cuts)]
        # Volume or a minimum may bill any higher weight than the actual one, so a fall counts from the start.
        prices = np.minimum.accumulate(prices[::-1])[::-1]
        ends = np.minimum(cuts, most_grams)  # a line is nearest to a step at the step's end
        can = np.isfinite(prices) & (np.concatenate([[-1], ends[:-1]]) < most_grams)
        fixed[tariff], slope[tariff] = _lines_below(ends[can], prices[can])
    return fixed, slope


def _lines_below(grams: Floats, prices: Floats) -> tuple[Floats, Floats]:
    """Lines below ascending points: level, from the first to the last, and from the middle to the last."""
    if not len(grams):
        return np.full(_LINES, np.inf), np.zeros(_LINES)
    starts = np.array([len(grams) - 1, 0, len(grams) // 2])
    slope = (prices[-1] - prices[starts]) / np.maximum(1, grams[-1] - grams[starts])
    return (prices - slope[:, None] * grams).min(axis=1), slope
