"""Prices by ascent, the cheapest way to serve an order, and rates that are learned."""

import itertools

import numpy as np
import pytest

from solver.foresight.ascent import Ascent, Climb
from solver.foresight.far_sight import FarSight, Futures, refreshes
from solver.foresight.kinds import Costs, Floats, Kinds
from solver.foresight.learning import Learner, Trust
from solver.foresight.least_kernels import least_by_parts, least_by_sources
from solver.foresight.prices import Pricer


def by_trying_all(package: Floats, unit: Floats) -> float:
    sources, items = unit.shape
    return min(
        float(sum(unit[source, item] for item, source in enumerate(given)) + sum(package[one] for one in set(given)))
        for given in itertools.product(range(sources), repeat=items)
    )


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_to_the_cheapest_sources_agree_with_trying_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    package, unit = rng.uniform(1, 5, 4), rng.uniform(0, 4, (4, 4))
    unit[rng.random((4, 4)) < 0.3] = np.inf
    unit[3] = 9.0
    for way in (least_by_sources, least_by_parts):
        chosen = np.zeros(4, dtype=np.int64)
        least = way(package, unit, 4, chosen)
        assert least == pytest.approx(by_trying_all(package, unit))
        given = sum(unit[source, item] for item, source in enumerate(chosen)) + package[np.unique(chosen)].sum()
        assert given == pytest.approx(least)


def two_sources() -> tuple[Kinds, Costs, Floats]:
    """One item, two regions; a unit costs 1 from the near source, 3 from the far one, 10 from nowhere."""
    kinds = Kinds.of([(0, {0: 1}), (1, {0: 1})])
    unit = np.array([[[1.0], [3.0], [10.0]], [[8.0], [3.0], [10.0]]])
    return kinds, Costs(package=np.zeros((2, 3)), unit=unit), np.array([[5.0], [5.0], [np.inf]])


def test_a_unit_is_worth_what_the_next_best_way_costs_more() -> None:
    kinds, costs, stock = two_sources()
    prices, bound = Ascent(kinds, costs).climb(
        np.zeros((3, 1)), stock, np.array([8.0, 4.0]), Climb(passes=2000, step=1.0, last_share=0.001)
    )
    assert bound == pytest.approx(5 * 1 + 1 * 3 + 4 * 3 + 2 * 10, abs=0.01)
    assert prices[:, 0] == pytest.approx([9.0, 7.0, 0.0], abs=0.01)


def test_the_bound_of_a_climb_is_that_of_the_program() -> None:
    rng = np.random.default_rng(3)
    sets = [(int(region), {int(item): 1 for item in rng.choice(5, 2, replace=False)}) for region in (0, 1, 2, 0, 1)]
    kinds = Kinds.of(sets)
    package = np.hstack([rng.uniform(2, 4, (3, 3)), np.full((3, 1), 9.0)])
    unit = np.hstack([rng.uniform(1, 3, (3, 3)), np.full((3, 1), 9.0)])[:, :, None]
    costs = Costs(package=package, unit=unit)
    stock = np.vstack([rng.integers(1, 9, (3, 5)).astype(float), np.full((1, 5), np.inf)])
    demand = np.array([4.0, 6.0, 3.0, 5.0, 7.0])
    exact = Pricer(kinds, costs).solve(stock, demand).cost
    _, bound = Ascent(kinds, costs).climb(np.zeros(stock.shape), stock, demand, Climb(passes=3000, step=2.0))
    assert exact * 0.998 <= bound <= exact * (1 + 1e-9)


def test_prices_over_futures_lie_between_those_of_plenty_and_of_want() -> None:
    kinds, costs, stock = two_sources()
    climb = Climb(passes=500, step=1.0)
    sight = FarSight(Ascent(kinds, costs), Futures(count=16, first=climb, later=climb), np.random.default_rng(1))
    near = sight.refresh(stock, np.array([5.0, 0.0]))[0, 0]
    assert 0.5 < near < 1.5, "a unit too few as often as not, and the far one costs 2 more"


def learner(forecast: list[float] | None, trust: Trust | None = None) -> Learner:
    kinds = Kinds.of([(0, {0: 1}), (1, {0: 1}), (0, {1: 1}), (1, {1: 1})])
    return Learner(kinds, None if forecast is None else np.array(forecast), trust)


def test_without_a_forecast_sets_and_regions_count_as_independent() -> None:
    learned = learner(None, Trust(level=0, sets=0, regions=0, kinds=1e12))
    assert learned.rates() is None
    learned.see(np.array([4.0, 2.0, 2.0, 0.0]), 10)
    rates = learned.rates()
    assert rates is not None
    assert rates == pytest.approx([0.75 * 0.6, 0.25 * 0.6, 0.75 * 0.2, 0.25 * 0.2])


