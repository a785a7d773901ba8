"""Great-circle distances: known ones, and the two ways to compute them against each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.network.distance import distance_meters, distances_meters, haversine_meters

BEIJING, SHANGHAI = (39.9042, 116.4074), (31.2304, 121.4737)
HALF_EARTH_METERS = 20_015_115  # pi times the mean radius of 6,371,009 m
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def one_by_array(start: tuple[float, float], end: tuple[float, float]) -> int:
    (meters,) = distances_meters(*start, [end[0]], [end[1]]).tolist()
    return int(meters)


@pytest.mark.parametrize(
    ("start", "end", "meters"),
    [
        (BEIJING, SHANGHAI, 1_067_312),
        ((0.0, 0.0), (0.0, 1.0), 111_195),  # a degree of the equator
        ((0.0, 179.5), (0.0, -179.5), 111_195),  # across the date line
        ((89.0, 0.0), (89.0, 180.0), 222_390),  # across the pole
        (BEIJING, BEIJING, 0),
        ((0.0, 0.0), (0.0, 180.0), HALF_EARTH_METERS),
        ((90.0, 0.0), (-90.0, 0.0), HALF_EARTH_METERS),
        ((39.9042, 116.4074), (-39.9042, -63.5926), HALF_EARTH_METERS),
    ],
)
def test_distances_that_are_known(start: tuple[float, float], end: tuple[float, float], meters: int) -> None:
    assert distance_meters(*start, *end) == meters
    assert one_by_array(start, end) == pytest.approx(meters, abs=1)
    assert haversine_meters(*start, *end) == one_by_array(start, end)


@settings(max_examples=300, deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
def test_one_pair_and_arrays_agree_within_a_meter(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    assert abs(distance_meters(lat, lon, to_lat, to_lon) - one_by_array((lat, lon), (to_lat, to_lon))) <= 1


@settings(max_examples=100, deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
def test_the_way_back_is_as_long(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    assert abs(one_by_array((lat, lon), (to_lat, to_lon)) - one_by_array((to_lat, to_lon), (lat, lon))) <= 1


def test_many_distances_come_as_whole_meters_in_the_shape_asked_for() -> None:
    meters = distances_meters(*BEIJING, [[39.9042, 31.2304], [31.2304, 39.9042]], [[116.4074, 121.4737]] * 2)
    assert meters.dtype == np.int64
    assert meters.shape == (2, 2)
    assert meters[0].tolist() == [0, one_by_array(BEIJING, SHANGHAI)]


def test_no_points_have_no_distances() -> None:
    assert distances_meters(*BEIJING, [], []).tolist() == []
