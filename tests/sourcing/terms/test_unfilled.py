from dataclasses import replace

from solver.sourcing.term import Recount
from tests.sourcing.made import PATIENT
from tests.sourcing.terms.shipping import asked, measured, numbers, priced, recounted, shipped


def test_every_unit_that_is_not_shipped_pays() -> None:
    problem = asked(policy=replace(PATIENT, unfilled_minor_per_unit=700))
    charge = priced("unfilled", problem)
    assert charge is not None
    assert numbers(measured("unfilled", problem).unfilled) == [1, 1]
    assert numbers(charge.unfilled) == [700, 700]


def test_it_may_cost_nothing() -> None:
    assert priced("unfilled", asked(policy=replace(PATIENT, unfilled_minor_per_unit=0))) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(policy=replace(PATIENT, unfilled_minor_per_unit=700))
    plan = shipped(problem, (0, {"A": 1}), unfilled={"1": 2, "2": 1})
    assert plan.cost_minor["unfilled"] == 2_100
    assert recounted("unfilled", problem, plan) == (
        Recount(packages=(0,), order=3),
        Recount(packages=(0,), order=2_100),
    )