def test_a_level_that_is_too_high_is_learned_as_far_as_it_is_seen() -> None:
    learned = learner([0.2, 0.2, 0.2, 0.2], Trust(level=10, sets=1e12, regions=1e12, kinds=1e12))
    learned.see(np.array([10.0, 10.0, 10.0, 10.0]), 100)
    rates = learned.rates()
    assert rates is not None
    assert rates == pytest.approx([0.2 * (10 + 40) / (10 + 80)] * 4)


def test_a_set_that_stays_away_is_a_drift_and_is_still_due() -> None:
    learned = learner([0.2, 0.2, 0.2, 0.2])
    learned.see(np.array([40.0, 40.0, 1.0, 0.0]), 100)
    assert learned.drifts
    assert learned.still_due(300) == pytest.approx([20.0, 20.0, 59.0, 60.0])
    steady = learner([0.2, 0.2, 0.2, 0.2])
    steady.see(np.array([20.0, 22.0, 12.0, 8.0]), 100)
    assert not steady.drifts


def test_possible_rates_lie_far_apart_after_few_orders_and_near_the_rates_after_many() -> None:
    spreads = []
    for times in (1, 100):
        learned = learner(None)
        learned.see(times * np.array([4.0, 2.0, 2.0, 1.0]), 10 * times)
        drawn = [learned.possible_rates(np.random.default_rng(seed)) for seed in range(200)]
        rates = learned.rates()
        assert rates is not None
        apart = np.array([one for one in drawn if one is not None]) / rates
        assert apart.mean(axis=0) == pytest.approx([1.0] * 4, abs=0.15)
        spreads.append(float(apart.std()))
    assert spreads[0] > 2 * spreads[1]


def test_what_is_possible_before_anything_came_is_the_forecast() -> None:
    assert learner(None).possible_rates(np.random.default_rng(1)) is None
    forecast = learner([0.2, 0.1, 0.2, 0.1]).possible_rates(np.random.default_rng(1))
    assert forecast == pytest.approx([0.2, 0.1, 0.2, 0.1])


def test_futures_of_rates_that_are_possible_mind_a_want_that_the_expected_one_does_not_know() -> None:
    kinds, costs, stock = two_sources()
    climb = Climb(passes=300, step=1.0)

    def sight() -> FarSight:
        return FarSight(Ascent(kinds, costs), Futures(count=16, first=climb, later=climb), np.random.default_rng(1))

    demand = np.array([2.0, 0.0])
    often = sight().refresh(stock, demand, lambda generator: demand * generator.choice([0.0, 4.0]))[0, 0]
    assert sight().refresh(stock, demand)[0, 0] < 0.3 < 0.7 < often


@pytest.mark.parametrize("exact_every", [5, 20])
def test_passes_over_known_methods_climb_to_the_same_bound(exact_every: int) -> None:
    rng = np.random.default_rng(5)
    kinds = Kinds.of([
        (int(rng.integers(3)), {int(item): 1 for item in rng.choice(8, 4, replace=False)}) for _ in range(40)
    ])  # fmt: skip
    package = np.hstack([rng.uniform(2, 4, (3, 6)), np.full((3, 1), 9.0)])
    costs = Costs(package=package, unit=np.hstack([rng.uniform(1, 3, (3, 6)), np.full((3, 1), 9.0)])[:, :, None])
    stock = np.vstack([rng.integers(0, 6, (6, 8)).astype(float), np.full((1, 8), np.inf)])
    ascent, start, demand = Ascent(kinds, costs), np.zeros(stock.shape), np.full(40, 3.0)
    known = ascent.nothing_known()
    _, exact = ascent.climb(start, stock, demand, Climb(passes=600, step=2.0))
    prices, bound = ascent.climb(start, stock, demand, Climb(passes=600, step=2.0, exact_every=exact_every), known)
    assert bound == pytest.approx(exact, rel=2e-3)
    assert ascent.climb(prices, stock, demand, Climb(passes=1, step=1.0))[1] == pytest.approx(bound, rel=1e-12)
    again = ascent.climb(start, stock, demand, Climb(passes=600, step=2.0, exact_every=exact_every), known)
    assert again[1] == pytest.approx(exact, rel=2e-3)


def test_refreshes_come_more_often_towards_the_end() -> None:
    assert refreshes(100, 0.5, 10) == [50, 75, 87, 97, 100]
    assert refreshes(3, 0.02, 1) == [1, 2, 3]
    assert refreshes(0, 0.5, 1) == []


def test_prices_keep_a_share_of_those_before() -> None:
    kinds, costs, stock = two_sources()
    climb = Climb(passes=500, step=1.0)
    sight = FarSight(
        Ascent(kinds, costs), Futures(count=0, first=climb, later=climb, early=0, kept=0.75), np.random.default_rng(1)
    )
    want, plenty = np.array([8.0, 4.0]), np.array([1.0, 1.0])
    first = sight.refresh(stock, want)
    assert first[:2, 0] == pytest.approx([9.0, 7.0], abs=0.05)
    assert sight.refresh(stock, plenty)[:2, 0] == pytest.approx([0.75 * 9, 0.75 * 7], abs=0.05)
