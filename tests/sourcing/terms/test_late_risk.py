from datetime import timedelta
from typing import Any

import pytest

from solver.network.transit import TransitTimes
from solver.sourcing.term import Recount
from tests.sourcing.made import PLACED_AT
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

# Half of the parcels took up to 1,000 minutes, the others up to 2,000.
SEEN = TransitTimes(quantiles_minutes=(0, 1_000, 2_000), sample_count=50)
KNOWN = {"hand_over_at": PLACED_AT, "transit_times": SEEN}
SETTINGS = {"late_risk_minor": 999}


def test_a_package_pays_its_chance_of_missing_the_promise() -> None:
    promised_at = PLACED_AT + timedelta(minutes=1_500, seconds=59)
    problem = asked(lane1=KNOWN, settings=SETTINGS, promised_at=promised_at)
    charge = priced("late_risk", problem)
    assert charge is not None
    assert numbers(measured("late_risk", problem).package) == [250, 0]
    assert numbers(charge.package) == [250, 0]  # 249.75


@pytest.mark.parametrize(("allowed", "permille"), [(-1, 1000), (0, 1000), (1, 1000), (2, 999), (1_999, 1), (2_000, 0)])
def test_the_chance_lies_between_never_and_always(allowed: int, permille: int) -> None:
    problem = asked(lane1=KNOWN, promised_at=PLACED_AT + timedelta(minutes=allowed))
    assert numbers(measured("late_risk", problem).package)[0] == permille
    assert recounted("late_risk", problem, in_two_packages(problem))[0].packages[0] == permille


@pytest.mark.parametrize(
    "unknown", [{"transit_times": SEEN}, {"hand_over_at": PLACED_AT}], ids=["no hand-over", "no transit times"]
)
def test_where_nobody_counted_the_planned_arrival_is_certain(unknown: dict[str, Any]) -> None:
    in_time = asked(lane1=unknown, promised_at=PLACED_AT + timedelta(hours=24))
    late = asked(lane1=unknown, promised_at=PLACED_AT + timedelta(hours=23))
    assert numbers(measured("late_risk", in_time).package) == [0, 0]
    assert numbers(measured("late_risk", late).package) == [1000, 1000]


def test_without_a_promise_or_a_price_nothing_is_risked() -> None:
    assert priced("late_risk", asked(lane1=KNOWN, settings=SETTINGS)) is None
    assert priced("late_risk", asked(lane1=KNOWN, promised_at=PLACED_AT)) is None
    assert numbers(measured("late_risk", asked(lane1=KNOWN)).package) == [0, 0]


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lane1=KNOWN, settings=SETTINGS, promised_at=PLACED_AT + timedelta(minutes=1_500))
    plan = in_two_packages(problem)
    assert package_costs("late_risk", plan) == [250, 0]
    assert recounted("late_risk", problem, plan) == (Recount(packages=(250, 0)), Recount(packages=(250, 0)))


def test_times_that_never_varied_are_recounted_as_certain_either_way() -> None:
    always = TransitTimes(quantiles_minutes=(600, 600, 600), sample_count=30)
    for allowed, permille in ((599, 1000), (600, 0)):
        known = {"transit_times": always, "hand_over_at": PLACED_AT}
        problem = asked(lane1=known, promised_at=PLACED_AT + timedelta(minutes=allowed))
        assert numbers(measured("late_risk", problem).package)[0] == permille
        assert recounted("late_risk", problem, in_two_packages(problem))[0].packages[0] == permille
