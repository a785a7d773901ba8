"""A material that needs something of its source leaves only where there is that: the cold chain, a licence, a vault."""

from solver.sourcing.rules.sources_are_equipped_for_the_materials import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    under,
    with_item,
    with_offer,
)

COLD = under(with_item(ASKED, "B", tags=("cold_chain",)), words={"needs_tag": ("cold_chain|cold_room",)})
EQUIPPED = with_offer(COLD, "W", tags=("cold_room",))


def test_a_material_leaves_only_sources_with_the_tag_that_it_needs() -> None:
    closed = [[False, True], [False, True], [False, False], [False, False]]
    assert forbidden(RULE, EQUIPPED)["closed_parts"] == closed
    assert forbids_nothing(RULE, ASKED)


def test_a_single_word_asks_material_and_source_for_the_same_tag() -> None:
    same = under(with_offer(COLD, "D", tags=("cold_chain",)), words={"needs_tag": ("cold_chain",)})
    closed = [[False, False], [False, True], [False, True], [False, True]]
    assert forbidden(RULE, same)["closed_parts"] == closed
    assert broken(RULE, same, (D_BY_V, {"B": 2}), (S_BY_V, {"A": 3})) == []


def test_every_need_of_a_material_must_be_met() -> None:
    two = under(EQUIPPED, words={"needs_tag": ("cold_chain|cold_room", "cold_chain|licence")})
    assert forbidden(RULE, two)["closed_parts"] == [[False, True]] * 4
    assert broken(RULE, two, (W_BY_V, {"B": 2})) == ["B is cold_chain, and W is not licence"]


def test_a_plan_from_a_source_without_the_tag_breaks_the_rule() -> None:
    assert broken(RULE, EQUIPPED, (W_BY_X, {"A": 1, "B": 2}), (S_BY_V, {"A": 2})) == []
    assert broken(RULE, EQUIPPED, (S_BY_V, {"A": 3, "B": 2})) == ["B is cold_chain, and S is not cold_room"]
