from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

SETTINGS = {"priority_minor_per_rank": 50}


def test_the_first_rank_is_free_and_the_others_pay_for_each_below_it() -> None:
    problem = asked(s1={"priority": 1}, s2={"priority": 4}, settings=SETTINGS)
    charge = priced("source_priority", problem)
    assert charge is not None
    assert numbers(measured("source_priority", problem).package) == [0, 3]
    assert numbers(charge.package) == [0, 150]


def test_a_source_without_a_priority_comes_after_the_last_that_has_one() -> None:
    problem = asked(s1={"priority": 2}, settings=SETTINGS)
    assert numbers(measured("source_priority", problem).package) == [1, 2]


def test_where_no_source_has_a_priority_all_are_alike() -> None:
    assert numbers(measured("source_priority", asked()).package) == [0, 0]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("source_priority", asked(s2={"priority": 4})) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1={"priority": 2}, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("source_priority", plan) == [50, 100]
    assert recounted("source_priority", problem, plan) == (Recount(packages=(1, 2)), Recount(packages=(50, 100)))
