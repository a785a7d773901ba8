"""Priorities that are counts, settled one after the other: the same plans as all at once, and as the program's."""

import random
from dataclasses import replace

import numpy as np

from solver.sourcing.case import Case, Finding
from solver.sourcing.counts import may_be_counted, search_by_counts
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.mip.engine import solve_by_mip
from tests.sourcing.exact.brute import best_cost
from tests.sourcing.exact.cases import plain_case

QUICK = Limits(states=1_000, nodes=20_000, loads=100_000)


def counted_case(rng: random.Random, units: int) -> Case:
    """Fill the order, then few packages, sometimes then few sources, then money."""
    parts, offers = rng.randint(1, 3), rng.randint(2, 4)
    demand = [rng.randint(1, units) for _ in range(parts)]
    by_sources = rng.random() < 0.5
    money = [rng.randint(0, 20) for _ in range(offers)]
    levels = 4 if by_sources else 3
    package_cost = np.zeros((levels, offers), dtype=np.int64)
    package_cost[1], package_cost[-1] = 1, money
    source_cost = np.zeros((levels, offers), dtype=np.int64)
    unit_cost = np.zeros((levels, offers, parts), dtype=np.int64)
    unit_cost[-1] = np.array([[rng.randint(0, 3) for _ in range(parts)] for _ in range(offers)])
    unfilled_cost = np.zeros((levels, parts), dtype=np.int64)
    unfilled_cost[0], unfilled_cost[-1] = 1, 1000
    if by_sources:
        source_cost[2] = 1
    none = np.zeros(levels, dtype=np.int64)
    case = plain_case(
        [[rng.randint(0, wanted) for wanted in demand] for _ in range(offers)],
        money,
        demand,
        tariffs=tuple(replace(tariff, cards=(None,) * levels) for tariff in plain_case([[1]], [1], [1]).tariffs),
        kind_cost=np.zeros((levels, offers), dtype=np.int64),
        stair_cost=np.zeros((levels, 0), dtype=np.int64),
        package_most_grams=np.array([100 * rng.randint(1, units + 1) for _ in range(offers)]),
        most_packages=rng.randint(1, 4),
        further_package_cost=none,
        further_source_cost=none,
        unfilled_cost=unfilled_cost,
    )
    return replace(case, package_cost=package_cost, source_cost=source_cost, unit_cost=unit_cost)


def by_counts(case: Case) -> Finding | None:
    assert may_be_counted(case)
    return search_by_counts(case, lambda one: search(one, limits=QUICK))


def test_small_orders_that_can_be_filled_are_decided_as_by_every_plan(seed: int) -> None:
    rng = random.Random(seed)
    filled = 0
    for number in range(60):
        case = counted_case(rng, 3)
        found, best = by_counts(case), best_cost(case)
        if found is not None:
            assert (found.reason, found.cost, found.bound) == ("", best, best), f"case {number} of seed {seed}"
            filled += 1
    assert filled > 10


def test_large_orders_are_decided_as_by_the_program(seed: int) -> None:
    rng = random.Random(seed)
    proven = 0
    for number in range(8):
        case = counted_case(rng, 40)
        found = by_counts(case)
        program, _ = solve_by_mip(case, tolerances=(0,) * case.levels, time_limit_seconds=2)
        if found is not None and not found.reason and program.is_proven:
            assert found.cost == program.cost, f"case {number} of seed {seed}"
            proven += 1
    assert proven > 0


def test_what_cannot_be_filled_is_not_answered() -> None:
    case = counted_case(random.Random(1), 3)
    assert by_counts(replace(case, most_packages=0)) is None


def test_without_proof_the_counts_are_the_bound() -> None:
    case = next(case for case in (counted_case(random.Random(n), 3) for n in range(100)) if by_counts(case) is not None)
    best = by_counts(case)
    calls = 0

    def gives_up_at_last(other: Case) -> Finding:
        nonlocal calls
        calls += 1
        found = search(other)
        is_last = other.unfilled_cost.shape[0] == 2 and bool(other.package_cost[1].any() or other.unit_cost[1].any())
        return replace(found, reason="search_budget", bound=(0, 0)) if is_last else found

    unsure = search_by_counts(case, gives_up_at_last)
    assert best is not None
    assert unsure is not None
    assert calls > 1
    assert unsure.reason == "search_budget"
    assert unsure.bound == (*best.cost[:-1], 0)
    assert unsure.cost == best.cost


def test_levels_that_cost_something_else_are_not_counts() -> None:
    case = counted_case(random.Random(2), 3)
    dearer = case.package_cost.copy()
    dearer[1, 0] = 2
    assert may_be_counted(case)
    assert not may_be_counted(replace(case, package_cost=dearer))
    assert not may_be_counted(replace(case, unfilled_cost=case.unfilled_cost + 1))


def test_plans_within_what_is_asked_suffice_and_others_are_ruled_out() -> None:
    """One package takes 30 of 50 units at most, so 20 stay."""
    case = plain_case([[30], [20]], [1, 1], [50], most_packages=1, unfilled_cost=np.array([[1]]))
    case = replace(case, package_cost=np.zeros((1, 2), dtype=np.int64))
    few = Limits(states=1)
    assert search(case, limits=few).cost == (20,)
    assert search(case, limits=few, most=(20,)).cost == (20,)
    ruled_out = search(case, limits=few, most=(19,))
    assert ruled_out.reason == ""
    assert ruled_out.bound > (19,)
    beyond_stock = search(replace(case, stock=np.array([[10], [20]])), limits=few, most=(19,))
    assert (beyond_stock.reason, beyond_stock.bound > (19,)) == ("", True)


def test_a_search_that_gives_up_on_a_later_count_proves_nothing_and_says_so(seed: int) -> None:
    """Otherwise nobody would ask another engine, or compare the plan with a rule of thumb's."""
    rng = random.Random(seed)
    given_up = 0
    for number in range(60):
        case = counted_case(rng, 3)
        for patience in (1, 2):
            asked = 0

            def impatient(one: Case, patience: int = patience) -> Finding:
                nonlocal asked
                asked += 1
                found = search(one, limits=QUICK)
                return found if asked <= patience else replace(found, reason="search_budget")

            found = search_by_counts(case, impatient)
            if found is not None and asked > patience:
                assert found.reason == "search_budget", f"case {number} of seed {seed}"
                given_up += 1
    assert given_up > 10
