"""The optimiser against brute force: on random small problems, and on the cases where shortcuts go wrong.

`--seed` moves the random problems elsewhere; a failure names the call that makes its problem.
"""

from dataclasses import replace

import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from tests.sourcing.anything import any_problem
from tests.sourcing.brute import cheapest_minor
from tests.sourcing.comparison import compared
from tests.sourcing.every_plan import best_of_every_plan
from tests.sourcing.heuristics import greedy_plan, nearest_plan
from tests.sourcing.least import best_strictly, plans_to_try, without
from tests.sourcing.made import FALLING_BRACKETS, PATIENT, first_and_more, flat, lane, line, offer, problem
from tests.sourcing.worlds import random_problem

CHUNK = 25
FEW_PLANS = 2_000


def chunks(count: int) -> list[range]:
    return [range(first, first + CHUNK) for first in range(0, count, CHUNK)]


def named(chunk: range) -> str:
    return f"{chunk.start} to {chunk.stop - 1}"


def proven_optimum(asked: Problem) -> Plan:
    plan = decide(asked, engine=Engine.MIP, time_limit_seconds=60)
    assert violations_of(asked, plan) == []
    assert (plan.stop, plan.bound_minor) == (Stop.OPTIMAL, plan.total_minor)
    assert plan.total_minor == cheapest_minor(asked)
    return plan


def agrees_with_the_oracle(seed: int, *, most_pieces: int) -> None:
    asked = random_problem(seed, most_pieces=most_pieces)
    repeat = f"random_problem({seed}, most_pieces={most_pieces})"
    plan = decide(asked, engine=Engine.MIP, time_limit_seconds=60)
    assert plan.total_minor == cheapest_minor(asked), repeat
    assert plan.bound_minor == plan.total_minor, f"{repeat} is not proven"
    assert violations_of(asked, plan) == [], repeat
    for heuristic in (greedy_plan(asked), nearest_plan(asked)):
        assert violations_of(asked, heuristic) == [], f"{repeat} by {heuristic.engine}"
        assert heuristic.total_minor >= plan.total_minor, f"{repeat} by {heuristic.engine}"


@pytest.mark.parametrize("chunk", chunks(100), ids=named)
def test_the_plan_costs_what_the_cheapest_of_all_plans_costs(seed: int, chunk: range) -> None:
    for offset in chunk:
        agrees_with_the_oracle(seed + offset, most_pieces=5)


@pytest.mark.parametrize("chunk", chunks(25), ids=named)
def test_the_same_holds_for_orders_of_seven_pieces(seed: int, chunk: range) -> None:
    for offset in chunk:
        agrees_with_the_oracle(seed + 2_000_000 + offset, most_pieces=7)


@pytest.mark.parametrize("chunk", chunks(200), ids=named)
def test_under_any_policy_all_engines_find_the_best_of_all_plans_and_no_rule_of_thumb_a_better(
    seed: int, chunk: range
) -> None:
    for drawn in (seed + offset for offset in chunk):
        asked = any_problem(drawn)
        verdict = compared(asked, tries_all=plans_to_try(asked) <= FEW_PLANS)
        assert verdict.wrong == (), f"any_problem({drawn})"


@pytest.mark.parametrize("chunk", chunks(50), ids=named)
def test_the_engines_agree_on_orders_too_large_to_try_every_plan(seed: int, chunk: range) -> None:
    for drawn in (seed + 1_000_000 + offset for offset in chunk):
        asked = any_problem(drawn, most_pieces=8, most_sources=5, most_services=3, most_skus=5)
        assert compared(asked, tries_all=False).wrong == (), f"any_problem({drawn}, ...)"


@pytest.mark.parametrize("chunk", chunks(75), ids=named)
def test_the_best_plan_of_a_case_is_the_best_plan_of_its_problem_by_the_judges_recounts(
    seed: int, chunk: range
) -> None:
    for drawn in (seed + offset for offset in chunk):
        asked = without(any_problem(drawn, most_pieces=3, most_sources=2), stage=0)
        assert best_strictly(asked) == best_of_every_plan(asked), f"any_problem({drawn}, ...)"


def shipped_from(plan: Plan) -> list[tuple[str, dict[str, int]]]:
    return [(package.source_id, {packed.sku: packed.units for packed in package.contents}) for package in plan.packages]


def test_two_units_come_from_two_sources_of_one_unit_each() -> None:
    asked = problem(
        lines=(line("1", 2, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(900))),
    )
    plan = proven_optimum(asked)
    assert shipped_from(plan) == [("S1", {"A": 1}), ("S2", {"A": 1})]
    assert plan.total_minor == 600 + 900 + 200


def test_a_bundle_whose_parts_lie_in_two_sources_ships_in_two_packages() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1, "B": 2}),),
        grams={"A": 500, "B": 100},
        offers=(offer("S1", {"A": 1, "B": 1}), offer("S2", {"B": 5})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(900))),
    )
    plan = proven_optimum(asked)
    assert {source_id for source_id, _ in shipped_from(plan)} == {"S1", "S2"}
    assert plan.total_minor == 600 + 900 + 200
    assert plan.unfilled_units == 0


