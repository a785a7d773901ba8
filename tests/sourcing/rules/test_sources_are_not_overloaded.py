"""No package leaves a source that is busier than the policy allows."""

from solver.sourcing.rules.sources_are_not_overloaded import RULE
from tests.sourcing.rules.world import ASKED, S_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under, with_offer

LOADED = with_offer(with_offer(ASKED, "W", load_basis_points=9_001), "S", load_basis_points=9_000)
LIMITED = under(LOADED, settings={"max_load_basis_points": 9_000})


def test_a_source_above_the_limit_is_closed_and_one_at_it_is_not() -> None:
    assert forbidden(RULE, LIMITED)["closed_lanes"] == [False, False, True, True]
    assert forbids_nothing(RULE, LOADED)


def test_a_package_from_a_source_that_is_too_busy_breaks_the_rule() -> None:
    assert broken(RULE, LIMITED, (S_BY_V, {"A": 3})) == []
    assert broken(RULE, LIMITED, (W_BY_X, {"A": 3})) == ["W is loaded to 9001 basis points, at most 9000 allowed"]
