"""A source whose share of the orders is used up ships nothing: a dealer's quota over a batch or a day."""

from solver.sourcing.rules.sources_stay_within_their_quota import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, W_BY_V, broken, forbidden, forbids_nothing, with_offer

USED_UP = with_offer(with_offer(ASKED, "D", quota_orders_left=0), "S", quota_orders_left=1)


def test_a_source_whose_quota_is_used_up_is_closed() -> None:
    assert forbidden(RULE, USED_UP)["closed_lanes"] == [True, False, False, False]
    assert forbids_nothing(RULE, with_offer(ASKED, "S", quota_orders_left=1))


def test_a_package_beyond_the_quota_breaks_the_rule() -> None:
    assert broken(RULE, USED_UP, (S_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == []
    assert broken(RULE, USED_UP, (D_BY_V, {"A": 3})) == ["D has no orders left of its quota"]
