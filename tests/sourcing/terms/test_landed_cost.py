from typing import Any

from solver.sourcing.problem import Item
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

WORTH = {"A": Item(sku="A", weight_grams=900, value_minor=4_000), "B": Item(sku="B", weight_grams=500)}
BY_CONTRACT: dict[str, Any] = {
    "s1": {"landed_cost_minor": {"A": 4_500, "B": 0}},
    "s2": {"landed_cost_minor": {"A": 5_251}, "unit_cost_minor": {"A": 1}},
}


def test_only_what_a_unit_costs_above_the_cheapest_offer_counts() -> None:
    problem = asked(**BY_CONTRACT, items=WORTH, settings={"landed_cost_permille": 500})
    charge = priced("landed_cost", problem)
    assert charge is not None
    assert numbers(measured("landed_cost", problem).unit) == [[0, 0], [751, 0]]
    assert numbers(charge.unit) == [[0, 0], [376, 0]]  # 375.5


def test_what_is_not_stated_costs_what_margin_takes_it_to_cost() -> None:
    stated: dict[str, Any] = {"s1": {"landed_cost_minor": {"A": 4_500}}}
    assert numbers(measured("landed_cost", asked(**stated, items=WORTH)).unit) == [[500, 0], [0, 0]]
    agreed: dict[str, Any] = {**stated, "s2": {"unit_cost_minor": {"A": 4_900}}}
    assert numbers(measured("landed_cost", asked(**agreed, items=WORTH)).unit) == [[0, 0], [400, 0]]


def test_an_offer_without_the_goods_is_not_the_cheapest_one() -> None:
    s1 = {"available": {"A": 0, "B": 1}, "landed_cost_minor": {"A": 1}}
    assert numbers(measured("landed_cost", asked(s1=s1, items=WORTH)).unit) == [[0, 0], [0, 0]]


def test_without_a_share_or_where_nothing_is_stated_it_costs_nothing() -> None:
    assert priced("landed_cost", asked(**BY_CONTRACT, items=WORTH)) is None
    unstated = asked(s2={"unit_cost_minor": {"A": 9_000}}, items=WORTH, settings={"landed_cost_permille": 1_000})
    assert priced("landed_cost", unstated) is None
    plan = shipped(unstated, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert recounted("landed_cost", unstated, plan) == (Recount(packages=(0, 0)), Recount(packages=(0, 0)))


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(**BY_CONTRACT, items=WORTH, settings={"landed_cost_permille": 500})
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert package_costs("landed_cost", plan) == [0, 752]
    assert recounted("landed_cost", problem, plan) == (Recount(packages=(0, 1_502)), Recount(packages=(0, 752)))
