"""Goods go straight from where they lie to the door, not by way of another source (调拨)."""

from solver.sourcing.rules.goods_travel_without_transfer import RULE
from tests.sourcing.rules.world import ASKED, W_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under, with_lane

BY_STORE = with_lane(ASKED, W_BY_X, via_source_id="S")
FORBIDDEN = under(BY_STORE, settings={"forbid_transfers": 1})


def test_lanes_by_way_of_another_source_are_closed_where_the_policy_says_so() -> None:
    assert forbidden(RULE, FORBIDDEN)["closed_lanes"] == [False, False, False, True]
    assert forbids_nothing(RULE, BY_STORE)


def test_a_package_by_way_of_another_source_breaks_the_rule() -> None:
    assert broken(RULE, FORBIDDEN, (W_BY_V, {"A": 3})) == []
    assert broken(RULE, BY_STORE, (W_BY_X, {"A": 3})) == []
    assert broken(RULE, FORBIDDEN, (W_BY_X, {"A": 3})) == ["the package from W goes by way of S"]
