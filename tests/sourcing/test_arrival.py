"""The last arrival as a strict priority, on cases where it is easily got wrong."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest

from solver.sourcing.arrival import decide_with_latest_arrival
from solver.sourcing.check import violations_of
from solver.sourcing.dimensions import all_terms
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import LATEST_ARRIVAL, Level
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from tests.sourcing.made import PATIENT, PLACED_AT, flat, lane, line, offer, problem

LAST = Level(measure=LATEST_ARRIVAL)
FILLED = Level(measure="unfilled_units")
ASKED = replace(
    problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(900), arrives_after_hours=10), lane("S2", flat(500), arrives_after_hours=12)),
    ),
    placed_at=PLACED_AT,
)


def decided(asked: Problem, *levels: Level) -> Plan:
    under = replace(asked, policy=replace(PATIENT, levels=levels))
    plan = decide(under, engine=Engine.EXACT, time_limit_seconds=60)
    assert violations_of(under, plan) == []
    assert plan.is_proven
    return plan


def values(plan: Plan) -> list[tuple[int, int]]:
    return [(level.value, level.bound) for level in plan.levels]


def test_the_order_is_filled_by_what_arrives_first_and_money_decides_last() -> None:
    assert values(decided(ASKED, FILLED, LAST)) == [(0, 0), (600, 600), (900, 900)]


def test_a_tolerance_lets_the_cheaper_lane_come_later() -> None:
    plan = decided(ASKED, FILLED, replace(LAST, tolerance=120))
    assert values(plan) == [(0, 0), (720, 600), (500, 500)]
    assert values(decided(ASKED, FILLED, replace(LAST, tolerance=119))) == [(0, 0), (600, 600), (900, 900)]


def test_arrivals_within_one_minute_are_the_same() -> None:
    soon, later = ASKED.lanes
    within_the_minute = replace(later, arrives_at=soon.arrives_at + timedelta(seconds=20))
    asked = replace(ASKED, lanes=(replace(soon, arrives_at=soon.arrives_at + timedelta(seconds=1)), within_the_minute))
    assert values(decided(asked, FILLED, LAST)) == [(0, 0), (601, 601), (500, 500)]


def test_nothing_arrives_soonest_where_no_priority_before_asks_for_anything_to_ship() -> None:
    plan = decided(ASKED, LAST)
    assert plan.packages == ()
    assert values(plan) == [(0, 0), (100_000, 100_000)]


def test_a_tolerance_before_the_arrival_is_used_once() -> None:
    """One unit may be left, not two: S2 arrives later, so its B stays."""
    asked = replace(
        ASKED,
        lines=(line("1", 1, {"A": 1}), line("2", 1, {"B": 1})),
        items={**ASKED.items, "B": replace(ASKED.items["A"], sku="B")},
        offers=(offer("S1", {"A": 1}), offer("S2", {"B": 1})),
    )
    plan = decided(asked, replace(FILLED, tolerance=1), LAST)
    assert values(plan) == [(1, 0), (600, 600), (100_900, 100_900)]
    assert [package.source_id for package in plan.packages] == ["S1"]


def test_a_tolerance_that_fewer_lanes_have_used_up_is_not_given_again() -> None:
    """By 10 hours only S1 ships: 2 packages where 1 would do from S2. One package more is allowed, two are not."""
    asked = problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 3}), offer("S2", {"A": 3})),
        lanes=(
            lane("S1", flat(100), arrives_after_hours=10, max_weight_grams=1_000),
            lane("S1", flat(10), service_id="X", arrives_after_hours=10, max_weight_grams=500),
            lane("S2", flat(500), arrives_after_hours=12),
        ),
    )
    asked = replace(asked, placed_at=PLACED_AT, policy=PATIENT)
    free_splits = replace(PATIENT, split_minor=0)
    levels = (FILLED, Level(measure="packages", tolerance=1), LAST)
    under = replace(asked, policy=replace(free_splits, levels=levels))
    plan = decide(under, engine=Engine.EXACT, time_limit_seconds=60)
    assert values(plan) == [(0, 0), (2, 1), (600, 600), (110, 110)]
    assert violations_of(under, plan) == []


def asked_on_the_way(under: Problem, *, sure: bool) -> tuple[Plan, list[Problem]]:
    """The plan and all that was asked for it; the answers on the way as if the program had given them, or nobody."""
    asked: list[Problem] = []

    def answer(other: Problem, _most: tuple[int, ...] | None) -> Plan:
        asked.append(other)
        plan = decide(other, engine=Engine.EXACT, time_limit_seconds=60)
        on_the_way = len(other.lanes) < len(under.lanes) and len(other.policy.levels) < len(under.policy.levels)
        if not on_the_way:
            return plan
        unsure = plan if sure else replace(plan, levels=tuple(replace(one, bound=-1) for one in plan.levels))
        return replace(unsure, fallback_reason="too_many_states")

    return decide_with_latest_arrival(under, answer), asked


def test_on_the_way_money_is_not_asked_and_hand_overs_are_told() -> None:
    levels = (FILLED, LAST, Level(measure="packages"))
    under = replace(ASKED, policy=replace(PATIENT, levels=levels))
    plan, asked = asked_on_the_way(under, sure=True)
    assert values(plan) == [(0, 0), (600, 600), (1, 1), (900, 900)]
    assert plan.is_proven
    assert plan.fallback_reason == "too_many_states"
    terms = {term.name for term in all_terms()}
    assert all(terms <= set(other.policy.off) for other in asked[:-1])
    assert asked[-1].policy.off == under.policy.off


def test_money_among_the_priorities_before_is_asked() -> None:
    levels = (FILLED, Level(measure="cost_minor"), LAST)
    under = replace(ASKED, policy=replace(PATIENT, levels=levels))
    plan, asked = asked_on_the_way(under, sure=True)
    assert values(plan) == [(0, 0), (500, 500), (720, 720)]
    assert all(other.policy.off == under.policy.off for other in asked)


def test_where_an_answer_on_the_way_is_not_proven_no_earlier_arrival_is_asked_for_or_claimed() -> None:
    both = replace(
        problem(
            lines=(line("1", 2, {"A": 1}),),
            grams={"A": 500},
            offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})),
            lanes=(
                lane("S1", flat(500), arrives_after_hours=10),
                lane("S1", flat(400), service_id="X", arrives_after_hours=11),
                lane("S2", flat(500), arrives_after_hours=12),
                lane("S2", flat(400), service_id="X", arrives_after_hours=13),
            ),
        ),
        placed_at=PLACED_AT,
        policy=replace(PATIENT, max_packages=5, levels=(FILLED, LAST, Level(measure="packages"))),
    )
    proven, _ = asked_on_the_way(both, sure=True)
    assert [(level.value, level.bound) for level in proven.levels[:2]] == [(0, 0), (720, 720)]
    unsure, asked = asked_on_the_way(both, sure=False)
    assert [(level.value, level.bound) for level in unsure.levels[:2]] == [(0, 0), (780, 0)]
    assert not unsure.is_proven
    assert [len(other.lanes) for other in asked] == [4, 2, 4]  # all there is, by 11 hours, and as if never asked


solve = import_module("solver.sourcing.solve")


def test_two_fifths_of_the_time_are_for_the_arrival_and_the_rest_for_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []
    decide_sums = solve._decide_sums

    def noted(other: Problem, engine: Engine, until: float, most: tuple[int, ...] | None = None) -> Plan:
        given.append(until)
        plan: Plan = decide_sums(other, engine, until, most)
        return plan

    monkeypatch.setattr(solve, "_decide_sums", noted)
    monkeypatch.setattr(solve.time, "perf_counter", lambda: 100.0)
    levels = (FILLED, LAST, Level(measure="packages"))
    asked = replace(ASKED, policy=replace(PATIENT, levels=levels))
    assert decide(asked, engine=Engine.EXACT, time_limit_seconds=2).is_proven
    assert (set(given[:-1]), given[-1]) == ({100.8}, 102.0)
