"""Packages leave only sources that the policy allows by their ids."""

from solver.sourcing.rules.sources_are_allowed import RULE
from tests.sourcing.rules.world import ASKED, D_BY_V, S_BY_V, W_BY_X, broken, forbidden, forbids_nothing, under


def test_only_named_sources_ship_where_any_is_named() -> None:
    asked = under(ASKED, words={"only_sources": ("S", "D", "unknown")})
    assert forbidden(RULE, asked)["closed_lanes"] == [False, False, True, True]
    assert forbids_nothing(RULE, ASKED)


def test_blocked_sources_do_not_ship_even_if_they_are_among_the_only_ones() -> None:
    asked = under(ASKED, words={"only_sources": ("S", "W"), "blocked_sources": ("S",)})
    assert forbidden(RULE, asked)["closed_lanes"] == [True, True, False, False]
    assert forbidden(RULE, under(ASKED, words={"blocked_sources": ("W",)}))["closed_lanes"] == [
        False,
        False,
        True,
        True,
    ]


def test_a_package_from_a_source_that_is_not_allowed_breaks_the_rule() -> None:
    asked = under(ASKED, words={"only_sources": ("S", "W"), "blocked_sources": ("S",)})
    assert broken(RULE, asked, (W_BY_X, {"A": 3})) == []
    assert broken(RULE, asked, (D_BY_V, {"A": 3}), (S_BY_V, {"B": 2})) == [
        "D is not among the only sources: S, W",
        "S is blocked",
    ]
