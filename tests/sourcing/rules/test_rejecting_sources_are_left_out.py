"""A source that has rejected too many orders ships nothing until its count is reset."""

from solver.sourcing.rules.rejecting_sources_are_left_out import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, broken, forbidden, forbids_nothing, under, with_offer

REJECTED = with_offer(with_offer(ASKED, "S", rejects=3), "D", rejects=2)
LIMITED = under(REJECTED, settings={"max_rejects": 3})


def test_a_source_at_its_most_rejects_is_left_out_and_one_below_is_not() -> None:
    assert forbidden(RULE, LIMITED)["closed_lanes"] == [False, True, False, False]
    assert forbids_nothing(RULE, REJECTED)


def test_a_package_from_a_source_at_its_most_rejects_breaks_the_rule() -> None:
    assert broken(RULE, LIMITED, (D_BY_V, {"A": 3})) == []
    assert broken(RULE, REJECTED, (S_BY_V, {"A": 3})) == []
    assert broken(RULE, LIMITED, (S_BY_V, {"A": 3})) == ["S has rejected 3 orders, at 3 it is left out"]
