"""No package crosses a border."""

from solver.sourcing.rules.packages_stay_in_the_country import RULE
from tests.sourcing.rules.world import ASKED, W_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under, with_lane

ABROAD = with_lane(ASKED, W_BY_X, crosses_border=True)
FORBIDDEN = under(ABROAD, settings={"forbid_cross_border": 1})


def test_lanes_across_a_border_are_closed_where_the_policy_says_so() -> None:
    assert forbidden(RULE, FORBIDDEN)["closed_lanes"] == [False, False, False, True]
    assert forbids_nothing(RULE, ABROAD)


def test_a_package_across_a_border_breaks_the_rule() -> None:
    assert broken(RULE, FORBIDDEN, (W_BY_V, {"A": 3})) == []
    assert broken(RULE, ABROAD, (W_BY_X, {"A": 3})) == []
    assert broken(RULE, FORBIDDEN, (W_BY_X, {"A": 3})) == ["the package from W crosses a border"]
