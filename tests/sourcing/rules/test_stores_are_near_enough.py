"""No package leaves a store farther away than the policy allows for stores."""

from solver.sourcing.rules.stores_are_near_enough import RULE
from tests.sourcing.rules.world import ASKED, S_BY_V, W_BY_V, broken, forbidden, forbids_nothing, under, with_lane

FAR = with_lane(with_lane(ASKED, S_BY_V, distance_meters=5_001), W_BY_V, distance_meters=900_000)
LIMITED = under(FAR, settings={"max_store_distance_meters": 5_000})


def test_lanes_of_far_stores_are_closed_and_those_of_far_warehouses_are_not() -> None:
    assert forbidden(RULE, LIMITED)["closed_lanes"] == [False, True, False, False]
    assert forbids_nothing(RULE, FAR)


def test_a_store_exactly_at_the_limit_may_ship_and_one_beyond_may_not() -> None:
    assert broken(RULE, with_lane(LIMITED, S_BY_V, distance_meters=5_000), (S_BY_V, {"A": 3})) == []
    assert broken(RULE, LIMITED, (W_BY_V, {"A": 3})) == []
    assert broken(RULE, LIMITED, (S_BY_V, {"A": 3})) == ["store S is 5001 m away, at most 5000 allowed"]
