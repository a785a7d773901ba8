"""Walks along the edge of what sources hold: tables against recounting, and plans against every plan there is."""

from itertools import product

import numpy as np
import pytest

from solver.sourcing.case import Ints
from solver.sourcing.exact.jit import IS_COMPILED
from solver.waves.limits import Watch
from solver.waves.single_source.ascent import Prices
from solver.waves.single_source.effort import Effort
from solver.waves.single_source.ejection import make, no_move, short_move
from solver.waves.single_source.improve import best_of_all
from solver.waves.single_source.instance import Instance, instance_of
from solver.waves.single_source.openings import Opened, choices_of
from solver.waves.single_source.penalties import adapt, first_penalties
from solver.waves.single_source.plans import cost_of, keeps_capacities
from solver.waves.single_source.sites import ground_of
from solver.waves.single_source.standing import EXCESS_UNITS, standing_of
from solver.waves.single_source.trades import reckon, trades_of
from solver.waves.single_source.walk import helps, walked

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="needs numba, the extra `fast`")


def _instance(seed: int, orders: int, sources: int, *, slack: float = 1.1) -> Instance:
    """Orders that weigh the less where they cost the more; the last source leaves them."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 100, (orders, sources + 1))
    cost = 111 - weight + rng.integers(-10, 11, weight.shape)
    weight[:, -1], cost[:, -1] = 0, 10_000
    load = weight[np.arange(orders), rng.integers(0, sources, orders)].sum()
    return instance_of(
        option_order=np.repeat(np.arange(orders), sources + 1),
        option_source=np.tile(np.arange(sources + 1), orders),
        option_cost=cost.reshape(-1),
        option_weight=weight.reshape(-1),
        leave_cost=np.full(orders, 10_000),
        capacity=np.append(np.full(sources, int(slack * load / sources)), 1),
        opening_cost=np.zeros(sources + 1, dtype=np.int64),
    )


def _all_left(instance: Instance) -> Opened:
    option = instance.option_start[1:] - 1
    is_open = np.ones(instance.sources, dtype=np.bool_)
    return Opened(is_open=is_open, option=option, cost=cost_of(instance, option))


def _walked(instance: Instance, plan: Opened, *, steps: int, seed: int = 1, watch: Watch | None = None) -> list[Opened]:
    nothing = np.zeros(0, dtype=np.int64)
    prices = Prices(bound=0, price=nothing, packed=nothing, gain=nothing)
    effort = Effort(steps=steps, seed=seed, watch=watch or Watch())
    return walked(instance, [plan], prices, np.full(instance.sources, 0.5), effort)


def _best_cost(instance: Instance) -> int:
    places = [
        range(first, end) for first, end in zip(instance.option_start[:-1], instance.option_start[1:], strict=True)
    ]
    plans = (np.array(one) for one in product(*places))
    return min(cost_of(instance, plan) for plan in plans if keeps_capacities(instance, plan))


def test_small_instances_are_planned_best_nearly_always() -> None:
    """Walks prove nothing: of eight instances one may stay at a plan that is nearly the best."""
    reached = 0
    for seed in range(8):
        instance = _instance(seed, orders=6, sources=3)
        best = _best_cost(instance)
        walks = _walked(instance, _all_left(instance), steps=200_000)
        assert all(
            keeps_capacities(instance, one.option) and one.cost == cost_of(instance, one.option) for one in walks
        )
        assert walks[0].cost >= best
        reached += walks[0].cost == best
    assert reached >= 7


def test_a_program_over_few_options_knows_the_best_plan_before_anything_walks() -> None:
    for seed in range(4):
        instance = _instance(seed, orders=6, sources=3)
        plan, is_known = best_of_all(instance, _all_left(instance), seconds=60)
        assert keeps_capacities(instance, plan.option)
        assert (is_known, plan.cost) == (True, _best_cost(instance))


def test_many_options_or_no_time_are_left_to_searches() -> None:
    many, few = _instance(1, orders=120, sources=12), _instance(1, orders=6, sources=3)
    assert len(many.option_order) == 1560
    for instance, seconds in ((many, 60.0), (few, 0.0)):
        start = _all_left(instance)
        plan, is_known = best_of_all(instance, start, seconds=seconds)
        assert (plan is start, is_known) == (True, False)


def test_plans_keep_capacities_and_never_become_dearer() -> None:
    instance = _instance(5, orders=60, sources=12)
    plan = _all_left(instance)
    for seed in range(3):
        walks = _walked(instance, plan, steps=2_000_000, seed=seed)
        assert all(keeps_capacities(instance, one.option) for one in walks)
        assert walks[0].cost <= walks[1].cost <= plan.cost
        plan = walks[0]
    assert plan.cost < 60 * 100  # no order is left


def test_the_same_steps_give_the_same_plans_and_another_seed_other_chances() -> None:
    instance = _instance(6, orders=60, sources=12)
    one, same, other = (_walked(instance, _all_left(instance), steps=3_000_000, seed=seed) for seed in (4, 4, 5))
    assert [plan.option.tolist() for plan in one] == [plan.option.tolist() for plan in same]
    assert [plan.option.tolist() for plan in one] != [plan.option.tolist() for plan in other]


def test_without_time_the_plan_stays_as_it_is() -> None:
    instance = _instance(7, orders=20, sources=4)
    plan = _all_left(instance)
    found = _walked(instance, plan, steps=10**9, watch=Watch(is_cancelled=lambda: True))
    assert [one.option.tolist() for one in found] == [plan.option.tolist()] * 2


@pytest.mark.parametrize("seed", range(4))
def test_a_move_saves_what_recounting_says_and_the_table_stays_true(seed: int) -> None:
    instance = _instance(seed, orders=30, sources=6, slack=1.0)
    choices = choices_of(instance, instance.option_cost + 0.5 * instance.option_weight)
    ground, penalty = ground_of(instance, 1.0), np.linspace(0.3, 1.3, instance.sources)
    standing = standing_of(instance, choices.ranked[instance.option_start[:-1]])
    trades, move = trades_of(instance.orders, instance.sources), no_move()
    for source in range(instance.sources):
        reckon(ground, standing, penalty, trades, source)
    made = 0
    while short_move(instance, standing, choices, trades, move) and move.shape[0]:
        before = _penalised(instance, standing.option, penalty)
        make(instance, standing, choices, move)
        assert before - _penalised(instance, standing.option, penalty) == pytest.approx(move.saves[0])
        for source in range(instance.sources):
            reckon(ground, standing, penalty, trades, source)
        made += 1
    assert made > 0


def test_penalties_rise_where_capacities_are_exceeded_and_fall_where_none_is() -> None:
    instance = _instance(1, orders=30, sources=6, slack=0.5)
    standing = standing_of(instance, instance.option_start[:-1])  # all at the first source
    penalty = first_penalties(np.array([2.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]))
    assert penalty.tolist() == pytest.approx([2.0, 1.0] + [0.3 * 4 / 7] * 3 + [1.0, 0.3 * 4 / 7])
    before = penalty.copy()
    adapt(instance, standing, penalty, np.array([1]))
    assert penalty[0] > before[0]
    assert penalty[1:].tolist() == before[1:].tolist()
    at_rest = standing_of(instance, _all_left(instance).option)
    assert at_rest.tally[EXCESS_UNITS] == 0
    adapt(instance, at_rest, before, np.array([1]))
    assert (before < first_penalties(np.array([2.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]))).all()


def test_walks_are_for_orders_that_weigh_differently_where_nothing_costs_to_open() -> None:
    instance = _instance(1, orders=5, sources=3)
    alike = instance._replace(option_weight=np.ones_like(instance.option_weight))
    opening = instance._replace(opening_cost=instance.opening_cost + 1)
    assert [helps(one) for one in (instance, alike, opening)] == [True, False, False]


def _penalised(instance: Instance, option: Ints, penalty: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    load = np.bincount(
        instance.option_source[option], weights=instance.option_weight[option], minlength=instance.sources
    )
    return float(cost_of(instance, option) + (penalty * np.maximum(load - instance.capacity, 0)).sum())
