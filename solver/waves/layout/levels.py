"""The priorities that the orders of a wave have in common, and their costs as one."""

from collections import Counter
from collections.abc import Sequence

from solver.sourcing.case import Case, Ints
from solver.sourcing.exact.levels import Scale, most_of_level
from solver.sourcing.policy import COST, LATEST_ARRIVAL, Policy
from solver.sourcing.problem import Problem

MOST_TOTAL = 2**60 // 1000  # engines reckon in thousandths
ONE_LEVEL = Scale(divisors=(1,), multipliers=(1,))


def common_measures(orders: Sequence[Problem]) -> tuple[str, ...]:
    """What most orders minimise; ties: the first order's."""
    found = Counter(problem.policy.measures for problem in orders)
    return max(found, key=lambda measures: found[measures]) if found else (COST,)


def are_common(policy: Policy, measures: tuple[str, ...]) -> bool:
    """True when the policy minimises these, as sums over packages and without tolerances."""
    strict = all(level.tolerance == 0 for level in policy.levels)
    return policy.measures == measures and LATEST_ARRIVAL not in measures and strict


def common_scale(cases: Sequence[tuple[Case, Ints]], levels: int, beside_minor: int) -> Scale | None:
    """How the levels of all these orders make one cost: a level outweighs all that come later in the whole wave.

    Beside each case stands the most that its tariffs charge at each level; `beside_minor` is the most that the wave's
    own terms may come to. None: that would need too many bits.
    """
    multipliers: list[int] = []
    product = 1
    for level in reversed(range(levels)):
        multipliers.append(product)
        most = sum(most_of_level(case, level, int(dearest[level])) for case, dearest in cases)
        product *= most + (beside_minor if level == levels - 1 else 0) + 1
    if levels > 1 and product >= MOST_TOTAL:
        return None
    return Scale(divisors=(1,) * levels, multipliers=tuple(reversed(multipliers)))
