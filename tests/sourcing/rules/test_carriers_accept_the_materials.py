"""No package holds a material that its service refuses: hazmat, battery, cold_chain ..."""

from solver.sourcing.rules.carriers_accept_the_materials import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    with_item,
    with_lane,
)

TAGGED = with_item(with_item(ASKED, "A", tags=("battery", "fragile")), "B", tags=("cold_chain",))
CHOOSY = with_lane(TAGGED, W_BY_X, refuses_tags=("cold_chain", "battery"))
REFUSING = with_lane(CHOOSY, D_BY_V, refuses_tags=("hazmat",))


def test_a_lane_is_closed_to_materials_with_a_tag_that_its_service_refuses() -> None:
    closed = [[False, False], [False, False], [False, False], [True, True]]
    assert forbidden(RULE, REFUSING)["closed_parts"] == closed
    assert forbids_nothing(RULE, TAGGED)


def test_a_plan_that_hands_over_a_refused_material_breaks_the_rule() -> None:
    assert broken(RULE, REFUSING, (D_BY_V, {"A": 3}), (W_BY_V, {"B": 2})) == []
    assert broken(RULE, REFUSING, (W_BY_X, {"A": 3, "B": 1})) == [
        "A is battery, which X refuses",
        "B is cold_chain, which X refuses",
    ]
