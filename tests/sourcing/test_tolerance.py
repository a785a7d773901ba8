"""A strict priority that may be missed by some: the exact search decides, unless packages share what it allows."""

from dataclasses import replace

import pytest

from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Level
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from tests.sourcing.comparison import compared
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem

FILLED = Level(measure="unfilled_units")
SPLITS_FREELY = replace(PATIENT, split_minor=0)
NEAR_FAR = problem(
    lines=(line("1", 1, {"A": 1}), line("2", 1, {"B": 1})),
    grams={"A": 500, "B": 500},
    offers=tuple(offer(source_id, {sku: 1}) for sku in "AB" for source_id in (f"NEAR-{sku}", f"FAR-{sku}")),
    lanes=tuple(
        lane(f"{where}-{sku}", flat(price), distance_meters=meters)
        for sku in "AB"
        for where, meters, price in (("NEAR", 1_000, 900), ("FAR", 4_000, 500))
    ),
)


def asked(tolerance: int, *, problem: Problem = NEAR_FAR, first: tuple[Level, ...] = (FILLED,)) -> Problem:
    levels = (*first, Level(measure="distance_meters", tolerance=tolerance))
    return replace(problem, policy=replace(SPLITS_FREELY, levels=levels))


def decided(problem: Problem) -> Plan:
    plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=60)
    assert violations_of(problem, plan) == []
    assert plan.is_proven
    return plan


def values(plan: Plan) -> list[tuple[int, int]]:
    return [(level.value, level.bound) for level in plan.levels]


@pytest.mark.parametrize(
    ("tolerance", "meters", "minor"), [(1, 2_000, 1_800), (1_999, 2_000, 1_800), (6_000, 8_000, 1_000)]
)
def test_where_each_package_tells_whether_it_keeps_to_the_tolerance_the_search_answers(
    tolerance: int, meters: int, minor: int
) -> None:
    plan = decided(asked(tolerance))
    assert values(plan) == [(0, 0), (meters, 2_000), (minor, minor)]
    assert (plan.engine, plan.fallback_reason) == (Engine.EXACT, "")


def test_where_only_one_of_two_packages_may_come_from_afar_the_program_answers() -> None:
    plan = decided(asked(3_000))
    assert values(plan) == [(0, 0), (5_000, 2_000), (1_400, 1_400)]
    assert (plan.engine, plan.fallback_reason) == (Engine.MIP, "level_tolerance")


def test_a_tolerance_on_what_stays_unfilled_is_kept_as_well() -> None:
    cheap_to_leave = replace(SPLITS_FREELY, unfilled_minor_per_unit=100)
    plan = decided(
        replace(NEAR_FAR, policy=replace(cheap_to_leave, levels=(Level(measure="unfilled_units", tolerance=2),)))
    )
    assert values(plan) == [(2, 0), (200, 200)]
    assert plan.packages == ()


def test_several_tolerances_are_kept_one_after_the_other() -> None:
    packages = Level(measure="packages", tolerance=1)
    plan = decided(asked(6_000, first=(FILLED, packages)))
    assert values(plan) == [(0, 0), (2, 2), (8_000, 2_000), (1_000, 1_000)]
    assert plan.fallback_reason == ""


@pytest.mark.parametrize("tolerance", range(0, 7_000, 500))
def test_the_program_and_every_plan_there_is_agree(tolerance: int) -> None:
    for first in ((), (FILLED,), (Level(measure="packages", tolerance=1), FILLED)):
        assert compared(asked(tolerance, first=first), tries_all=True).wrong == ()
