"""The engine of waves against every plan there is, on small waves with every kind of resource."""

import numpy as np
import pytest

from solver.waves.engine.search import search
from solver.waves.limits import Progress, Watch, WaveLimits
from tests.waves.engine.cases import as_plans, best_total, bound_at, cost_together, random_case

QUICK = WaveLimits(passes=150, moves=300, columns=20)
SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_are_allowed_cost_what_they_say_and_the_bound_lies_below_the_optimum(seed: int) -> None:
    case = random_case(seed)
    found = search(case, QUICK, Watch())
    optimum = best_total(case)
    assert cost_together(case, as_plans(case, found)) == found.total
    assert found.bound <= 1000 * optimum <= 1000 * found.total
    assert found.bound <= bound_at(case, found.prices)


def test_on_small_waves_the_search_finds_the_optimum() -> None:
    missed = {}
    for seed in SEEDS:
        case = random_case(seed)
        total, optimum = search(case, QUICK, Watch()).total, best_total(case)
        if total != optimum:
            missed[seed] = (total, optimum)
    assert missed == {}


@pytest.mark.parametrize("seed", range(20))
def test_sources_that_must_be_opened_are_paid_for(seed: int) -> None:
    case = random_case(seed, opening=True)
    found = search(case, QUICK, Watch())
    assert cost_together(case, as_plans(case, found)) == found.total
    assert found.bound <= bound_at(case, found.prices)
    assert found.bound <= 1000 * best_total(case) <= 1000 * found.total


@pytest.mark.parametrize("seed", range(100, 120))
def test_prices_keep_within_what_limits_cost(seed: int) -> None:
    case = random_case(seed, orders=5)
    prices = search(case, QUICK, Watch()).prices
    soft = case.over_cost < 2**40
    assert (prices[soft] <= 1000 * case.over_cost[soft]).all()
    assert (prices >= -1000 * np.where(case.least > 0, case.under_cost, 0)).all()


def test_the_same_seed_and_limits_give_the_same_answer() -> None:
    case = random_case(7, orders=60, sources=8, skus=20)
    one, other = (search(case, QUICK, Watch()) for _ in range(2))
    for name, values in one._asdict().items():
        assert np.array_equal(values, getattr(other, name)), name


def test_orders_that_do_not_compete_are_proven_alone() -> None:
    case = random_case(3, orders=20)
    free = case._replace(
        capacity=case.capacity + 1000, least=case.least * 0, part_units=case.part_units, most_shares=case.most_shares
    )
    found = search(free, QUICK, Watch())
    assert found.reason in ("optimal", "passes")
    assert found.reason != "optimal" or found.bound == 1000 * found.total


def test_without_capacity_orders_are_left_at_their_price() -> None:
    case = random_case(5)
    empty = case._replace(
        capacity=case.capacity * 0, least=case.least * 0, over_cost=np.full_like(case.over_cost, 2**62)
    )
    free = (case.row_stock == -1).all()
    found = search(empty, QUICK, Watch())
    assert not free
    whole = case.leave_start[1:] - case.leave_start[:-1] - 1
    assert found.left.tolist() == whole.tolist()
    assert found.total == int(case.leave_cost[case.leave_start[1:] - 1].sum())
    assert len(found.share_entry) == 0


def test_a_cancelled_search_answers_with_what_it_has() -> None:
    case = random_case(7, orders=60, sources=8, skus=20)
    found = search(case, WaveLimits(passes=10_000, moves=10**6), Watch(is_cancelled=lambda: True))
    assert found.reason == "cancelled"
    assert found.bound <= 1000 * found.total


def test_time_that_is_up_ends_the_search_and_keeps_the_bound() -> None:
    case = random_case(7, orders=60, sources=8, skus=20)
    seconds = iter(range(10**6))
    limits = WaveLimits(passes=10_000, moves=1000, time_limit_seconds=50)
    found = search(case, limits, Watch(clock=lambda: float(next(seconds))))
    assert found.reason == "time_limit"
    assert found.bound <= 1000 * found.total


def test_what_the_watch_hears_never_gets_worse() -> None:
    heard: list[Progress] = []
    case = random_case(7, orders=60, sources=8, skus=20)
    found = search(case, QUICK, Watch(tell=heard.append))
    totals = [one.total for one in heard]
    assert totals == sorted(totals, reverse=True)
    assert found.total <= totals[-1]
    assert {one.bound for one in heard} == {found.bound}
