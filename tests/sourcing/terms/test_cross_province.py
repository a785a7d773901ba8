from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted


def test_a_package_to_another_province_counts_and_pays() -> None:
    problem = asked(lane2={"crosses_province": True}, settings={"cross_province_minor": 300})
    charge = priced("cross_province", problem)
    assert charge is not None
    assert numbers(measured("cross_province", problem).package) == [0, 1]
    assert numbers(charge.package) == [0, 300]


def test_without_a_price_it_costs_nothing() -> None:
    problem = asked(lane2={"crosses_province": True})
    assert priced("cross_province", problem) is None
    assert "cross_province" not in in_two_packages(problem).cost_minor


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lane2={"crosses_province": True}, settings={"cross_province_minor": 300})
    plan = in_two_packages(problem)
    assert package_costs("cross_province", plan) == [0, 300]
    assert recounted("cross_province", problem, plan) == (Recount(packages=(0, 1)), Recount(packages=(0, 300)))
