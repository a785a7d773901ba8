"""The judge and the limits: weight, packages, sources, distance, time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from solver.network.model import RateCard
from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Stop, Term
from solver.sourcing.problem import Problem
from solver.sourcing.solve import solve
from tests.sourcing.judged import ASKED, sound_plan, with_package
from tests.sourcing.made import PROMISED_AT
from tests.sourcing.worlds import random_problem

Limiting = Callable[[Problem], Problem]
LIMITS: dict[str, tuple[Limiting, str]] = {
    "packages": (
        lambda asked: replace(asked, policy=replace(asked.policy, max_packages=1)),
        "2 packages, at most 1 allowed",
    ),
    "sources": (
        lambda asked: replace(asked, policy=replace(asked.policy, max_sources=1)),
        "2 sources, at most 1 allowed",
    ),
    "distance": (
        lambda asked: replace(asked, policy=replace(asked.policy, max_distance_meters=120_499)),
        "S1 is 120500 m away, at most 120499 allowed",
    ),
    "weight": (
        lambda asked: replace(asked, lanes=(replace(asked.lanes[0], max_weight_grams=1_799), asked.lanes[1])),
        "1800 g from S1 is more than the service's 1799 g",
    ),
    "card": (
        lambda asked: replace(
            asked,
            lanes=(replace(asked.lanes[0], card=RateCard(bands=asked.lanes[0].card.bands[:1])), asked.lanes[1]),
        ),
        "package 0 (S1, V): the rate card does not carry 2400 g",
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_plan_beyond_a_limit_breaks_exactly_that_rule(limit: str) -> None:
    tighten, expected = LIMITS[limit]
    assert violations_of(tighten(ASKED), sound_plan()) == [expected]


def test_a_plan_exactly_at_its_limits_is_sound() -> None:
    policy = replace(ASKED.policy, max_packages=2, max_sources=2, max_distance_meters=120_500)
    at_the_limit = replace(ASKED.lanes[0], max_weight_grams=1_800)
    asked = replace(ASKED, policy=policy, lanes=(at_the_limit, ASKED.lanes[1]))
    assert violations_of(asked, sound_plan()) == []


def test_lateness_counts_begun_minutes_and_begun_hours() -> None:
    late = replace(ASKED.lanes[1], arrives_at=PROMISED_AT + timedelta(hours=2, microseconds=1))
    asked = replace(ASKED, lanes=(ASKED.lanes[0], late))
    plan = solve(asked)
    assert violations_of(asked, plan) == []
    assert plan.packages[1].late_minutes == 121
    assert plan.packages[1].cost_minor[Term.LATENESS] == 150


def test_the_judge_says_nothing_about_how_good_a_plan_is() -> None:
    nothing = replace(
        sound_plan(),
        packages=(),
        lines=tuple(replace(one, planned_units=0, unfilled_units=2) for one in sound_plan().lines),
        cost_minor={**dict.fromkeys(Term, 0), Term.UNFILLED: 400_000},
        total_minor=400_000,
        stop=Stop.HEURISTIC,
    )
    assert violations_of(ASKED, nothing) == []


def test_a_unit_moved_out_of_any_package_is_reported_on_random_plans(seed: int) -> None:
    tampered = 0
    for drawn in range(seed + 4_000_000, seed + 4_000_080):
        asked = random_problem(drawn)
        plan = solve(asked, engine=Engine.GREEDY)
        for position, package in enumerate(plan.packages):
            first, *others = package.contents
            more = replace(first, units=first.units + 1)
            assert violations_of(asked, with_package(plan, position, contents=(more, *others))), f"seed {drawn}"
            assert violations_of(asked, with_package(plan, position, contents=tuple(others))), f"seed {drawn}"
            tampered += 1
    assert tampered > 40
