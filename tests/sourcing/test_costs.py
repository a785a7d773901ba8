"""What a package costs before and with its contents, to the minor unit."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest

from solver.sourcing.assemble import ChosenPackage, assemble
from solver.sourcing.costs import distance_minor, late_minutes, lateness_minor, opening_minor, package_terms
from solver.sourcing.plan import Engine, Stop, Term
from tests.sourcing.made import PATIENT, PROMISED_AT, flat, lane, line, offer, problem

WAY = lane("S1", flat(600))


@pytest.mark.parametrize(
    ("after_promise", "minutes"),
    [
        (timedelta(days=-1), 0),
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(minutes=1), 1),
        (timedelta(minutes=1, microseconds=1), 2),
        (timedelta(hours=25), 1_500),
    ],
)
def test_begun_minutes_after_the_promise_count_whole(after_promise: timedelta, minutes: int) -> None:
    assert late_minutes(PROMISED_AT + after_promise, PROMISED_AT) == minutes


def test_without_a_promise_nothing_is_late() -> None:
    assert late_minutes(PROMISED_AT + timedelta(days=9), None) == 0


def test_lateness_is_counted_across_time_zones() -> None:
    in_shanghai = (PROMISED_AT + timedelta(minutes=5)).astimezone(timezone(timedelta(hours=8)))
    assert late_minutes(in_shanghai, PROMISED_AT.astimezone(UTC)) == 5


@pytest.mark.parametrize(("minutes", "minor"), [(0, 0), (1, 50), (60, 50), (61, 100), (1_500, 1_250)])
def test_begun_hours_are_paid_whole(minutes: int, minor: int) -> None:
    late = replace(WAY, arrives_at=PROMISED_AT + timedelta(minutes=minutes))
    assert lateness_minor(late, PROMISED_AT, replace(PATIENT, lateness_minor_per_hour=50)) == minor


@pytest.mark.parametrize(
    ("meters", "minor"), [(0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2), (2_500, 3), (120_499, 120)]
)
def test_the_way_is_paid_by_the_kilometer_and_halves_are_rounded_up(meters: int, minor: int) -> None:
    assert distance_minor(replace(WAY, distance_meters=meters), replace(PATIENT, distance_minor_per_km=1)) == minor


def test_a_package_costs_its_opening_and_its_contents() -> None:
    way = replace(WAY, distance_meters=2_000, arrives_at=PROMISED_AT + timedelta(minutes=61))
    policy = replace(PATIENT, distance_minor_per_km=7, lateness_minor_per_hour=50)
    there = offer("S1", {"A": 3}, handling_per_package_minor=150, handling_per_unit_minor=30)
    assert opening_minor(way, there, PROMISED_AT, policy) == 150 + 14 + 100
    assert package_terms(way, there, 600, 3, PROMISED_AT, policy) == {
        Term.FREIGHT: 600,
        Term.HANDLING: 150 + 3 * 30,
        Term.DISTANCE: 14,
        Term.LATENESS: 100,
    }


ASKED = problem(
    lines=(line("1", 2, {"A": 1, "B": 2}),),
    grams={"A": 500, "B": 100},
    offers=(offer("S1", {"A": 2, "B": 4}),),
    lanes=(lane("S1", flat(600, up_to_grams=1_000)),),
)


def chosen(**units: int) -> ChosenPackage:
    return ChosenPackage(lane=ASKED.lanes[0], contents={("1", sku): count for sku, count in units.items()})


def test_a_plan_adds_up_its_packages_its_splits_and_what_is_left() -> None:
    plan = assemble(ASKED, [chosen(A=1), chosen(B=2), chosen(A=0)], engine=Engine.MIP, stop=Stop.OPTIMAL)
    assert len(plan.packages) == 2  # the empty one is no package
    assert plan.cost_minor == {
        Term.FREIGHT: 1_200,
        Term.HANDLING: 0,
        Term.DISTANCE: 0,
        Term.LATENESS: 0,
        Term.SPLIT: 200,
        Term.UNFILLED: 100_000,
    }
    assert plan.total_minor == 101_400
    assert (plan.lines[0].planned_units, plan.lines[0].unfilled_units) == (1, 1)


@pytest.mark.parametrize(("bound_minor", "stated"), [(None, 0), (101_000, 101_000), (101_401, 101_400)])
def test_a_bound_is_never_above_the_total(bound_minor: int | None, stated: int) -> None:
    plan = assemble(ASKED, [chosen(A=1), chosen(B=2)], engine=Engine.MIP, stop=Stop.OPTIMAL, bound_minor=bound_minor)
    assert plan.bound_minor == stated


def test_a_package_that_its_lane_does_not_carry_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lane \('S1', 'V'\) does not carry 1100 g, 0 mm3"):
        assemble(ASKED, [chosen(A=2, B=1)], engine=Engine.MIP, stop=Stop.OPTIMAL)
