"""A source that is switched off ships nothing."""

from solver.sourcing.rules.inactive_sources_give_nothing import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, W_BY_X, broken, forbidden, forbids_nothing, with_offer

IDLE = with_offer(ASKED, "W", is_active=False)


def test_all_lanes_of_a_source_that_is_not_active_are_closed() -> None:
    assert forbidden(RULE, IDLE)["closed_lanes"] == [False, False, True, True]
    assert forbids_nothing(RULE, ASKED)


def test_a_package_from_a_source_that_is_not_active_breaks_the_rule() -> None:
    assert broken(RULE, IDLE, (D_BY_V, {"A": 3}), (S_BY_V, {"B": 2})) == []
    assert broken(RULE, IDLE, (D_BY_V, {"A": 3}), (W_BY_X, {"B": 2})) == ["W is not active"]
