from solver.sourcing.term import Recount
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

PRICES = {"split_minor_per_source": 350}


def test_packages_and_sources_after_the_first_pay() -> None:
    charge = priced("split", asked(settings=PRICES))
    assert charge is not None
    assert (charge.further_package, charge.further_source) == (200, 350)
    assert numbers(measured("split", asked()).package) == [1, 1]


def test_two_packages_of_one_source_are_one_further_package() -> None:
    problem = asked(settings=PRICES)
    assert shipped(problem, (0, {"A": 2}), (0, {"A": 1, "B": 1})).cost_minor["split"] == 200


def test_two_sources_are_a_further_package_and_a_further_source() -> None:
    problem = asked(settings=PRICES)
    plan = in_two_packages(problem)
    assert plan.cost_minor["split"] == 550
    assert package_costs("split", plan) == [0, 0]
    assert recounted("split", problem, plan) == (Recount(packages=(1, 1)), Recount(packages=(0, 0), order=550))


def test_one_package_and_none_at_all_pay_nothing() -> None:
    problem = asked(settings=PRICES)
    assert shipped(problem, (0, {"A": 3, "B": 1})).cost_minor["split"] == 0
    assert shipped(problem, unfilled={"1": 3, "2": 1}).cost_minor["split"] == 0
