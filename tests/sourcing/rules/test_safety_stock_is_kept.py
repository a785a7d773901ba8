"""A source gives only what it has above its safety stock."""

from dataclasses import replace

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.safety_stock_is_kept import RULE
from tests.sourcing.made import line
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    under,
    with_offer,
)

CAREFUL = with_offer(with_offer(ASKED, "W", safety={"A": 3, "B": 9}), "S", safety={"A": 2})


def test_a_source_has_what_lies_above_its_safety_stock() -> None:
    assert forbidden(RULE, CAREFUL)["stock"] == [[NO_LIMIT, NO_LIMIT], [3, NO_LIMIT], [2, 0]]
    assert forbids_nothing(RULE, ASKED)


def test_a_source_short_of_the_order_above_its_safety_stock_may_be_passed_over() -> None:
    strict = under(CAREFUL, settings={"safety_all_or_nothing": 1})
    assert forbidden(RULE, strict)["stock"] == [[NO_LIMIT, NO_LIMIT], [3, NO_LIMIT], [0, 0]]
    assert broken(RULE, strict, (S_BY_V, {"A": 3})) == []
    assert broken(RULE, strict, (W_BY_V, {"A": 2})) == ["W gives 2 of A, above its safety stock of 3 are 0"]


def test_a_location_with_12_on_hand_and_a_buffer_of_10_is_passed_over_for_5() -> None:
    five = replace(ASKED, lines=(line("1", 5, {"A": 1}),), offers=ASKED.offers[2:], lanes=ASKED.lanes[2:])
    buffered = with_offer(five, "W", available={"A": 12}, safety={"A": 10})
    strict = under(buffered, settings={"safety_all_or_nothing": 1})
    assert forbidden(RULE, buffered)["stock"] == [[2]]
    assert forbidden(RULE, strict)["stock"] == [[0]]


def test_packages_of_one_source_count_together_against_its_safety_stock() -> None:
    assert broken(RULE, CAREFUL, (W_BY_V, {"A": 1}), (W_BY_X, {"A": 1}), (D_BY_V, {"B": 2})) == []
    assert broken(RULE, CAREFUL, (W_BY_V, {"A": 2}), (W_BY_X, {"A": 1, "B": 1})) == [
        "W gives 3 of A, above its safety stock of 3 are 2",
        "W gives 1 of B, above its safety stock of 9 are 0",
    ]
