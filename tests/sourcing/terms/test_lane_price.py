from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

PRICES = {"package_minor": 70, "unit_minor": {"A": 5, "C": 1_000}}


def test_a_lane_is_charged_per_package_and_per_unit_of_each_sku() -> None:
    """A package on the second lane costs 70, a unit of A in it 5; C is not ordered, B has no price."""
    problem = asked(lane2=PRICES)
    charge = priced("lane_price", problem)
    assert charge is not None
    assert numbers(charge.package) == [0, 70]
    assert numbers(charge.unit) == [[0, 0], [5, 0]]
    assert numbers(measured("lane_price", problem).unit) == [[0, 0], [5, 0]]


def test_lanes_without_a_price_of_their_own_cost_nothing() -> None:
    assert priced("lane_price", asked()) is None


def test_a_price_per_unit_alone_is_a_price() -> None:
    assert priced("lane_price", asked(lane1={"unit_minor": {"B": 1}})) is not None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(lane1={"unit_minor": {"A": 3, "B": 11}}, lane2=PRICES)
    plan = in_two_packages(problem)
    assert package_costs("lane_price", plan) == [2 * 3 + 11, 70 + 5]
    assert recounted("lane_price", problem, plan) == (Recount(packages=(17, 75)), Recount(packages=(17, 75)))
