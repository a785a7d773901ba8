"""The goods of a package take no more room than its service allows."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.packages_fill_at_most_the_limit import RULE
from tests.sourcing.rules.world import ASKED, W_BY_V, W_BY_X, broken, forbidden, forbids_nothing, with_lane

SMALL = with_lane(ASKED, W_BY_X, max_volume_mm3=8_000)


def test_the_room_of_a_package_is_limited_on_lanes_whose_service_says_so() -> None:
    assert forbidden(RULE, SMALL)["package_most_mm3"] == [NO_LIMIT, NO_LIMIT, NO_LIMIT, 8_000]
    assert forbids_nothing(RULE, ASKED)


def test_a_package_that_fills_the_limit_is_sound_and_a_fuller_one_is_not() -> None:
    assert broken(RULE, SMALL, (W_BY_X, {"A": 3, "B": 1})) == []
    assert broken(RULE, SMALL, (W_BY_V, {"A": 3, "B": 2})) == []
    assert broken(RULE, SMALL, (W_BY_X, {"A": 3, "B": 2})) == ["13000 mm3 from W is more than the service's 8000 mm3"]
