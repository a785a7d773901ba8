"""No source takes more orders, units or minutes of work than it has left today."""

from dataclasses import replace

import pytest

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.sources_stay_within_their_capacity import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    with_offer,
)

BUSY = with_offer(with_offer(ASKED, "S", units_left=3), "W", minutes_left=14, minutes_per_package=5, minutes_per_unit=2)


def test_what_a_source_has_left_limits_units_and_minutes() -> None:
    found = forbidden(RULE, BUSY)
    assert found["source_most_units"] == [NO_LIMIT, 3, NO_LIMIT]
    assert found["source_most_minutes"] == [NO_LIMIT, NO_LIMIT, 14]
    assert found["closed_lanes"] == [False, False, False, False]
    assert forbids_nothing(RULE, ASKED)


@pytest.mark.parametrize(("orders_left", "is_closed"), [(2, False), (1, False), (0, True), (-1, True)])
def test_exactly_as_many_orders_are_taken_as_the_limit_says(orders_left: int, is_closed: bool) -> None:
    asked = with_offer(ASKED, "D", orders_left=orders_left)
    assert forbidden(RULE, asked)["closed_lanes"] == [is_closed, False, False, False]
    texts = [f"D has {max(0, orders_left)} orders left today, the plan takes 1"] if is_closed else []
    assert broken(RULE, asked, (D_BY_V, {"A": 3}), (D_BY_V, {"B": 2})) == texts


def test_where_the_offers_of_a_source_differ_the_least_holds() -> None:
    later = replace(ASKED.offers[2], offer_id="later", units_left=1)
    two = replace(with_offer(ASKED, "W", units_left=4), offers=(*with_offer(ASKED, "W", units_left=4).offers, later))
    assert forbidden(RULE, two)["source_most_units"] == [NO_LIMIT, NO_LIMIT, 1]
    assert broken(RULE, two, (W_BY_V, {"A": 2})) == ["W has 1 units left today, the plan takes 2"]


def test_units_and_minutes_of_all_packages_of_a_source_count() -> None:
    assert broken(RULE, BUSY, (S_BY_V, {"A": 3}), (W_BY_V, {"B": 1}), (W_BY_X, {"B": 1})) == []
    assert broken(RULE, BUSY, (S_BY_V, {"A": 3}), (S_BY_V, {"B": 1})) == ["S has 3 units left today, the plan takes 4"]
    assert broken(RULE, BUSY, (W_BY_V, {"A": 2}), (W_BY_X, {"B": 1})) == [
        "W has 14 minutes left today, the plan takes 16"
    ]
