"""Sources that are set aside for customers of certain tiers ship to them alone."""

from dataclasses import replace

import pytest

from solver.sourcing.rules.reserved_sources_serve_their_tiers import RULE
from tests.sourcing.rules.world import ASKED, S_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under, with_offer

FLAGSHIP = with_offer(ASKED, "S", tags=("flagship",))
RESERVED = under(FLAGSHIP, words={"tier_sources": ("gold|flagship", "black | flagship")})


@pytest.mark.parametrize(("tier", "is_closed"), [("gold", False), ("black", False), ("silver", True), ("", True)])
def test_a_reserved_source_ships_to_its_tiers_alone(tier: str, is_closed: bool) -> None:
    asked = replace(RESERVED, customer_tier=tier)
    if is_closed:
        assert forbidden(RULE, asked)["closed_lanes"] == [False, True, False, False]
        assert broken(RULE, asked, (S_BY_V, {"A": 3})) == ["S is flagship, reserved for black, gold"]
    else:
        assert forbids_nothing(RULE, asked)
        assert broken(RULE, asked, (S_BY_V, {"A": 3})) == []
    assert broken(RULE, asked, (W_BY_V, {"A": 3})) == []


def test_a_source_with_two_reserved_tags_serves_only_a_tier_that_both_name() -> None:
    tagged = with_offer(ASKED, "S", tags=("flagship", "vault"))
    asked = under(tagged, words={"tier_sources": ("gold|flagship", "vault")})
    gold = replace(asked, customer_tier="gold")
    assert forbidden(RULE, gold)["closed_lanes"] == [False, True, False, False]
    assert broken(RULE, gold, (S_BY_V, {"A": 3})) == ["S is vault, reserved for vault"]


def test_without_words_nothing_is_reserved() -> None:
    assert forbids_nothing(RULE, FLAGSHIP)
