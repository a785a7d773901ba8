from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

CARRIERS: dict[str, Any] = {"lane1": {"carrier_id": "SF"}, "lane2": {"carrier_id": "STO"}}
SETTINGS = {"unpreferred_carrier_minor": 250}
SF_FIRST = {"preferred_carriers": ("SF", "JD")}


def test_packages_of_other_carriers_count_and_pay() -> None:
    problem = asked(**CARRIERS, settings=SETTINGS, words=SF_FIRST)
    charge = priced("carrier_preference", problem)
    assert charge is not None
    assert numbers(measured("carrier_preference", problem).package) == [0, 1]
    assert numbers(charge.package) == [0, 250]


def test_without_a_preference_all_are_alike() -> None:
    problem = asked(**CARRIERS, settings=SETTINGS)
    assert priced("carrier_preference", problem) is None
    assert numbers(measured("carrier_preference", problem).package) == [0, 0]
    assert recounted("carrier_preference", problem, in_two_packages(problem))[0].total == 0


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("carrier_preference", asked(**CARRIERS, words=SF_FIRST)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**CARRIERS, settings=SETTINGS, words=SF_FIRST)
    plan = in_two_packages(problem)
    assert package_costs("carrier_preference", plan) == [0, 250]
    assert recounted("carrier_preference", problem, plan) == (Recount(packages=(0, 1)), Recount(packages=(0, 250)))
