from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

AT_WORK: dict[str, Any] = {"s1": {"load_basis_points": 4_775}, "s2": {"load_basis_points": 12_050}}
SETTINGS = {"load_minor_per_percent": 10}


def test_a_busy_source_costs_more_by_the_percent_of_its_days_work() -> None:
    problem = asked(**AT_WORK, settings=SETTINGS)
    charge = priced("source_load", problem)
    assert charge is not None
    assert numbers(measured("source_load", problem).package) == [4_775, 12_050]
    assert numbers(charge.package) == [478, 1_205]  # 47.75 % at 10 are 477.5


def test_an_idle_source_costs_nothing() -> None:
    charge = priced("source_load", asked(settings=SETTINGS))
    assert charge is not None
    assert numbers(charge.package) == [0, 0]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("source_load", asked(**AT_WORK)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**AT_WORK, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("source_load", plan) == [478, 1_205]
    assert recounted("source_load", problem, plan) == (
        Recount(packages=(4_775, 12_050)),
        Recount(packages=(478, 1_205)),
    )