def test_a_bundle_of_which_one_part_is_nowhere_ships_nothing_at_all() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1, "B": 1}),),
        grams={"A": 500, "B": 100},
        offers=(offer("S1", {"A": 1}),),
        lanes=(lane("S1", flat(600)),),
    )
    plan = proven_optimum(asked)
    assert plan.packages == ()
    assert plan.total_minor == 100_000


WHOLE_WEIGHT_ABOVE_3_KG = RateCard(
    bands=(Band(up_to_grams=3000, base_minor=1_000), Band(up_to_grams=None, base_minor=0, step_minor=600))
)


def two_of_three_kilograms(split_minor: int) -> Problem:
    return problem(
        lines=(line("1", 2, {"A": 1}),),
        grams={"A": 3000},
        offers=(offer("S1", {"A": 2}),),
        lanes=(lane("S1", WHOLE_WEIGHT_ABOVE_3_KG),),
        policy=replace(PATIENT, split_minor=split_minor),
    )


def test_two_parcels_of_3_kg_beat_one_of_6_kg_where_the_whole_weight_is_charged() -> None:
    plan = proven_optimum(two_of_three_kilograms(split_minor=200))
    assert shipped_from(plan) == [("S1", {"A": 1}), ("S1", {"A": 1})]
    assert plan.total_minor == 1_000 + 1_000 + 200


def test_one_parcel_of_6_kg_wins_where_the_split_costs_more_than_it_saves() -> None:
    plan = proven_optimum(two_of_three_kilograms(split_minor=1_601))
    assert shipped_from(plan) == [("S1", {"A": 2})]
    assert plan.total_minor == 6 * 600


def test_a_package_is_never_billed_by_a_heavier_and_cheaper_bracket() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 900},
        offers=(offer("S1", {"A": 1}),),
        lanes=(lane("S1", FALLING_BRACKETS),),
    )
    plan = proven_optimum(asked)
    assert plan.packages[0].billable_grams == 900
    assert plan.total_minor == 9 * 200  # billed as 1,100 g it would be 660


def test_two_items_share_the_package_whose_heavier_bracket_is_cheaper() -> None:
    asked = problem(
        lines=(line("1", 2, {"A": 1}),),
        grams={"A": 900},
        offers=(offer("S1", {"A": 2}),),
        lanes=(lane("S1", FALLING_BRACKETS),),
        policy=replace(PATIENT, split_minor=0),
    )
    assert proven_optimum(asked).total_minor == 18 * 60


@pytest.mark.parametrize(
    ("mm3", "billable_grams", "total_minor"),
    [
        (5_000_000, 1_000, 700),  # exactly the first kilogram
        (5_000_001, 1_001, 900),  # one cubic millimetre more begins the next gram, and with it the next kilogram
        (4_000_000, 900, 700),  # the actual weight is more
        (15_000_000, 3_000, 1_100),
    ],
)
def test_the_greater_of_volumetric_and_actual_weight_is_billed(mm3: int, billable_grams: int, total_minor: int) -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 900},
        mm3={"A": mm3},
        offers=(offer("S1", {"A": 1}),),
        lanes=(lane("S1", first_and_more(700, 200), volumetric_divisor_cm3_per_kg=5000),),
    )
    plan = proven_optimum(asked)
    assert plan.packages[0].billable_grams == billable_grams
    assert plan.total_minor == total_minor


def test_an_order_of_25_kg_leaves_one_source_in_two_packages_of_at_most_20_kg() -> None:
    asked = problem(
        lines=(line("1", 5, {"A": 1}),),
        grams={"A": 5_000},
        offers=(offer("S1", {"A": 9}),),
        lanes=(lane("S1", first_and_more(1_000, 100), max_weight_grams=20_000),),
    )
    plan = proven_optimum(asked)
    assert len(plan.packages) == 2
    assert all(package.weight_grams <= 20_000 for package in plan.packages)
    assert plan.total_minor == 2 * 1_000 + 23 * 100 + 200


def test_a_light_package_is_billed_at_the_least_billable_weight() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 80},
        offers=(offer("S1", {"A": 1}),),
        lanes=(lane("S1", first_and_more(700, 200), min_billable_grams=1_500),),
    )
    plan = proven_optimum(asked)
    assert plan.packages[0].billable_grams == 1_500
    assert plan.total_minor == 900


def test_a_unit_dearer_to_ship_than_to_leave_stays_unfilled() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}),),
        lanes=(lane("S1", flat(501)),),
        policy=replace(PATIENT, unfilled_minor_per_unit=500),
    )
    plan = proven_optimum(asked)
    assert plan.packages == ()
    assert plan.total_minor == 500
