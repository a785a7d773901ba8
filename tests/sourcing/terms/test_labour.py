from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

WORK: dict[str, Any] = {"s1": {"minutes_per_package": 5, "minutes_per_unit": 2}, "s2": {"minutes_per_package": 12}}
SETTINGS = {"labour_minor_per_hour": 3_015}


def test_packages_and_units_take_their_time() -> None:
    charge = measured("labour", asked(**WORK))
    assert numbers(charge.package) == [5, 12]
    assert numbers(charge.unit) == [[2, 2], [0, 0]]


def test_what_a_package_and_what_a_unit_takes_round_each_by_itself() -> None:
    charge = priced("labour", asked(**WORK, settings=SETTINGS))
    assert charge is not None
    assert numbers(charge.package) == [251, 603]  # 251.25 and 603
    assert numbers(charge.unit) == [[101, 101], [0, 0]]  # 100.5


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("labour", asked(**WORK)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**WORK, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("labour", plan) == [251 + 3 * 101, 603]
    assert recounted("labour", problem, plan) == (Recount(packages=(11, 12)), Recount(packages=(554, 603)))
