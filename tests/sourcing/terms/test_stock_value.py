from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

# A unit of A left at the first source is worth 1.01 to orders to come, at the second 3.52; B only at the second, 0.40.
VALUES: dict[str, Any] = {
    "s1": {"stock_value_minor": {"A": 101}},
    "s2": {"stock_value_minor": {"A": 352, "B": 40}},
}


def test_only_what_a_unit_is_worth_above_the_offer_of_least_worth_counts() -> None:
    problem = asked(**VALUES, settings={"stock_value_permille": 500})
    charge = priced("stock_value", problem)
    assert charge is not None
    assert numbers(measured("stock_value", problem).unit) == [[0, 0], [251, 0]]  # the second has no B
    assert numbers(charge.unit) == [[0, 0], [126, 0]]  # 125.5


def test_an_offer_without_the_goods_does_not_say_what_they_are_worth() -> None:
    values = {**VALUES, "s1": {"available": {"A": 0, "B": 1}, "stock_value_minor": {"A": 101}}}
    assert numbers(measured("stock_value", asked(**values)).unit) == [[0, 0], [0, 0]]


def test_without_a_share_it_costs_nothing() -> None:
    assert priced("stock_value", asked(**VALUES)) is None


def test_where_no_value_is_stated_it_costs_nothing() -> None:
    assert priced("stock_value", asked(settings={"stock_value_permille": 1000})) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**VALUES, settings={"stock_value_permille": 500})
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert package_costs("stock_value", plan) == [0, 252]
    assert recounted("stock_value", problem, plan) == (Recount(packages=(0, 502)), Recount(packages=(0, 252)))
