"""Strict priority levels as one number: mixed radices, exact."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

import numpy as np

from solver.sourcing.case import Case, Ints

MOST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How the costs of P levels make one: sum of cost[p] / divisors[p] * multipliers[p].

    Every cost of level p is a multiple of divisors[p]. A multiplier is larger than anything that the levels after it
    can sum to in a plan, so comparing the sums compares the levels one after the other.
    """

    divisors: tuple[int, ...]
    multipliers: tuple[int, ...]

    def joined(self, costs: Ints) -> Ints:
        """One cost from costs whose first axis is the level."""
        if self.divisors == (1,) == self.multipliers:
            return np.array(costs[0], dtype=np.int64)
        total = np.zeros(costs.shape[1:], dtype=np.int64)
        for level, (divisor, multiplier) in enumerate(zip(self.divisors, self.multipliers, strict=True)):
            total += costs[level] // divisor * multiplier
        return total

    def beyond(self, most: tuple[int, ...]) -> int:
        """The least one cost whose first levels come after `most`."""
        total = 0
        for cost, divisor, multiplier in zip(most, self.divisors, self.multipliers, strict=False):
            total += cost // divisor * multiplier
        return total + self.multipliers[len(most) - 1]

    def parted(self, cost: int) -> tuple[int, ...]:
        """The levels of one cost."""
        levels = []
        for divisor, multiplier in zip(self.divisors, self.multipliers, strict=True):
            digit, cost = divmod(cost, multiplier)
            levels.append(digit * divisor)
        return tuple(levels)


def scale_of(case: Case, dearest: Ints, step: Ints) -> Scale | None:
    """The scale of a case whose tariffs charge at most `dearest[p]`, in multiples of `step[p]` (0: nothing at all).

    None where it would need 62 bits or more.
    """
    if case.levels == 1:
        return Scale(divisors=(1,), multipliers=(1,)) if most_of_level(case, 0, int(dearest[0])) < MOST else None
    divisors = [_divisor(case, level, int(step[level])) for level in range(case.levels)]
    multipliers = []
    product = 1
    for level in reversed(range(case.levels)):
        multipliers.append(product)
        product *= most_of_level(case, level, int(dearest[level])) // divisors[level] + 1
    if product >= MOST:
        return None
    return Scale(divisors=tuple(divisors), multipliers=tuple(reversed(multipliers)))


def most_of_level(case: Case, level: int, dearest: int) -> int:
    """No plan costs more at this level, nor one that pays its source for every package.

    `dearest` is the most that a tariff charges for one.
    """
    units = int(case.demand.sum())
    packages = min(units, case.most_packages)
    package = dearest + int(case.further_package_cost[level]) + int(case.further_source_cost[level])
    package += _highest(case.package_cost[level]) + _highest(case.source_cost[level])
    unit = _highest(case.unit_cost[level]) + sum(case.stair_cost[level].tolist())
    kinds = min(units, packages * len(case.demand)) * _highest(case.kind_cost[level])
    left = sum(
        quantity * cost
        for quantity, cost in zip(case.line_quantity.tolist(), case.unfilled_cost[level].tolist(), strict=True)
    )
    most: int = packages * package + kinds + units * unit + left
    return most


def _highest(costs: Ints) -> int:
    return int(costs.max(initial=0))


def _divisor(case: Case, level: int, step: int) -> int:
    common = step
    for costs in _costs(case, level):
        common = gcd(common, int(np.gcd.reduce(costs, axis=None)) if costs.size else 0)
        if common == 1:
            break
    return common or 1


def _costs(case: Case, level: int) -> Iterator[Ints]:
    for costs in (case.package_cost, case.kind_cost, case.source_cost, case.stair_cost, case.unfilled_cost):
        yield costs[level]
    yield case.unit_cost[level].reshape(-1)
    yield case.further_package_cost[level : level + 1]
    yield case.further_source_cost[level : level + 1]
