"""No package leaves a province other than that of the address."""

from solver.sourcing.rules.packages_stay_in_the_province import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under, with_lane

FAR = with_lane(ASKED, D_BY_V, crosses_province=True)
FORBIDDEN = under(FAR, settings={"forbid_cross_province": 1})


def test_lanes_from_another_province_are_closed_where_the_policy_says_so() -> None:
    assert forbidden(RULE, FORBIDDEN)["closed_lanes"] == [True, False, False, False]
    assert forbids_nothing(RULE, FAR)


def test_a_package_from_another_province_breaks_the_rule() -> None:
    assert broken(RULE, FORBIDDEN, (W_BY_V, {"A": 3})) == []
    assert broken(RULE, FAR, (D_BY_V, {"A": 3})) == []
    assert broken(RULE, FORBIDDEN, (D_BY_V, {"A": 3})) == ["the package from D comes from another province"]
