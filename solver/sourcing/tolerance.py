"""Strict priorities that may be missed by some, decided by an engine that knows only strict ones.

A priority's least value is found with the ones before it alone, in their sequence, from packages that the others carry
as well. What comes after it is then found as if it stood last, from the packages that alone keep to what it may come
to. Where that plan keeps to it as well, no plan that does is better. Where several packages together miss it, another
engine must answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from solver.sourcing.case import Case, Finding
from solver.sourcing.cost import cost_of
from solver.sourcing.levels import in_order, without_others

LEVEL_TOLERANCE = "level_tolerance"
"""The reason of a finding without proof: its packages together miss a priority by more than its tolerance."""


def search_within(case: Case, tolerances: Sequence[int], search: Callable[[Case], Finding]) -> Finding:
    """The best plan whose levels may each exceed their least value by their tolerance; `search` knows no tolerance.

    The finding's bound of a level is its least value. Without proof it says why: `search`'s reason, or LEVEL_TOLERANCE.
    """
    strict = [level for level in range(case.levels) if not tolerances[level]]
    most: dict[int, int] = {}
    for level in (level for level in range(case.levels) if tolerances[level]):
        before = [other for other in strict if other < level]
        alone = search(without_others(_kept(case, most), (*before, level)))
        if alone.reason:
            return _by_itself(case, alone)
        most[level] = alone.cost[-2] + tolerances[level]
    found = _found(case, strict, most, search)
    least = {level: limit - tolerances[level] for level, limit in most.items()}
    return replace(found, bound=tuple(least.get(level, bound) for level, bound in enumerate(found.bound)))


def _found(case: Case, first: Sequence[int], most: dict[int, int], search: Callable[[Case], Finding]) -> Finding:
    """The best plan by these levels, then by the others, if it keeps to what the levels in `most` may come to."""
    order = [*first, *(level for level in range(case.levels) if level not in first)]
    found = search(in_order(_kept(case, most), order))
    cost, bound = (_put_back(values, order) for values in (found.cost, found.bound))
    missed = not found.reason and any(cost[level] > limit for level, limit in most.items())
    return replace(found, cost=cost, bound=bound, reason=LEVEL_TOLERANCE if missed else found.reason)


def _by_itself(case: Case, found: Finding) -> Finding:
    """A finding about some of the levels as one about all of them, of which nothing is proven."""
    cost = cost_of(case, found.shipments, found.unfilled)
    return replace(found, cost=cost, bound=(0,) * case.levels)


def _kept(case: Case, most: dict[int, int]) -> Case:
    """Without the lanes of which one package, or one unit of a part, costs more than its level may come to."""
    carries = case.carries
    for level, limit in most.items():
        cost = case.package_cost[level][:, None] + case.kind_cost[level][:, None] + case.unit_cost[level]
        carries = carries & (cost <= limit)
    return replace(case, carries=carries)


def _put_back(values: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    return tuple(values[order.index(level)] for level in range(len(order)))
