"""A decision's plan is to the letter the same, whether its view's charges price it or the terms are asked again."""

import json
from collections import Counter

import msgspec

from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.planned import priced
from solver.sourcing.snapshot.restated import plan_of
from tests.sourcing.snapshot.any_world import any_world
from tests.sourcing.snapshot.straight import straight_of

WORLDS = 60


def test_the_plan_is_the_restated_one_to_the_letter(seed: int) -> None:
    plans = several = late = terms = shared = 0
    for number in range(seed, seed + WORLDS):
        world = any_world(number)
        snapshot = world.snapshot()
        itemiser = snapshot.itemiser
        for order in world.orders:
            decision = snapshot.decide(order)
            if decision.fallback or not decision.packages or snapshot.may_close_lanes(order):
                continue
            shipping = {package.source_id for package in decision.packages}
            available = {
                sku: {one: units for one, units in of.items() if one in shipping} for sku, of in world.available.items()
            }
            problem = world.ask(order, world.network, available)
            made, restated = priced(itemiser, straight_of(order, problem), decision), plan_of(problem, decision)
            if made is None:
                assert any(decision.unfilled) or lines_share_a_sku(problem)
                shared += 1
                continue
            assert made == restated
            assert _text(made) == _text(restated)  # dictionaries in their sequence, too
            plans += 1
            several += len(made.packages) > 1
            late += any(package.late_minutes for package in made.packages)
            terms = max(terms, len(made.cost_minor))
    assert plans > WORLDS // 2
    assert several > 5
    assert late > 5
    assert terms > 8
    assert shared > 5


def lines_share_a_sku(problem: Problem) -> bool:
    return max(Counter(part.sku for line in problem.lines for part in line.parts).values()) > 1


def _text(plan: object) -> str:
    return json.dumps(msgspec.to_builtins(plan), ensure_ascii=False)
