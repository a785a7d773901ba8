"""What a user would pick instead: each rule and each model answers small orders as by hand, and the judge agrees."""

import pytest

from benchmarks import worlds
from benchmarks.plain import RULES, Answer, filled_lines, question_of
from benchmarks.plain_models import MODELS
from benchmarks.side_by_side import judged
from solver.sourcing.plan import Engine
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide

SEEDS = range(4)


def small(seed: int) -> Problem:
    return worlds.problem(seed, sources=8, lines=2, stocked_percent=60)


@pytest.mark.parametrize("name", MODELS)
def test_a_plain_model_finds_the_best_plan_of_a_small_order_and_proves_it(name: str) -> None:
    for seed in SEEDS:
        problem = small(seed)
        best = decide(problem, engine=Engine.EXACT, time_limit_seconds=60)
        question = question_of(problem)
        found = judged(problem, question, MODELS[name](question, 60.0))
        assert found.faults == ()
        assert found.plan is not None
        assert found.plan.total_minor == best.total_minor
        assert found.bound_minor == pytest.approx(best.total_minor, abs=0.5)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_gives_a_sound_plan_that_is_never_better_than_the_best(name: str) -> None:
    for seed in SEEDS:
        problem = small(seed)
        best = decide(problem, engine=Engine.EXACT, time_limit_seconds=60)
        question = question_of(problem)
        found = judged(problem, question, RULES[name](question))
        assert found.faults == ()
        assert found.plan is not None
        assert found.plan.total_minor >= best.total_minor


def test_the_nearest_source_gives_all_that_it_has() -> None:
    for seed in SEEDS:
        question = question_of(small(seed))
        [first, *_] = RULES["nearest source first"](question).shipped.items()
        nearest = min(way.lane.distance_meters for way in question.ways)
        way = question.ways[first[0]]
        assert way.lane.distance_meters == nearest
        assert first[1] == {
            sku: min(units, way.offer.available[sku])
            for sku, units in question.demand.items()
            if way.offer.available.get(sku)
        }


def test_fewest_splits_uses_one_source_where_one_has_everything() -> None:
    seen = 0
    for seed in range(12):
        question = question_of(small(seed))
        whole = [
            source
            for source, ways in question.by_source.items()
            if all(question.ways[ways[0]].offer.available.get(sku, 0) >= n for sku, n in question.demand.items())
        ]
        if whole:
            seen += 1
            assert len(RULES["fewest splits, capped"](question).shipped) == 1
    assert seen > 3


def test_a_plan_that_ships_more_than_there_is_is_found_out() -> None:
    problem = small(0)
    question = question_of(problem)
    [number, units] = next(iter(RULES["nearest source first"](question).shipped.items()))
    sku = next(iter(units))
    found = judged(problem, question, Answer(shipped={number: {sku: 1_000}}))
    assert found.faults != ()


def test_packages_fill_lines_from_the_first_on() -> None:
    question = question_of(small(1))
    first, second = question.lines
    assert filled_lines(question, [{first.sku: first.quantity}]) == [first.quantity, 0]
    assert filled_lines(question, [{second.sku: 1}]) == [0, 1]
