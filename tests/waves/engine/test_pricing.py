"""What orders cost at given prices, against every plan that they have."""

import numpy as np
import pytest

from benchmarks.wave_judge import bound_of
from solver.waves.case import NEVER, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.crew import Crew
from solver.waves.engine.passes import Passes
from tests.waves.engine.cases import bound_at, options, random_case


def _prices(case: WaveCase, seed: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Some by chance, within what is allowed, many of them 0."""
    rng = np.random.default_rng([seed, 1])
    high = np.where(case.over_cost == NEVER, 20, case.over_cost) * PRICES_PER_MINOR
    prices: np.ndarray[tuple[int], np.dtype[np.int64]] = rng.integers(0, high + 1) * rng.integers(0, 2, len(high))
    return prices


@pytest.mark.parametrize("seed", range(40))
def test_a_pass_finds_the_cheapest_plan_of_every_order_with_one_share_of_each_row(seed: int) -> None:
    case = random_case(seed, orders=12)
    prices = _prices(case, seed)
    passes = Passes(case, Crew(case.orders, None))
    found, plans = passes.at(prices), passes.plans()
    for order in range(case.orders):
        shares = plans.shares[plans.start[order] : plans.start[order + 1]]
        chosen = tuple(sorted(shares[shares >= 0].tolist())), int(plans.left[order])
        costs = {
            (one.entries, one.left): PRICES_PER_MINOR * one.cost + sum(int(prices[q]) * n for q, n in one.uses.items())
            for one in options(case, order)
        }
        assert costs[chosen] == min(costs.values())
    assert found.bound == bound_at(case, prices)


def test_two_units_do_not_come_from_a_source_that_has_one() -> None:
    """At no prices, the source of one unit would ship both if its only share could be taken twice."""
    met = 0
    for seed in range(40):
        case = random_case(seed, orders=12)
        passes = Passes(case, Crew(case.orders, None))
        passes.at(np.zeros(case.resources, np.int64))
        rows = np.searchsorted(case.entry_start, passes.plans().shares, side="right")
        start = passes.plans().start
        for order in np.flatnonzero(np.diff(start) > 1).tolist():
            mine = rows[start[order] : start[order + 1]]
            mine = mine[mine > 0]
            assert len(np.unique(mine)) == len(mine)
            met += len(mine) > 1
    assert met > 20


@pytest.mark.parametrize("seed", range(20))
def test_the_benchmarks_judge_finds_what_trying_everything_finds(seed: int) -> None:
    case = random_case(seed, orders=8)
    prices = _prices(case, seed)
    assert bound_of(case, prices) <= bound_at(case, prices)
