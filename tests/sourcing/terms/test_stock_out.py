from typing import Any

from solver.sourcing.charge import Stair
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

SAFE: dict[str, Any] = {"safety": {"A": 2}}
NOT_KEPT = ("safety_stock_is_kept",)


def test_units_beyond_what_is_free_are_taken_out_of_the_safety_stock() -> None:
    problem = asked(s1=SAFE, settings={"stock_out_minor_per_unit": 250})
    charge = priced("stock_out", problem)
    assert charge is not None
    assert numbers(charge.unit) == [[0, 0], [0, 0]]
    assert charge.stairs == (Stair(offer=0, part=0, after_units=1, amount=250),)
    assert measured("stock_out", problem).stairs == (Stair(offer=0, part=0, after_units=1, amount=1),)


def test_what_an_offer_states_goes_before_what_the_policy_says() -> None:
    problem = asked(
        s1={**SAFE, "stock_out_minor": {"A": 700}},
        s2={"safety": {"A": 1}},
        settings={"stock_out_minor_per_unit": 250},
    )
    charge = priced("stock_out", problem)
    assert charge is not None
    assert charge.stairs == (
        Stair(offer=0, part=0, after_units=1, amount=700),
        Stair(offer=1, part=0, after_units=2, amount=250),
    )


def test_what_an_offer_states_needs_no_price_of_the_policy() -> None:
    charge = priced("stock_out", asked(s1={**SAFE, "stock_out_minor": {"A": 700}}))
    assert charge is not None
    assert charge.stairs == (Stair(offer=0, part=0, after_units=1, amount=700),)


def test_where_the_safety_stock_is_more_than_there_is_every_unit_is_one_of_it() -> None:
    charge = measured("stock_out", asked(s1={"safety": {"A": 9}}))
    assert (numbers(charge.unit), charge.stairs) == ([[1, 0], [0, 0]], ())


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("stock_out", asked(s1=SAFE)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(s1=SAFE, s2={"safety": {"A": 3}}, settings={"stock_out_minor_per_unit": 250}, off=NOT_KEPT)
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (0, {"A": 1}), (1, {"A": 1}))
    assert package_costs("stock_out", plan) == [0, 0, 250]
    assert plan.cost_minor["stock_out"] == 500
    assert recounted("stock_out", problem, plan) == (
        Recount(packages=(0, 0, 1), order=1),
        Recount(packages=(0, 0, 250), order=250),
    )
