"""Packages leave only sources with tags that the policy allows."""

from solver.sourcing.rules.source_tags_are_allowed import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    broken,
    forbidden,
    forbids_nothing,
    under,
    with_offer,
)

TAGGED = with_offer(with_offer(ASKED, "S", tags=("flagship", "mall")), "W", tags=("bonded",))


def test_a_source_needs_one_of_the_named_tags_and_none_of_the_blocked() -> None:
    only = under(TAGGED, words={"only_tags": ("flagship", "bonded")})
    assert forbidden(RULE, only)["closed_lanes"] == [True, False, False, False]
    both = under(TAGGED, words={"only_tags": ("flagship", "bonded"), "blocked_tags": ("mall",)})
    assert forbidden(RULE, both)["closed_lanes"] == [True, True, False, False]
    assert forbids_nothing(RULE, TAGGED)


def test_a_package_from_a_source_with_the_wrong_tags_breaks_the_rule() -> None:
    asked = under(TAGGED, words={"only_tags": ("flagship", "bonded"), "blocked_tags": ("mall",)})
    assert broken(RULE, asked, (W_BY_V, {"A": 3})) == []
    assert broken(RULE, asked, (D_BY_V, {"A": 3}), (S_BY_V, {"B": 2})) == [
        "D is none of flagship, bonded",
        "S is mall, which is blocked",
    ]
