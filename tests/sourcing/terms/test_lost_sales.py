from dataclasses import replace

from solver.sourcing.term import Recount
from tests.sourcing.made import line
from tests.sourcing.terms.shipping import asked, measured, numbers, priced, recounted, shipped

PRICED_LINES = (
    replace(line("1", 3, {"A": 1}), unit_price_minor=9_999),
    replace(line("2", 1, {"B": 1}), unit_price_minor=501),
)
SETTINGS = {"lost_sales_permille": 300}


def test_an_unfilled_unit_costs_its_share_of_what_the_customer_would_have_paid() -> None:
    problem = asked(lines=PRICED_LINES, settings=SETTINGS)
    charge = priced("lost_sales", problem)
    assert charge is not None
    assert numbers(measured("lost_sales", problem).unfilled) == [9_999, 501]
    assert numbers(charge.unfilled) == [3_000, 150]  # 2999.7 and 150.3


def test_half_a_minor_unit_rounds_up() -> None:
    charge = priced("lost_sales", asked(lines=PRICED_LINES, settings={"lost_sales_permille": 500}))
    assert charge is not None
    assert numbers(charge.unfilled) == [5_000, 251]


def test_without_a_share_it_costs_nothing() -> None:
    assert priced("lost_sales", asked(lines=PRICED_LINES)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lines=PRICED_LINES, settings=SETTINGS)
    plan = shipped(problem, (0, {"A": 1}), unfilled={"1": 2, "2": 1})
    assert plan.cost_minor["lost_sales"] == 6_150
    assert recounted("lost_sales", problem, plan) == (
        Recount(packages=(0,), order=20_499),
        Recount(packages=(0,), order=6_150),
    )
