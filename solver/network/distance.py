"""Great-circle distance: geopy where one pair is asked, numpy where many are; both on geopy's mean earth radius.

Haversine formula: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984).
"""

from math import asin, cos, radians, sin, sqrt

import numpy as np
from geopy.distance import EARTH_RADIUS, great_circle
from numpy.typing import ArrayLike, NDArray

_EARTH_DIAMETER_METERS = 2_000.0 * float(EARTH_RADIUS)


def distance_meters(from_latitude: float, from_longitude: float, to_latitude: float, to_longitude: float) -> int:
    """Great-circle distance of one pair of points (degrees), in whole meters."""
    meters: float = great_circle((from_latitude, from_longitude), (to_latitude, to_longitude)).meters
    return round(meters)


def haversine_meters(from_latitude: float, from_longitude: float, to_latitude: float, to_longitude: float) -> int:
    """`distances_meters` of one pair, in a tenth of the time."""
    phi, phis = radians(from_latitude), radians(to_latitude)
    half_turn = (radians(to_longitude) - radians(from_longitude)) / 2
    half_chord = sin((phis - phi) / 2) ** 2 + cos(phi) * cos(phis) * sin(half_turn) ** 2
    return round(_EARTH_DIAMETER_METERS * asin(sqrt(min(max(half_chord, 0.0), 1.0))))


def distances_meters(
    latitude: float, longitude: float, latitudes: ArrayLike, longitudes: ArrayLike
) -> NDArray[np.int64]:
    """Great-circle distances from one point to many (degrees), in whole meters, shape of `latitudes`."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    phis, lams = np.radians(np.asarray(latitudes, dtype=float)), np.radians(np.asarray(longitudes, dtype=float))
    half_chord = np.sin((phis - phi) / 2) ** 2 + np.cos(phi) * np.cos(phis) * np.sin((lams - lam) / 2) ** 2
    angle = np.arcsin(np.sqrt(np.clip(half_chord, 0.0, 1.0)))
    meters: NDArray[np.int64] = np.rint(_EARTH_DIAMETER_METERS * angle).astype(np.int64)
    return meters
