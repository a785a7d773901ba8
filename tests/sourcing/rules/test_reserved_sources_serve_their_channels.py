"""Sources that are set aside for certain channels ship for them alone."""

from dataclasses import replace

from solver.sourcing.rules.reserved_sources_serve_their_channels import RULE
from tests.sourcing.rules.world import ASKED, S_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under, with_offer

BONDED = with_offer(ASKED, "W", tags=("bonded",))
RESERVED = under(BONDED, words={"channel_sources": ("tmall|bonded",)})


def test_a_reserved_source_ships_for_its_channel_alone() -> None:
    other = replace(RESERVED, channel="jd")
    assert forbidden(RULE, other)["closed_lanes"] == [False, False, True, True]
    assert forbids_nothing(RULE, replace(RESERVED, channel="tmall"))
    assert forbids_nothing(RULE, BONDED)


def test_a_package_for_another_channel_breaks_the_rule() -> None:
    assert broken(RULE, replace(RESERVED, channel="tmall"), (W_BY_V, {"A": 3})) == []
    assert broken(RULE, replace(RESERVED, channel="jd"), (S_BY_V, {"A": 3})) == []
    assert broken(RULE, replace(RESERVED, channel="jd"), (W_BY_V, {"A": 3})) == ["W is bonded, reserved for tmall"]


def test_a_single_word_is_channel_and_tag_in_one() -> None:
    asked = under(with_offer(ASKED, "D", tags=("jd",)), words={"channel_sources": ("jd",)})
    assert forbids_nothing(RULE, replace(asked, channel="jd"))
    assert forbidden(RULE, replace(asked, channel="tmall"))["closed_lanes"] == [True, False, False, False]
