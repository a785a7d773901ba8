"""The snapshot decides as the ordinary path does: Problem, brief, search."""

from collections import Counter

from solver.sourcing.plan import Engine
from solver.sourcing.solve import decide
from tests.sourcing.snapshot.any_world import any_world

WORLDS = 24
SECONDS = 60.0


def test_every_decision_costs_what_the_ordinary_path_finds(seed: int) -> None:
    found: Counter[str] = Counter()
    for number in range(seed, seed + WORLDS):
        world = any_world(number)
        snapshot = world.snapshot()
        for order in world.orders:
            decision = snapshot.decide(order)
            plan = decide(world.problem(order), engine=Engine.EXACT, time_limit_seconds=SECONDS)
            assert (decision.total_minor, decision.bound_minor) == (plan.total_minor, plan.bound_minor), (number, order)
            assert sum(decision.unfilled) == plan.unfilled_units or decision.total_minor == plan.total_minor
            found[decision.fallback] += 1
    assert found[""] > found.total() * 2 / 3, found


def test_a_plan_from_the_snapshot_is_the_ordinary_paths_term_by_term(seed: int) -> None:
    for number in range(seed, seed + WORLDS // 2):
        world = any_world(number)
        snapshot = world.snapshot()
        for order in world.orders:
            plan = snapshot.plan(order)  # which checks it
            other = decide(world.problem(order), engine=Engine.EXACT, time_limit_seconds=SECONDS)
            assert plan.total_minor == other.total_minor
            assert plan.bound_minor == other.bound_minor
            if plan.packages == other.packages:
                assert plan.cost_minor == other.cost_minor
                assert plan.lines == other.lines
