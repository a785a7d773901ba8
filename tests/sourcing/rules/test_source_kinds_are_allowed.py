"""Packages leave only sources of a kind that the policy allows."""

from solver.sourcing.rules.source_kinds_are_allowed import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under


def test_only_named_kinds_ship_where_any_is_named_and_blocked_ones_do_not() -> None:
    only = under(ASKED, words={"only_kinds": ("store",)})
    assert forbidden(RULE, only)["closed_lanes"] == [True, False, True, True]
    blocked = under(ASKED, words={"blocked_kinds": ("dealer", "drop_shipper")})
    assert forbidden(RULE, blocked)["closed_lanes"] == [True, False, False, False]
    assert forbids_nothing(RULE, ASKED)


def test_a_package_from_a_kind_that_is_not_allowed_breaks_the_rule() -> None:
    asked = under(ASKED, words={"only_kinds": ("store", "dealer"), "blocked_kinds": ("dealer",)})
    assert broken(RULE, asked, (S_BY_V, {"A": 3})) == []
    assert broken(RULE, asked, (D_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == [
        "D is a dealer, which may not ship",
        "W is a warehouse, which may not ship",
    ]
