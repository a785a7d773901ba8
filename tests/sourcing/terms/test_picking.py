from solver.sourcing.term import Recount
from tests.sourcing.made import line
from tests.sourcing.terms.shipping import (
    asked,
    in_two_packages,
    measured,
    numbers,
    package_costs,
    priced,
    recounted,
    shipped,
)

SETTINGS = {"pick_minor": 30}


def test_every_distinct_sku_of_a_package_is_a_pick() -> None:
    problem = asked(settings=SETTINGS)
    charge = priced("picking", problem)
    assert charge is not None
    assert numbers(measured("picking", problem).kind) == [1, 1]
    assert numbers(charge.kind) == [30, 30]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("picking", asked()) is None


def test_a_sku_in_two_packages_is_picked_twice() -> None:
    problem = asked(settings=SETTINGS)
    plan = in_two_packages(problem)
    assert package_costs("picking", plan) == [60, 30]
    assert recounted("picking", problem, plan) == (Recount(packages=(2, 1)), Recount(packages=(60, 30)))


def test_two_lines_of_one_sku_are_picked_together() -> None:
    problem = asked(settings=SETTINGS, lines=(line("1", 2, {"A": 1}), line("2", 1, {"A": 1})))
    assert package_costs("picking", shipped(problem, (0, {"A": 3}))) == [30]
