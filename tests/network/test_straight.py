"""A lane made the short way is the one that the network makes, whatever the door and the hour."""

import random
from datetime import timedelta

from solver.network.lanes import lane_by
from solver.network.straight import StraightLanes
from tests.sourcing.snapshot.any_world import FIRST_DAY, any_world

WORLDS = 40


def test_each_lane_is_the_one_of_lane_by_and_none_is_where_that_has_none(seed: int) -> None:
    found = missing = surcharged = 0
    for number in range(seed, seed + WORLDS):
        world, draw = any_world(number, busy=0.3), random.Random(number)
        network = world.network
        straight = StraightLanes(network)
        for order in world.orders:
            place = network.place(order.destination)
            placed_at = FIRST_DAY + timedelta(seconds=draw.randint(0, 9 * 86_400))
            for source_id in [*network.sources, "S-unheard-of"]:
                for service_id in [*network.services, "V-unheard-of"]:
                    made = straight.lane(place, placed_at, source_id, service_id)
                    try:
                        assert made == lane_by(network, place, placed_at, source_id, service_id)
                    except KeyError:
                        assert made is None
                    found += made is not None
                    missing += made is None and source_id in network.sources and service_id in network.services
                    surcharged += made is not None and len(made.surcharges) > 0
    assert found > 500
    assert missing > 100
    assert surcharged > 50
