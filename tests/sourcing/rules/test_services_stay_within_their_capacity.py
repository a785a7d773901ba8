"""No service takes more packages or weight than it has left today."""

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.rules.services_stay_within_their_capacity import RULE
from tests.sourcing.rules.world import (
    ASKED,
    D_BY_V,
    S_BY_V,
    W_BY_V,
    W_BY_X,
    broken,
    forbidden,
    forbids_nothing,
    with_lane,
)

FEW = with_lane(ASKED, W_BY_X, packages_left=1)
LIGHT = with_lane(ASKED, W_BY_X, grams_left=3_199)  # the order weighs 3,200


def test_packages_of_a_service_are_limited_to_what_it_has_left() -> None:
    found = forbidden(RULE, FEW)
    assert found["service_most_packages"] == [NO_LIMIT, 1]
    assert found["closed_lanes"] == [False, False, False, False]
    assert found["package_most_grams"] == [NO_LIMIT] * 4
    assert forbids_nothing(RULE, ASKED)


def test_a_service_with_nothing_left_is_closed() -> None:
    for facts in ({"packages_left": 0}, {"grams_left": 0}):
        found = forbidden(RULE, with_lane(ASKED, W_BY_X, **facts))
        assert found["closed_lanes"] == [False, False, False, True]
        assert found["service_most_packages"] == [NO_LIMIT, 0]


def test_the_least_that_any_lane_says_holds_for_the_whole_service() -> None:
    two = with_lane(with_lane(ASKED, D_BY_V, packages_left=3), S_BY_V, packages_left=2)
    assert forbidden(RULE, two)["service_most_packages"] == [2, NO_LIMIT]


def test_a_service_with_less_weight_left_than_the_order_has_takes_one_package() -> None:
    found = forbidden(RULE, LIGHT)
    assert found["service_most_packages"] == [NO_LIMIT, 1]
    assert found["package_most_grams"] == [NO_LIMIT, NO_LIMIT, NO_LIMIT, 3_199]
    assert forbids_nothing(RULE, with_lane(ASKED, W_BY_X, grams_left=3_200))


def test_a_plan_beyond_what_a_service_has_left_breaks_the_rule() -> None:
    assert broken(RULE, FEW, (W_BY_X, {"A": 3}), (W_BY_V, {"B": 2})) == []
    assert broken(RULE, FEW, (W_BY_X, {"A": 3}), (W_BY_X, {"B": 2})) == [
        "X has 1 packages left today, the plan takes 2"
    ]
    assert broken(RULE, LIGHT, (W_BY_X, {"A": 2, "B": 2}), (W_BY_V, {"A": 1})) == []
    assert broken(RULE, LIGHT, (W_BY_X, {"A": 3, "B": 2})) == ["X has 3199 g left today, the plan takes 1 up to 3200 g"]
    assert broken(RULE, LIGHT, (W_BY_X, {"A": 1}), (W_BY_X, {"B": 2})) == [
        "X has 3199 g left today, the plan takes 2 up to 2000 g"
    ]
