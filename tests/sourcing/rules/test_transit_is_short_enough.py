"""No package is on its way for longer than the policy allows: for what spoils or melts."""

from solver.sourcing.rules.transit_is_short_enough import RULE
from tests.sourcing.rules.world import ASKED, W_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under, with_lane

SLOW = with_lane(with_lane(ASKED, W_BY_V, transit_minutes=2_881), W_BY_X, transit_minutes=2_880)
LIMITED = under(SLOW, settings={"max_transit_minutes": 2_880})


def test_lanes_with_a_longer_transit_are_closed() -> None:
    assert forbidden(RULE, LIMITED)["closed_lanes"] == [False, False, True, False]
    assert forbids_nothing(RULE, SLOW)


def test_a_package_that_is_on_its_way_for_longer_breaks_the_rule() -> None:
    assert broken(RULE, LIMITED, (W_BY_X, {"A": 3})) == []
    assert broken(RULE, LIMITED, (W_BY_V, {"A": 3})) == [
        "the package from W is on its way for 2881 min, at most 2880 allowed"
    ]
