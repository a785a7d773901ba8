"""The value of stock left behind in the snapshot: as the ordinary path has it, term by term."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from solver.replay.together import planned_together
from solver.sourcing.exact.search import Limits
from solver.sourcing.plan import Engine
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.sourcing.snapshot.worth import with_values
from solver.sourcing.solve import decide
from tests.sourcing.snapshot.any_world import World, any_world

WORLDS = 10
SECONDS = 60.0


def valued_world(number: int, *, orders: int = 6, busy: float | None = None) -> tuple[World, MinorBySource]:
    """A world whose policy minds values, and what units are worth at some of its places."""
    rng = random.Random(f"values/{number}")
    world = any_world(number, orders=orders, busy=busy)
    settings = {**world.policy.settings, "stock_value_permille": rng.choice([333, 1_000, 2_500])}
    off = tuple(name for name in world.policy.off if name != "stock_value")
    values = {
        sku: {one: rng.choice([1, 90, 700, 2_000]) for one in of_sources if rng.random() < 0.7}
        for sku, of_sources in world.available.items()
        if rng.random() < 0.8
    }
    return replace(world, policy=replace(world.policy, settings=settings, off=off)), values


def test_every_decision_costs_what_the_ordinary_path_finds(seed: int) -> None:
    found: Counter[str] = Counter()
    missed = 0
    for number in range(seed, seed + WORLDS):
        world, values = valued_world(number)
        snapshot = world.snapshot().valued(values)
        for order in world.orders:
            decision = snapshot.decide(order)
            problem = with_values(world.problem(order), values)
            plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=SECONDS)
            assert (decision.total_minor, decision.bound_minor) == (plan.total_minor, plan.bound_minor), (number, order)
            told = snapshot.plan(order)  # which checks it
            assert told.total_minor == plan.total_minor
            assert told.cost_minor.get("stock_value", 0) == snapshot.missed_minor(decision, snapshot.stock)
            if told.packages == plan.packages:
                assert told.cost_minor == plan.cost_minor
            missed += told.cost_minor.get("stock_value", 0)
            found[decision.fallback] += 1
    assert missed > 0
    assert found[""] > found.total() / 2, found


@pytest.mark.parametrize("number", range(3))
def test_orders_in_turn_see_what_is_left_and_what_it_is_worth(seed: int, number: int) -> None:
    world, values = valued_world(seed + number, orders=12)
    left = {sku: dict(units) for sku, units in world.available.items()}
    for order, decision in zip(world.orders, world.snapshot().valued(values).decide_all(world.orders), strict=True):
        problem = with_values(world.problem(order, left), values)
        assert decision.total_minor == decide(problem, engine=Engine.EXACT, time_limit_seconds=SECONDS).total_minor
        for chosen in decision.packages:
            for sku, units in chosen.units.items():
                left[sku][chosen.source_id] -= units


def test_a_source_that_is_out_of_stock_is_no_yardstick(seed: int) -> None:
    for number in range(seed, seed + WORLDS // 2):
        world, values = valued_world(number, busy=0.0)
        gone = world.network.source_ids[0]
        few = {sku: {one: n for one, n in of.items() if one != gone} for sku, of in world.available.items()}
        base = world.snapshot()
        shelves = base.shelves_of(world.available, values).without_source(world.network.source_positions[gone])
        without = base.restocked(shelves, ask=world.ask, limits=Limits())
        for order in world.orders:
            problem = with_values(world.problem(order, few), values)
            plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=SECONDS)
            assert without.decide(order).total_minor == plan.total_minor


def test_a_wave_from_arrays_minds_values_and_its_judge_agrees(seed: int) -> None:
    minded = 0
    for number in range(seed, seed + 4):
        world, values = valued_world(number, orders=8, busy=0.0)
        plans = planned_together(world.snapshot().valued(values), world.orders, world.ask)  # which checks them
        minded += sum(one.cost_minor.get("stock_value", 0) for one in plans)
    assert minded > 0
