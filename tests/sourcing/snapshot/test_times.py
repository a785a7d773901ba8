"""Timetables say the same as the network: cut-offs, weekends, holidays, turned clocks."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from solver.network.lanes import lanes_to
from solver.orders.model import Address
from solver.sourcing.facts import micros_of
from solver.sourcing.snapshot.inner.ground import NONE, PICK_UP_GROUP, SOURCE_ZONE
from solver.sourcing.snapshot.inner.times import OUTSIDE, looked_up
from solver.sourcing.snapshot.rates import rates_of
from solver.sourcing.snapshot.timetable import BLOCK_DAYS, Timetable, block_of, timetable_of
from tests.sourcing.snapshot.any_world import FIRST_DAY, REGIONS, any_world


def arrival(times: Timetable, source: int, service: int, rate: int, zone: int, placed: int) -> int:
    """What the inner loops look up, step by step."""
    tables = times.table_start, times.table_at, times.table_to, times.table_slope
    clock, lead = times.source_times[source, :2].tolist()
    moment = looked_up(*tables, clock, placed)
    assert moment != OUTSIDE
    moment += lead
    pick_up = int(times.pick_up_table[times.source_times[source, PICK_UP_GROUP], service])
    if pick_up != NONE:
        moment = looked_up(*tables, pick_up, moment)
        assert moment != OUTSIDE
    delivery = int(times.arrival_table[times.source_times[source, SOURCE_ZONE] if zone == NONE else zone, rate])
    if delivery == NONE:
        return int(moment + times.transit_micros[rate])
    return looked_up(*tables, delivery, moment)


@pytest.mark.parametrize("number", range(4))
def test_arrivals_by_table_are_the_networks_at_any_moment(seed: int, number: int) -> None:
    world = any_world(seed + number, busy=0.4)
    rng = random.Random(seed + number)
    rates = rates_of(world.network)
    row_of = {(one.service_id, one.rate.transit_minutes): row for row, one in enumerate(rates)}
    for _ in range(4):
        placed_at = FIRST_DAY + timedelta(minutes=rng.randint(0, 14 * 1440), microseconds=rng.choice([0, 1, -1]))
        times = timetable_of(world.network, rates, block_of(placed_at))
        place = world.network.place(Address(region_id=rng.choice(REGIONS).region_id))
        zone = times.zones[place.time_zone] if place.time_zone else NONE
        lanes, _ = lanes_to(world.network, place, placed_at=placed_at, source_ids=world.network.source_ids)
        services = list(world.network.services)
        for lane in lanes:
            source, service = world.network.source_positions[lane.source_id], services.index(lane.service_id)
            rate = row_of[lane.service_id, lane.transit_minutes]
            by_table = arrival(times, source, service, rate, zone, micros_of(placed_at))
            assert by_table == micros_of(lane.arrives_at), (lane, placed_at)


def test_a_moment_before_or_after_the_table_is_outside() -> None:
    start, at, to, slope = np.array([0, 3]), np.array([10, 20, 30]), np.array([100, 200, 0]), np.array([0, 1, 0])
    follows = [looked_up(start, at, to, slope, 0, moment) for moment in (9, 10, 19, 20, 29, 30)]
    assert follows == [OUTSIDE, 100, 100, 200, 209, OUTSIDE]


def test_a_block_of_days_begins_where_the_last_one_ended() -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    blocks = [block_of(first + timedelta(days=day)) for day in range(2 * BLOCK_DAYS)]
    assert max(blocks.count(block) for block in blocks) == BLOCK_DAYS
    assert blocks == sorted(blocks)
