"""Priorities that begin with filling the order: what ships all of it, found as if nothing else could ship."""

from dataclasses import replace

import numpy as np

from solver.sourcing.case import Case
from solver.sourcing.exact.filling import to_be_filled
from solver.sourcing.exact.search import search
from tests.sourcing.exact.brute import best_cost
from tests.sourcing.exact.cases import random_case

CASES = 300


def unfilled_first(case: Case) -> Case:
    """The case with one more level before the others: one for every unit left."""

    def led(costs: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return np.concatenate([0 * costs[:1], costs])

    return replace(
        case,
        tariffs=tuple(replace(one, cards=(None, *one.cards)) for one in case.tariffs),
        package_cost=led(case.package_cost),
        kind_cost=led(case.kind_cost),
        unit_cost=led(case.unit_cost),
        source_cost=led(case.source_cost),
        stair_cost=led(case.stair_cost),
        unfilled_cost=np.concatenate([1 + 0 * case.unfilled_cost[:1], case.unfilled_cost]),
        further_package_cost=led(case.further_package_cost),
        further_source_cost=led(case.further_source_cost),
    )


def test_a_plan_that_fills_the_order_is_the_best_of_all(seed: int) -> None:
    filled = 0
    for number in range(seed, seed + CASES):
        case = unfilled_first(random_case(number))
        whole, best = to_be_filled(case), best_cost(case)
        if whole is None:
            assert case.complete
            continue
        finding = search(whole)
        if finding.reason:
            continue
        assert finding.unfilled.any() == (best[0] > 0), f"case {number}"
        if not best[0]:
            assert (finding.cost, finding.bound) == (best, best), f"case {number}"
            filled += 1
    assert filled > CASES // 10


def test_it_is_not_asked_where_something_else_counts_first(seed: int) -> None:
    case = unfilled_first(random_case(seed))
    dear = np.ones_like(case.further_package_cost)
    assert to_be_filled(replace(case, complete=False, further_package_cost=dear)) is None
    assert to_be_filled(replace(case, complete=False, unfilled_cost=0 * case.unfilled_cost)) is None
