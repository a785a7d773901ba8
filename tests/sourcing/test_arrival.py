"""The last arrival as a strict priority, on cases where it is easily got wrong."""

from dataclasses import replace
from datetime import timedelta

from solver.sourcing.check import violations_of
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
