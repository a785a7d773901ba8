"""Packages travel only with carriers that the policy allows."""

from solver.sourcing.rules.carriers_are_allowed import RULE
from tests.sourcing.rules.world import ASKED, W_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under


def test_only_named_carriers_are_used_where_any_is_named_and_blocked_ones_are_not() -> None:
    only = under(ASKED, words={"only_carriers": ("C-X",)})
    assert forbidden(RULE, only)["closed_lanes"] == [True, True, True, False]
    blocked = under(ASKED, words={"blocked_carriers": ("C-X",)})
    assert forbidden(RULE, blocked)["closed_lanes"] == [False, False, False, True]
    assert forbids_nothing(RULE, ASKED)


def test_a_package_with_a_carrier_that_is_not_allowed_breaks_the_rule() -> None:
    asked = under(ASKED, words={"only_carriers": ("C-X",)})
    assert broken(RULE, asked, (W_BY_X, {"A": 3})) == []
    assert broken(RULE, asked, (W_BY_V, {"A": 3})) == ["carrier C-V is not among the only carriers: C-X"]
    blocked = under(ASKED, words={"blocked_carriers": ("C-X",)})
    assert broken(RULE, blocked, (W_BY_X, {"A": 3})) == ["carrier C-X is blocked"]
