"""Nothing in a package has a side longer than its service takes. A side that is not known is taken as short."""

import numpy as np

from solver.sourcing.rules.items_are_short_enough import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, broken, forbidden, forbids_nothing, with_item, with_lane

LONG = with_item(with_lane(ASKED, S_BY_V, max_side_mm=600), "B", longest_side_mm=601)


def test_a_lane_is_closed_to_items_longer_than_its_service_takes() -> None:
    closed = [[False, False], [False, True], [False, False], [False, False]]
    assert forbidden(RULE, LONG)["closed_parts"] == closed
    assert forbids_nothing(RULE, with_item(ASKED, "B", longest_side_mm=601))


def test_an_item_as_long_as_the_limit_and_one_of_unknown_length_pass() -> None:
    fitting = with_item(LONG, "B", longest_side_mm=600)
    assert not np.any(forbidden(RULE, fitting)["closed_parts"])
    assert broken(RULE, fitting, (S_BY_V, {"A": 3, "B": 2})) == []


def test_a_plan_with_a_longer_item_breaks_the_rule_once_for_each_package_and_sku() -> None:
    assert broken(RULE, LONG, (D_BY_V, {"B": 2}), (S_BY_V, {"A": 3})) == []
    assert broken(RULE, LONG, (S_BY_V, {"A": 3, "B": 2})) == ["B is 601 mm long, V takes at most 600"]
