"""Zones by chords are those of the network's own distances, on the very limit too."""

import random

import numpy as np

from solver.network.distance import distances_meters
from solver.sourcing.snapshot.geography import Geography, unit_vector
from solver.sourcing.snapshot.inner.ground import NONE
from tests.sourcing.snapshot.any_world import any_world


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
