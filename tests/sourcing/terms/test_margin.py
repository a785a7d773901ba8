from solver.sourcing.problem import Item
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

# The company's own warehouse has A at what it is worth, the dealer S2 settles it for 47.50.
WORTH = {"A": Item(sku="A", weight_grams=900, value_minor=4_000), "B": Item(sku="B", weight_grams=500)}
SETTLED = {"unit_cost_minor": {"A": 4_751}}


def test_only_what_a_unit_costs_more_than_at_the_cheapest_offer_counts() -> None:
    problem = asked(s2=SETTLED, items=WORTH, settings={"lost_margin_permille": 500})
    charge = priced("margin", problem)
    assert charge is not None
    assert numbers(measured("margin", problem).unit) == [[0, 0], [751, 0]]
    assert numbers(charge.unit) == [[0, 0], [376, 0]]  # 375.5


def test_an_offer_without_the_goods_is_not_the_cheapest_one() -> None:
    problem = asked(
        s1={"available": {"A": 0, "B": 1}}, s2=SETTLED, items=WORTH, settings={"lost_margin_permille": 1000}
    )
    assert numbers(measured("margin", problem).unit) == [[0, 0], [0, 0]]


def test_a_stated_cost_of_nothing_is_a_cost() -> None:
    charge = measured("margin", asked(s2={"unit_cost_minor": {"A": 0}}, items=WORTH))
    assert numbers(charge.unit) == [[4_000, 0], [0, 0]]


def test_without_a_share_it_costs_nothing() -> None:
    assert priced("margin", asked(s2=SETTLED, items=WORTH)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s2=SETTLED, items=WORTH, settings={"lost_margin_permille": 500})
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert package_costs("margin", plan) == [0, 752]
    assert recounted("margin", problem, plan) == (Recount(packages=(0, 1_502)), Recount(packages=(0, 752)))
