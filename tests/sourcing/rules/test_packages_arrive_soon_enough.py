"""Every package is at the door within a stated time from the order."""

from dataclasses import replace
from datetime import timedelta

from solver.sourcing.rules.packages_arrive_soon_enough import RULE
from tests.sourcing.made import PLACED_AT
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, broken, forbidden, forbids_nothing, under, with_lane

SLOW = with_lane(ASKED, S_BY_V, arrives_at=PLACED_AT + timedelta(hours=25))
DAY = under(SLOW, settings={"max_minutes_to_door": 24 * 60})


def test_lanes_that_take_longer_than_allowed_from_the_order_on_are_closed() -> None:
    assert forbidden(RULE, DAY)["closed_lanes"] == [False, True, False, False]
    assert forbids_nothing(RULE, SLOW)
    assert forbids_nothing(RULE, replace(DAY, placed_at=None))


def test_a_package_that_takes_longer_breaks_the_rule() -> None:
    assert broken(RULE, DAY, (D_BY_V, {"A": 3})) == []
    assert broken(RULE, DAY, (S_BY_V, {"A": 3})) == [
        "the package from S takes 1 day, 1:00:00 from the order on, at most 1440 min allowed"
    ]
