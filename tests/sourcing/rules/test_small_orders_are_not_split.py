"""An order that is not worth splitting travels in one package, or not at all: no part of it is sent on its own."""

from solver.sourcing.problem import Problem
from solver.sourcing.rules.small_orders_are_not_split import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    decided,
    forbidden,
    forbids_nothing,
    under,
    with_line,
    with_offer,
)

WORTH_4_000 = with_line(with_line(ASKED, "1", unit_price_minor=1_000), "2", unit_price_minor=500)


def under_limit(limit_minor: int) -> Problem:
    return under(WORTH_4_000, settings={"min_value_to_split_minor": limit_minor})


def test_an_order_worth_less_than_the_limit_ships_whole_in_one_package() -> None:
    found = forbidden(RULE, under_limit(4_001))
    assert (found["most_packages"], found["complete"]) == (1, True)


def test_an_order_worth_the_limit_may_be_split() -> None:
    assert forbids_nothing(RULE, under_limit(4_000))
    assert forbids_nothing(RULE, under_limit(0))
    assert broken(RULE, under_limit(4_000), (D_BY_V, {"A": 3}), (W_BY_V, {"B": 1})) == []


def test_an_order_of_unknown_value_may_be_split() -> None:
    unpriced = under(ASKED, settings={"min_value_to_split_minor": 10_000})
    assert forbids_nothing(RULE, unpriced)
    assert broken(RULE, unpriced, (D_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == []


def test_two_packages_or_a_part_of_a_small_order_break_the_rule() -> None:
    assert broken(RULE, under_limit(4_001), (W_BY_V, {"A": 3, "B": 2})) == []
    assert broken(RULE, under_limit(4_001)) == []
    assert broken(RULE, under_limit(4_001), (W_BY_V, {"A": 3})) == [
        "2 units are left of an order worth 4000, split only from 4001 on"
    ]
    assert broken(RULE, under_limit(4_001), (W_BY_V, {"A": 3}), (W_BY_X, {"B": 2})) == [
        "2 packages for an order worth 4000, split only from 4001 on"
    ]


def test_an_order_that_could_only_be_split_is_an_exception_and_nothing_ships() -> None:
    asked = with_offer(with_offer(under_limit(4_001), "W", available={"A": 3}), "S", available={"B": 2})
    asked = with_offer(asked, "D", available={})
    nothing = decided(asked)
    assert (nothing.shipments, nothing.unfilled.tolist()) == ((), [3, 2])
    split = decided(under(asked, settings={"min_value_to_split_minor": 4_000}))
    assert (len(split.shipments), split.unfilled.tolist()) == (2, [0, 0])
