"""Zones by chords are those of the network's own distances, on the very limit too."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from geopy.distance import EARTH_RADIUS

from solver.network.distance import distances_meters
from solver.network.model import DistanceZone
from solver.network.network import Network
from solver.orders.model import Address
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.geography import Geography, unit_vector
from solver.sourcing.snapshot.inner.ground import DONE, NEAR_A_LIMIT, NONE
from solver.sourcing.solve import decide
from tests.sourcing.snapshot.any_world import REGIONS, any_world


def classes(geography: Geography, latitude: float, longitude: float) -> list[int]:
    """The class of every source's distance as the inner loops tell it; NONE where they ask for exact distances."""
    chords = ((geography.xyz - np.array(unit_vector(latitude, longitude))) ** 2).sum(axis=1)
    far = (chords[:, None] > geography.chords[1]).sum(axis=1)
    unsure = (chords[:, None] <= geography.chords[1]) & (chords[:, None] >= geography.chords[0])
    return np.where(unsure.any(axis=1), NONE, far).tolist()  # type: ignore[no-any-return]  # numpy's tolist says Any


def test_classes_are_those_of_exact_distances_or_none(seed: int) -> None:
    network = any_world(seed, sources=400).network
    rng = random.Random(seed)
    found = 0
    for _ in range(200):
        latitude, longitude = rng.uniform(-60, 60), rng.uniform(-180, 180)
        meters = distances_meters(latitude, longitude, network.latitudes, network.longitudes)
        limits = rng.sample(meters.tolist(), k=3)  # so that some source lies on every limit
        geography = Geography.of(network, limits)
        exact = np.searchsorted(geography.cuts_meters, meters).tolist()
        told = classes(geography, latitude, longitude)
        assert all(far in (NONE, right) for far, right in zip(told, exact, strict=True))
        found += sum(far != NONE for far in told)
    assert found > 200 * 400 * 0.999


def test_a_class_ends_at_its_limit_and_the_next_begins_one_meter_on() -> None:
    geography = Geography.of(any_world(1).network, [1_000, 70_000])
    ends = geography.cuts_meters.tolist()
    assert {1_000, 70_000} <= set(ends)
    assert [geography.meters_of_class(far) for far in range(len(ends) + 1)] == [*ends, ends[-1] + 1]


@pytest.mark.parametrize("nudge_meters", [-1.0, -1e-8, 0.0, 1e-8, 1.0])
def test_an_order_on_the_very_limit_of_a_zone_is_decided_by_the_exact_distance(nudge_meters: float) -> None:
    world = any_world(2, sources=1, busy=0.0)
    source = replace(world.network.sources["S0"], latitude=0.0, longitude=0.0, is_active=True)
    zones = (DistanceZone(up_to_meters=50_000, zone="near"), DistanceZone(up_to_meters=None, zone="far"))
    services = [
        replace(one, distance_zones=zones, kinds=(), max_weight_grams=0) for one in world.network.services.values()
    ]
    network = Network.of(regions=REGIONS, sources=[source], services=services)
    stock = {sku: {"S0": 9} for sku in world.available}
    world = replace(world, network=network, available=stock, policy=Policy(time_limit_ms=60_000))
    latitude = math.degrees((50_000.5 + nudge_meters) / (1_000 * float(EARTH_RADIUS)))
    door = Address(region_id="EAST", latitude=latitude, longitude=0.0)
    order = replace(world.orders[0], destination=door)
    snapshot = world.snapshot()
    prepared = snapshot.prepared([order])
    prepared.run(snapshot.stock, counts_down=False)
    assert prepared.batch.answers.status[0] == (NEAR_A_LIMIT if abs(nudge_meters) < 0.5 else DONE)
    plan = decide(world.problem(order), engine=Engine.EXACT, time_limit_seconds=60)
    assert snapshot.decide(order).total_minor == plan.total_minor
    assert snapshot.decide(order).fallback == ""
