"""What greedy and nearest-first do, worked out by hand; both may be dearer than the best, never unsound."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Plan, Stop, Term
from solver.sourcing.problem import Problem
from solver.sourcing.solve import solve
from tests.sourcing.heuristics import fullest_plan, greedy_plan, nearest_plan
from tests.sourcing.made import PATIENT, PROMISED_AT, first_and_more, flat, lane, line, offer, problem
from tests.sourcing.worlds import random_problem

Baseline = Callable[[Problem], Plan]


def shipped(plan: Plan) -> list[tuple[str, str, dict[str, int]]]:
    return [
        (package.source_id, package.service_id, {packed.sku: packed.units for packed in package.contents})
        for package in plan.packages
    ]


def a_and_b(*, near: str = "S1") -> Problem:
    """S1 has only A and is cheap; S2 has both."""
    return problem(
        lines=(line("1", 1, {"A": 1}), line("2", 1, {"B": 1})),
        grams={"A": 500, "B": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1, "B": 1})),
        lanes=(
            lane("S1", flat(300), distance_meters=1_000 if near == "S1" else 9_000),
            lane("S2", flat(800), distance_meters=5_000),
        ),
    )


def test_greedy_takes_the_cheapest_unit_first_and_pays_for_it_later() -> None:
    asked = a_and_b()
    plan = greedy_plan(asked)
    assert shipped(plan) == [("S1", "V", {"A": 1}), ("S2", "V", {"B": 1})]
    assert plan.total_minor == 300 + 800 + 200
    assert solve(asked).total_minor == 800


def test_nearest_first_empties_the_nearest_source() -> None:
    plan = nearest_plan(a_and_b(near="S1"))
    assert shipped(plan) == [("S1", "V", {"A": 1}), ("S2", "V", {"B": 1})]
    assert plan.total_minor == 1_300


def test_nearest_first_stops_when_the_nearest_source_fills_the_order() -> None:
    plan = nearest_plan(a_and_b(near="S2"))
    assert shipped(plan) == [("S2", "V", {"A": 1, "B": 1})]
    assert plan.total_minor == 800


def test_nearest_first_ships_by_the_cheapest_service_of_the_source_lateness_counted() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}),),
        lanes=(
            lane("S1", flat(500), service_id="slow", arrives_after_hours=33),
            lane("S1", flat(650), service_id="fast"),
        ),
        policy=replace(PATIENT, lateness_minor_per_hour=60),
        promised_at=PROMISED_AT,
    )
    assert shipped(nearest_plan(asked)) == [("S1", "fast", {"A": 1})]
    dearer = replace(asked, policy=replace(PATIENT, lateness_minor_per_hour=49))
    assert shipped(nearest_plan(dearer)) == [("S1", "slow", {"A": 1})]


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
def test_of_equals_the_first_by_id_ships(baseline: Baseline) -> None:
    names = ("S3", "S1", "S2")
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=tuple(offer(name, {"A": 1}) for name in names),
        lanes=tuple(lane(name, flat(600)) for name in names),
    )
    assert baseline(asked).source_ids == ("S1",)


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
def test_a_bundle_is_kept_in_one_package_or_not_shipped(baseline: Baseline) -> None:
    asked = problem(
        lines=(line("1", 2, {"A": 1, "B": 2}),),
        grams={"A": 500, "B": 500},
        offers=(offer("S1", {"A": 1, "B": 3}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(600))),
    )
    plan = baseline(asked)
    assert shipped(plan) == [("S1", "V", {"A": 1, "B": 2})]
    assert (plan.lines[0].planned_units, plan.lines[0].unfilled_units) == (1, 1)


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
def test_an_order_too_heavy_for_one_package_leaves_in_two(baseline: Baseline) -> None:
    asked = problem(
        lines=(line("1", 5, {"A": 1}),),
        grams={"A": 5_000},
        offers=(offer("S1", {"A": 9}),),
        lanes=(lane("S1", first_and_more(1_000, 100), max_weight_grams=20_000),),
    )
    plan = baseline(asked)
    assert sorted(package.weight_grams for package in plan.packages) == [5_000, 20_000]
    assert plan.total_minor == (1_000 + 19 * 100) + (1_000 + 4 * 100) + 200


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
@pytest.mark.parametrize(
    ("limits", "sources", "unfilled_units"),
    [
        ((1, 0), ("S1",), 2),
        ((2, 0), ("S1", "S2"), 1),
        ((5, 2), ("S1", "S2"), 1),
        ((5, 0), ("S1", "S2", "S3"), 0),
    ],
)
def test_the_limits_on_packages_and_sources_are_kept(
    baseline: Baseline, limits: tuple[int, int], sources: tuple[str, ...], unfilled_units: int
) -> None:
    names = ("S1", "S2", "S3")
    asked = problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": 500},
        offers=tuple(offer(name, {"A": 1}) for name in names),
        lanes=tuple(lane(name, flat(600), distance_meters=1_000 * place) for place, name in enumerate(names)),
        policy=replace(PATIENT, max_packages=limits[0], max_sources=limits[1]),
    )
    plan = baseline(asked)
    assert (plan.source_ids, plan.unfilled_units) == (sources, unfilled_units)
    assert violations_of(asked, plan) == []


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
@pytest.mark.parametrize(("unfilled_minor", "packages"), [(600, 0), (601, 1)])
def test_nothing_ships_unless_it_costs_less_than_leaving_it(
    baseline: Baseline, unfilled_minor: int, packages: int
) -> None:
    asked = replace(a_and_b(), lines=(line("1", 1, {"A": 1}),), lanes=(lane("S1", flat(600)),))
    asked = replace(asked, policy=replace(PATIENT, unfilled_minor_per_unit=unfilled_minor))
    plan = baseline(asked)
    assert len(plan.packages) == packages
    assert plan.total_minor == 600


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
@pytest.mark.parametrize(("split_minor", "packages"), [(99, 2), (100, 1)])
def test_a_further_package_must_also_be_worth_its_split(baseline: Baseline, split_minor: int, packages: int) -> None:
    asked = problem(
        lines=(line("1", 2, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(600), distance_meters=1_000)),
        policy=replace(PATIENT, split_minor=split_minor, unfilled_minor_per_unit=700),
    )
    plan = baseline(asked)
    assert len(plan.packages) == packages
    assert plan.total_minor == 600 + (600 + split_minor if packages == 2 else 700)


@pytest.mark.parametrize("baseline", [greedy_plan, nearest_plan])
def test_the_limit_on_sources_does_not_keep_a_source_from_a_second_package(baseline: Baseline) -> None:
    asked = problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": 900},
        offers=(offer("S1", {"A": 2}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(600), max_weight_grams=900), lane("S2", flat(700), distance_meters=1_000)),
        policy=replace(PATIENT, max_sources=1),
    )
    plan = baseline(asked)
    assert shipped(plan) == [("S1", "V", {"A": 1}), ("S1", "V", {"A": 1})]
    assert plan.unfilled_units == 1


def test_a_baseline_claims_no_proof_and_pays_all_terms(seed: int) -> None:
    for drawn in range(seed + 5_000_000, seed + 5_000_100):
        asked = random_problem(drawn)
        for engine in (Engine.GREEDY, Engine.NEAREST):
            plan = solve(asked, engine=engine)
            assert (plan.engine, plan.stop, plan.bound_minor) == (engine, Stop.HEURISTIC, 0), f"seed {drawn}"
            assert list(plan.cost_minor) == list(Term)
            assert sum(plan.cost_minor.values()) == plan.total_minor == plan.gap_minor


def test_fullest_first_spends_few_packages_on_large_lots_where_greedy_spends_them_on_small_cheap_ones() -> None:
    asked = problem(
        lines=(line("1", 10, {"A": 1}),),
        grams={"A": 100},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1}), offer("S3", {"A": 10})),
        lanes=(lane("S1", flat(10)), lane("S2", flat(10)), lane("S3", flat(2_000))),
        policy=replace(PATIENT, max_packages=2, split_minor=0, unfilled_minor_per_unit=1_000),
    )
    assert [package.source_id for package in greedy_plan(asked).packages] == ["S1", "S2"]
    assert (greedy_plan(asked).total_minor, greedy_plan(asked).unfilled_units) == (20 + 8 * 1_000, 8)
    assert [package.source_id for package in fullest_plan(asked).packages] == ["S3"]
    assert (fullest_plan(asked).total_minor, fullest_plan(asked).unfilled_units) == (2_000, 0)
