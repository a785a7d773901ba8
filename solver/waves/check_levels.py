"""Whether the weights by which a wave's strict priorities make one cost keep them apart, for the judge.

A bound of the one cost is a bound of the priorities, compared one after the other, if one of a priority weighs more
than all that the later ones can come to in any plan: what is better at a priority is then cheaper, whatever follows.
"""

from collections.abc import Sequence

import numpy as np

from solver.sourcing.case import Case, Ints
from solver.waves.plan import WavePlan
from solver.waves.sharing import limits_of, value_steps
from solver.waves.slow_contents import contents_of
from solver.waves.slow_tariffs import FAR, level_costs
from solver.waves.wave import Wave


def parted(cost: int, weights: Sequence[int]) -> tuple[int, ...]:
    """The priorities that make this one cost."""
    values = []
    for weight in weights:
        value, cost = divmod(cost, weight)
        values.append(value)
    return tuple(values)


def keep_apart(wave: Wave, cases: Sequence[Case], weights: Sequence[int]) -> bool:
    """True when one of every priority weighs more than all later ones of the wave, its own terms included."""
    if not weights or weights[-1] != 1 or min(weights) < 1 or any(case.levels != len(weights) for case in cases):
        return False
    most = [0] * len(weights)
    for case in cases:
        of_order = _most_of(case)
        if of_order is None:
            return False
        most = [one + other for one, other in zip(most, of_order, strict=True)]
    most[-1] += _most_beside(wave)
    later = 0
    for weight, amount in zip(reversed(weights), reversed(most), strict=True):
        if weight <= later:
            return False
        later += weight * amount
    return 1000 * later < FAR // 4  # the slow pricing tells such costs from those that cannot be


def stated_levels(plan: WavePlan) -> tuple[int, ...]:
    """What the answer calls proven, priority by priority."""
    return tuple(level.bound for level in plan.levels)


def _most_of(case: Case) -> list[int] | None:
    """What no plan of the order exceeds at each priority; None where its contents are too many."""
    contents = contents_of(case, may_be_one_lot=True)
    if contents is None:
        return None
    grams, mm3 = contents.digits[1:] @ case.unit_grams, contents.digits[1:] @ case.unit_mm3
    units = int(case.demand.sum())
    packages = min(units, case.most_packages)
    kinds = min(units, packages * len(case.demand))
    found = []
    for level in range(case.levels):
        dearest = max((_highest(_carried(level_costs(one, level, grams, mm3))) for one in case.tariffs), default=0)
        of_package = dearest + int(case.further_package_cost[level] + case.further_source_cost[level])
        of_package += _highest(case.package_cost[level]) + _highest(case.source_cost[level])
        of_unit = _highest(case.unit_cost[level]) + int(case.stair_cost[level].sum())
        left = int(case.line_quantity @ case.unfilled_cost[level])
        found.append(packages * of_package + kinds * _highest(case.kind_cost[level]) + units * of_unit + left)
    return found


def _carried(prices: Ints) -> Ints:
    return prices[prices < FAR]


def _highest(costs: Ints) -> int:
    return int(np.max(costs, initial=0))


def _most_beside(wave: Wave) -> int:
    """What the wave's own terms come to at most, minor units."""
    units = sum(sum(problem.demand_units.values()) for problem in wave.orders)
    norms = (one.minutes_per_package + one.minutes_per_unit for problem in wave.orders for one in problem.offers)
    value = sum(
        count * value_steps(problem, sku) for problem in wave.orders for sku, count in problem.demand_units.items()
    )
    most = units * (1 + max(norms, default=0)) + sum(one.minutes for one in wave.terms.work) + value
    limits = sum((limit.over_minor or 0) + limit.short_minor for limit in limits_of(wave).values())
    priority = max((one.priority_minor for one in wave.terms.orders), default=0)
    return sum(one.opening_cost_minor for one in wave.terms.sources) + limits * most + priority * units
