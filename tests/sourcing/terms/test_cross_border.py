from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

CUSTOMS = {"cross_border_minor": 1_500}


def test_a_package_to_another_country_counts_and_pays() -> None:
    problem = asked(lane1={"crosses_border": True}, settings=CUSTOMS)
    charge = priced("cross_border", problem)
    assert charge is not None
    assert numbers(measured("cross_border", problem).package) == [1, 0]
    assert numbers(charge.package) == [1_500, 0]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("cross_border", asked(lane1={"crosses_border": True})) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lane1={"crosses_border": True}, settings=CUSTOMS)
    plan = in_two_packages(problem)
    assert package_costs("cross_border", plan) == [1_500, 0]
    assert recounted("cross_border", problem, plan) == (Recount(packages=(1, 0)), Recount(packages=(1_500, 0)))
