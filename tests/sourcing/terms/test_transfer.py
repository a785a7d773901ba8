from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, measured, numbers, package_costs, priced, recounted, shipped

BY_WAY_OF_S1 = {"transfer_per_package_minor": 250, "transfer_per_unit_minor": 40}


def test_a_way_over_another_source_pays_per_package_and_per_unit() -> None:
    problem = asked(lane2=BY_WAY_OF_S1)
    charge = priced("transfer", problem)
    assert charge is not None
    assert numbers(charge.package) == [0, 250]
    assert numbers(charge.unit) == [[0, 0], [40, 40]]
    assert numbers(measured("transfer", problem).unit) == [[0, 0], [40, 40]]


def test_a_straight_way_costs_nothing() -> None:
    assert priced("transfer", asked()) is None


def test_a_price_per_unit_alone_is_a_price() -> None:
    assert priced("transfer", asked(lane2={"transfer_per_unit_minor": 40})) is not None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lane2=BY_WAY_OF_S1)
    plan = shipped(problem, (0, {"A": 1, "B": 1}), (1, {"A": 2}))
    assert package_costs("transfer", plan) == [0, 330]
    assert recounted("transfer", problem, plan) == (Recount(packages=(0, 330)), Recount(packages=(0, 330)))
