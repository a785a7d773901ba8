from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted


def test_every_refused_order_is_priced() -> None:
    problem = asked(s2={"rejects": 3}, settings={"rejection_minor": 70})
    charge = priced("rejections", problem)
    assert charge is not None
    assert numbers(measured("rejections", problem).package) == [0, 3]
    assert numbers(charge.package) == [0, 210]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("rejections", asked(s2={"rejects": 3})) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s2={"rejects": 3}, settings={"rejection_minor": 70})
    plan = in_two_packages(problem)
    assert package_costs("rejections", plan) == [0, 210]
    assert recounted("rejections", problem, plan) == (Recount(packages=(0, 3)), Recount(packages=(0, 210)))
