from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

WAYS: dict[str, Any] = {"lane1": {"transit_minutes": 1_440}, "lane2": {"transit_minutes": 2_165}}


def test_days_on_the_way_are_priced_by_the_minute() -> None:
    problem = asked(**WAYS, settings={"transit_minor_per_day": 100})
    charge = priced("transit", problem)
    assert charge is not None
    assert numbers(measured("transit", problem).package) == [1_440, 2_165]
    assert numbers(charge.package) == [100, 150]  # 2,165 minutes are 150.35


def test_half_a_minor_unit_rounds_up() -> None:
    charge = priced("transit", asked(lane1={"transit_minutes": 72}, settings={"transit_minor_per_day": 10}))
    assert charge is not None
    assert numbers(charge.package) == [1, 0]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("transit", asked(**WAYS)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**WAYS, settings={"transit_minor_per_day": 100})
    plan = in_two_packages(problem)
    assert package_costs("transit", plan) == [100, 150]
    assert recounted("transit", problem, plan) == (Recount(packages=(1_440, 2_165)), Recount(packages=(100, 150)))
