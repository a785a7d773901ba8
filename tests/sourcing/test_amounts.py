"""Amounts at a price, and amounts that rise as units are taken from an offer in turn."""

import numpy as np
import pytest

from solver.sourcing.amounts import Portions, at_price, rising
from solver.sourcing.charge import Charge, Stair
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Offer
from solver.sourcing.recounting import in_turn
from solver.sourcing.term import Recount
from tests.sourcing.terms.shipping import asked, numbers, shipped


def of_s1(*portions: tuple[int, int]) -> Charge:
    """A charge on A at S1, which has and is asked for 3 of it."""

    def portions_of(offer: Offer, sku: str) -> Portions:
        return portions if (offer.source_id, sku) == ("S1", "A") else ()

    return rising(Facts(asked()), portions_of)


def test_a_price_rounds_half_up() -> None:
    assert numbers(at_price(np.array([0, 4, 5, 14, 15, 16]), 1, per=10)) == [0, 0, 1, 1, 2, 2]
    assert numbers(at_price(np.array([1, 2]), 5, per=3)) == [2, 3]


def test_the_first_portion_falls_on_units_and_later_ones_on_stairs() -> None:
    charge = of_s1((1, 10), (1, 25), (1, 30))
    assert numbers(charge.unit) == [[10, 0], [0, 0]]
    assert charge.stairs == (
        Stair(offer=0, part=0, after_units=1, amount=15),
        Stair(offer=0, part=0, after_units=2, amount=5),
    )


@pytest.mark.parametrize("portions", [((3, 10), (5, 25)), ((4, 10), (5, 25)), ((1, 10),), ((1, 10), (2, 10))])
def test_what_the_order_cannot_reach_and_what_is_not_dearer_makes_no_stairs(
    portions: tuple[tuple[int, int], ...],
) -> None:
    charge = of_s1(*portions)
    assert (numbers(charge.unit), charge.stairs) == ([[10, 0], [0, 0]], ())


def test_empty_portions_are_passed_over() -> None:
    charge = of_s1((0, 99), (-2, 99), (1, 10), (0, 11), (1, 25))
    assert numbers(charge.unit) == [[10, 0], [0, 0]]
    assert charge.stairs == (Stair(offer=0, part=0, after_units=1, amount=15),)


def test_no_portions_cost_nothing() -> None:
    charge = of_s1()
    assert (numbers(charge.unit), charge.stairs) == ([[0, 0], [0, 0]], ())


def test_portions_that_get_cheaper_are_our_mistake() -> None:
    with pytest.raises(AssertionError, match="in the sequence of their amounts"):
        of_s1((1, 10), (1, 9))


def test_the_recount_counts_first_units_by_package_and_the_rest_by_order() -> None:
    problem = asked()
    plan: Plan = shipped(problem, (0, {"A": 2, "B": 1}), (1, {"A": 1}))
    prices = {("S1", "A"): [10, 25], ("S1", "B"): [7], ("S2", "A"): [40]}
    recount = in_turn(Finished.of(problem, plan), lambda offer, sku, units: prices[offer.source_id, sku][:units])
    assert recount == Recount(packages=(2 * 10 + 7, 40), order=15)
