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


def test_every_source_that_takes_part_counts_once() -> None:
    problem = asked(settings={"source_minor": 900})
    charge = priced("sources", problem)
    assert charge is not None
    assert numbers(measured("sources", problem).source) == [1, 1]
    assert numbers(charge.source) == [900, 900]


def test_without_a_price_it_costs_nothing() -> None:
    assert priced("sources", asked()) is None


def test_two_packages_of_one_source_are_one_source() -> None:
    problem = asked(settings={"source_minor": 900})
    plan = shipped(problem, (0, {"A": 2}), (0, {"A": 1, "B": 1}))
    assert plan.cost_minor["sources"] == 900
    assert package_costs("sources", plan) == [0, 0]
    assert recounted("sources", problem, plan) == (
        Recount(packages=(0, 0), order=1),
        Recount(packages=(0, 0), order=900),
    )


def test_two_sources_are_two() -> None:
    problem = asked(settings={"source_minor": 900})
    assert in_two_packages(problem).cost_minor["sources"] == 1_800


def test_two_offers_of_one_source_are_one_source() -> None:
    problem = asked(
        s2={"source_id": "S1", "offer_id": "later"},
        lane2={"source_id": "S1", "offer_id": "later"},
        settings={"source_minor": 900},
    )
    assert in_two_packages(problem).cost_minor["sources"] == 900
