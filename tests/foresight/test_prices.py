"""Prices of stock, against programs worked out by hand, and against all methods written out."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from solver.foresight.kinds import Costs, Floats, Kinds
from solver.foresight.prices import Pricer

ENDLESS = np.inf


def _two_regions() -> Pricer:
    """One item. The first source serves both regions at 1, the second the first at 2 and the second at 10."""
    unit = np.array([[[1.0], [2.0], [100.0]], [[1.0], [10.0], [100.0]]])
    return Pricer(Kinds.of([(0, {0: 1}), (1, {0: 1})]), Costs(package=np.zeros((2, 3)), unit=unit))


def _stock(first: float, second: float) -> Floats:
    return np.array([[first], [second], [ENDLESS]])


def test_a_unit_that_saves_the_dear_lane_is_worth_what_that_lane_costs_more() -> None:
    priced = _two_regions().solve(_stock(0.5, 5), np.ones(2))
    assert priced.prices.tolist() == [[9.0], [0.0], [0.0]]
    assert (priced.cost, priced.bound) == (7.5, 7.5)


def test_once_the_dear_lane_is_spared_a_unit_is_worth_little() -> None:
    priced = _two_regions().solve(_stock(1.5, 5), np.ones(2))
    assert priced.prices.tolist() == [[1.0], [0.0], [0.0]]
    assert priced.cost == 2.5


def test_stock_that_nobody_will_need_is_worth_nothing() -> None:
    assert not _two_regions().solve(_stock(3, 5), np.ones(2)).prices.any()


def test_where_too_little_is_left_a_unit_is_worth_the_sale_it_saves() -> None:
    priced = _two_regions().solve(_stock(0.5, 0.25), np.ones(2))
    assert priced.prices.tolist() == [[99.0], [98.0], [0.0]]


def test_without_orders_to_come_nothing_has_a_price() -> None:
    priced = _two_regions().solve(_stock(1, 1), np.zeros(2))
    assert priced.prices.tolist() == [[0.0], [0.0], [0.0]]
    assert (priced.cost, priced.bound) == (0.0, 0.0)


def test_a_pricer_that_has_solved_before_answers_as_a_new_one() -> None:
    warm = _two_regions()
    warm.solve(_stock(0.5, 5), np.ones(2))
    again = warm.solve(_stock(1.5, 5), np.ones(2))
    assert again.prices.tolist() == _two_regions().solve(_stock(1.5, 5), np.ones(2)).prices.tolist()


def test_an_order_that_could_be_lost_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="no source of endless stock"):
        _two_regions().solve(np.array([[1.0], [1.0], [1.0]]), np.ones(2))


def test_a_kind_that_orders_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="kind 1 orders nothing"):
        Kinds.of([(0, {0: 1}), (0, {})])


def test_prices_over_futures_are_their_mean_and_follow_the_seed() -> None:
    stock, demand = _stock(5.5, 50), np.array([4.0, 4.0])
    first = _two_regions().over_futures(stock, demand, 40, np.random.default_rng(7))
    assert np.array_equal(first, _two_regions().over_futures(stock, demand, 40, np.random.default_rng(7)))
    generator = np.random.default_rng(7)
    one_by_one = [_two_regions().solve(stock, generator.poisson(demand).astype(float)).prices for _ in range(40)]
    assert np.allclose(first, np.mean(one_by_one, axis=0))
    assert 0 < first[0, 0] < 9  # in some futures the dear lane is needed, in others not


def test_futures_of_unknown_level_differ_more() -> None:
    stock, demand = _stock(150, 5_000), np.array([100.0, 100.0])
    known = _two_regions().over_futures(stock, demand, 30, np.random.default_rng(1))
    unknown = _two_regions().over_futures(stock, demand, 30, np.random.default_rng(1), spread=0.5)
    assert known[0, 0] == 1.0  # enough for the dear region in every future
    assert unknown[0, 0] > 1.0


@pytest.mark.parametrize("seed", range(6))
def test_the_program_is_that_over_all_methods_written_out(seed: int) -> None:
    generator = np.random.default_rng(seed)
    kinds, costs, stock, demand = _drawn(generator)
    priced = Pricer(kinds, costs, tolerance=1e-9).solve(stock, demand)
    assert priced.cost == pytest.approx(_over_all_methods(kinds, costs, stock, demand), rel=1e-9)
    assert priced.bound == pytest.approx(priced.cost, rel=1e-6)
    assert (priced.prices >= 0).all()


def test_with_very_many_sources_the_program_stays_near_the_bound_and_claims_none() -> None:
    generator = np.random.default_rng(3)
    sources = 120  # 7,260 sets of one or two
    kinds = Kinds.of([(0, {0: 1, 1: 2}), (0, {1: 1, 2: 1}), (0, {2: 3})])
    unit, package = generator.uniform(1, 9, (1, sources, 3)), np.full((1, sources), 4.0)
    unit[:, -1], package[:, -1] = 50.0, 0.0
    stock = np.vstack([generator.integers(0, 2, (sources - 1, 3)).astype(float), np.full((1, 3), ENDLESS)])
    demand, costs = np.full(3, 6.0), Costs(package=package, unit=unit)
    priced = Pricer(kinds, costs).solve(stock, demand)
    assert priced.bound == -np.inf
    assert priced.cost <= 1.02 * _over_all_methods(kinds, costs, stock, demand)


def _drawn(generator: np.random.Generator) -> tuple[Kinds, Costs, Floats, Floats]:
    """Three sources and one that is endless, four items, two regions, eight kinds of up to three items."""
    kinds = [
        (
            int(generator.integers(2)),
            {int(item): int(generator.integers(1, 3)) for item in generator.choice(4, size, replace=False)},
        )
        for size in generator.integers(1, 4, 8)
    ]
    package, unit = generator.uniform(5, 10, (2, 4)), generator.uniform(1, 5, (2, 4, 4))
    package[0, 0] = np.inf  # does not ship to the first region
    unit[:, 3] = 30.0
    stock = np.vstack([generator.integers(0, 8, (3, 4)).astype(float), np.full((1, 4), ENDLESS)])
    return Kinds.of(kinds), Costs(package=package, unit=unit), stock, generator.uniform(0, 4, 8)


def _over_all_methods(kinds: Kinds, costs: Costs, stock: Floats, demand: Floats) -> float:
    sources, items = stock.shape
    columns, rows, prices = [], [], []
    for kind in range(len(kinds)):
        own = kinds.items[kind][kinds.items[kind] >= 0]
        units, region = kinds.units[kind][: len(own)], kinds.region[kind]
        for givers in product(range(sources), repeat=len(own)):
            cost = sum(costs.package[region, giver] for giver in set(givers)) + sum(
                costs.unit[region, giver, item] * count for giver, item, count in zip(givers, own, units, strict=True)
            )
            if np.isinf(cost):
                continue
            uses, serves = np.zeros((sources, items)), np.zeros(len(kinds))
            serves[kind] = 1
            for giver, item, count in zip(givers, own, units, strict=True):
                uses[giver, item] += count
            columns.append(serves)
            rows.append(uses.ravel())
            prices.append(cost)
    limited = np.isfinite(stock).ravel()
    answer = linprog(
        np.array(prices),
        A_ub=np.array(rows).T[limited],
        b_ub=stock.ravel()[limited],
        A_eq=np.array(columns).T,
        b_eq=demand,
    )
    assert answer.fun is not None
    return float(answer.fun)
