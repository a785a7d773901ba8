"""The judge recomputes what a wave with strict priorities proves, priority by priority."""

import json
import random
from dataclasses import replace

import pytest

from solver.sourcing.policy import Level
from solver.waves.check_bound import ProvenBound, proven_bound, violations_of_bound
from solver.waves.limits import WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.sharing import TwoPrices
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave
from solver.wire.problems import answer_to_json
from tests.waves.any_wave import any_wave
from tests.waves.made import best_by_hand, order

QUICK = WaveLimits(passes=60, moves=200, columns=6)
UNFILLED, METERS = Level(measure="unfilled_units"), Level(measure="distance_meters")


def with_priorities(wave: Wave, seed: int) -> Wave:
    """The wave when units come first, then metres, then money; lanes have metres of their own."""
    rng = random.Random(f"levels/{seed}")
    orders = tuple(
        replace(
            one,
            policy=replace(one.policy, levels=(UNFILLED, METERS)),
            lanes=tuple(replace(lane, distance_meters=rng.randint(0, 900)) for lane in one.lanes),
        )
        for one in wave.orders
    )
    return replace(wave, orders=orders)


def values(plan: WavePlan) -> tuple[int, ...]:
    return tuple(level.value for level in plan.levels)


def test_the_judge_proves_what_random_waves_state_and_no_plan_by_hand_is_better() -> None:
    proven = 0
    for seed in range(24):
        wave = with_priorities(any_wave(seed), seed)
        try:
            plan = solve_wave(wave, limits=QUICK)
        except TwoPrices:
            continue
        assert violations_of_bound(wave, plan) == [], seed
        judged = proven_bound(wave, plan)
        by_hand = solve_wave(wave, engine=best_by_hand)
        assert judged.levels <= values(by_hand), seed
        proven += judged.bound_minor is not None
    assert proven >= 20


def two_orders() -> Wave:
    """One unit near, where it is 2,000 metres to the first and 1,000 to the second; 5,000 from far to both."""
    meters = {"1": {"NEAR": 2000, "FAR": 5000}, "2": {"NEAR": 1000, "FAR": 5000}}
    made = tuple(order(one, {"NEAR": 100, "FAR": 200}, stock={"NEAR": 1}) for one in meters)
    return Wave(orders=tuple(
        replace(
            one,
            policy=replace(one.policy, levels=(UNFILLED, METERS)),
            lanes=tuple(replace(lane, distance_meters=meters[one.order_id][lane.source_id]) for lane in one.lanes),
        )
        for one in made
    ))  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> WavePlan:
    return solve_wave(two_orders())


def test_the_weights_of_the_priorities_travel_with_the_prices(plan: WavePlan) -> None:
    assert values(plan) == (0, 6000, 300)
    assert plan.level_weights[-1] == 1
    assert plan.level_weights[0] > plan.level_weights[1] > 300
    assert proven_bound(two_orders(), plan) == ProvenBound(bound_minor=300, levels=(0, 6000, 300))


def test_the_weights_are_numbers_in_the_public_answer(plan: WavePlan) -> None:
    assert json.loads(answer_to_json([], wave=plan))["wave"]["level_weights"] == list(plan.level_weights)


def test_a_priority_that_is_called_better_than_its_prices_prove_is_found(plan: WavePlan) -> None:
    unpriced = replace(plan, prices=())
    [of_money, of_levels] = violations_of_bound(two_orders(), unpriced)
    assert of_money == "the prices prove a bound of 0, not 300"
    assert of_levels == "the prices prove priorities of (0, 3000, 200), not (0, 6000, 300)"


@pytest.mark.parametrize("weights", [(10**9, 10, 1), (10**6, 10**7, 1), (10**9, 10**5, 2), ()])
def test_weights_that_do_not_keep_the_priorities_apart_prove_nothing(plan: WavePlan, weights: tuple[int, ...]) -> None:
    assert proven_bound(two_orders(), replace(plan, level_weights=weights)) == ProvenBound(bound_minor=None)
