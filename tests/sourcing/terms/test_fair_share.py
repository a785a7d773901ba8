from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

AT_WORK: dict[str, Any] = {"s1": {"share_excess_basis_points": 4_775}, "s2": {"share_excess_basis_points": 12_050}}
SETTINGS = {"share_excess_minor_per_percent": 10}


def test_a_source_above_its_share_costs_more_by_the_percentage_point() -> None:
    problem = asked(**AT_WORK, settings=SETTINGS)
    charge = priced("fair_share", problem)
    assert charge is not None
    assert numbers(measured("fair_share", problem).package) == [4_775, 12_050]
    assert numbers(charge.package) == [478, 1_205]  # 47.75 % at 10 are 477.5


def test_a_source_within_its_share_costs_nothing() -> None:
    charge = priced("fair_share", asked(settings=SETTINGS))
    assert charge is not None
    assert numbers(charge.package) == [0, 0]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("fair_share", asked(**AT_WORK)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**AT_WORK, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("fair_share", plan) == [478, 1_205]
    assert recounted("fair_share", problem, plan) == (Recount(packages=(4_775, 12_050)), Recount(packages=(478, 1_205)))
