"""Materials that may not travel together do not share a package."""

import pytest

from solver.sourcing.rules.incompatible_materials_travel_apart import RULE
from tests.sourcing.rules.world import ASKED, W_BY_V, broken, forbidden, forbids_nothing, under, with_item

MIXED = with_item(with_item(ASKED, "A", tags=("hazmat",)), "B", tags=("food",))


@pytest.mark.parametrize("pair", ["hazmat|food", "food|hazmat", "hazmat", "food"])
def test_a_pair_of_tags_and_a_tag_that_travels_alone_keep_two_skus_apart(pair: str) -> None:
    asked = under(MIXED, words={"apart_tags": (pair,)})
    assert forbidden(RULE, asked)["apart"] == [[False, True], [True, False]]
    assert len(broken(RULE, asked, (W_BY_V, {"A": 1, "B": 1}))) == 1
    assert broken(RULE, asked, (W_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == []


@pytest.mark.parametrize("pair", ["hazmat|hazmat", "hazmat|battery", "battery"])
def test_units_of_one_sku_are_never_kept_apart(pair: str) -> None:
    asked = under(MIXED, words={"apart_tags": (pair,)})
    assert forbids_nothing(RULE, asked)
    assert broken(RULE, asked, (W_BY_V, {"A": 3, "B": 2})) == []


def test_two_skus_of_one_tag_are_kept_apart_where_it_is_paired_with_itself() -> None:
    asked = under(with_item(MIXED, "B", tags=("hazmat",)), words={"apart_tags": ("hazmat|hazmat",)})
    assert forbidden(RULE, asked)["apart"] == [[False, True], [True, False]]


def test_the_materials_that_share_a_package_are_named() -> None:
    asked = under(MIXED, words={"apart_tags": ("hazmat|food",)})
    assert broken(RULE, asked, (W_BY_V, {"A": 1, "B": 1})) == ["A (hazmat) and B (food) share a package"]
    alone = under(MIXED, words={"apart_tags": ("hazmat",)})
    assert broken(RULE, alone, (W_BY_V, {"A": 1, "B": 1})) == ["A (hazmat) and B (anything else) share a package"]
