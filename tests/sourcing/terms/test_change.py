from solver.sourcing.solve import solve
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, in_two_packages, measured, numbers, package_costs, priced, recounted

SETTINGS = {"change_minor_per_package": 250}
FROM_S2 = (("S2", "V"),)


def test_packages_on_other_lanes_than_the_standing_ones_count_and_pay() -> None:
    problem = asked(standing=FROM_S2, settings=SETTINGS)
    charge = priced("change", problem)
    assert charge is not None
    assert numbers(measured("change", problem).package) == [1, 0]
    assert numbers(charge.package) == [250, 0]


def test_an_order_without_a_standing_plan_pays_nothing() -> None:
    problem = asked(settings=SETTINGS)
    assert priced("change", problem) is None
    assert numbers(measured("change", problem).package) == [0, 0]
    assert recounted("change", problem, in_two_packages(problem))[0].total == 0


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("change", asked(standing=FROM_S2)) is None


def test_the_plan_says_what_the_judge_recounts() -> None:
    problem = asked(standing=FROM_S2, settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("change", plan) == [250, 0]
    assert recounted("change", problem, plan) == (Recount(packages=(1, 0)), Recount(packages=(250, 0)))


def test_a_plan_stays_where_another_saves_less_than_the_change_costs() -> None:
    only_a = asked(standing=FROM_S2, settings=SETTINGS, lines=asked().lines[:1])
    assert solve(only_a).source_ids == ("S2",)  # S1 would be 100 cheaper
    cheap = asked(standing=FROM_S2, settings={"change_minor_per_package": 50}, lines=asked().lines[:1])
    assert solve(cheap).source_ids == ("S1",)
