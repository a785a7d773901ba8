from typing import Any

from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

FULLER: dict[str, Any] = {"s2": {"available": {"A": 9}, "on_hand": {"A": 9}}}
SETTINGS = {"stock_minor_per_rank": 50}


def test_units_pay_for_each_rank_below_the_offer_with_most_of_their_sku() -> None:
    problem = asked(**FULLER, settings=SETTINGS)
    charge = priced("best_stocked", problem)
    assert charge is not None
    assert numbers(measured("best_stocked", problem).unit) == [[1, 0], [0, 1]]
    assert numbers(charge.unit) == [[50, 0], [0, 50]]


def test_offers_with_equally_many_share_a_rank() -> None:
    assert numbers(measured("best_stocked", asked()).unit) == [[0, 0], [0, 1]]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("best_stocked", asked(**FULLER)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**FULLER, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("best_stocked", plan) == [100, 0]
    assert recounted("best_stocked", problem, plan) == (Recount(packages=(2, 0)), Recount(packages=(100, 0)))
