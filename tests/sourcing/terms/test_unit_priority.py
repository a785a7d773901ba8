from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

SETTINGS = {"unit_priority_minor_per_rank": 50}


def test_units_of_the_first_rank_are_free_and_the_others_pay_for_each_below_it() -> None:
    problem = asked(s1={"priority": 1}, s2={"priority": 4}, settings=SETTINGS)
    charge = priced("unit_priority", problem)
    assert charge is not None
    assert numbers(measured("unit_priority", problem).unit) == [[0, 0], [3, 3]]
    assert numbers(charge.unit) == [[0, 0], [150, 150]]


def test_a_source_without_a_priority_comes_after_the_last_that_has_one() -> None:
    assert numbers(measured("unit_priority", asked(s1={"priority": 2})).unit) == [[1, 1], [2, 2]]


def test_where_no_source_has_a_priority_all_are_alike() -> None:
    assert numbers(measured("unit_priority", asked()).unit) == [[0, 0], [0, 0]]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("unit_priority", asked(s2={"priority": 4})) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1={"priority": 2}, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("unit_priority", plan) == [150, 100]
    assert recounted("unit_priority", problem, plan) == (Recount(packages=(3, 2)), Recount(packages=(150, 100)))
