"""Where sources lie, as unit vectors, and at which distances anything changes, as squared chords.

The straight line through the earth between two points tells their great-circle distance: chord = 2 sin(distance /
diameter), on a sphere of radius 1. Comparing squared chords needs no trigonometry. Where a chord is so close to a
limit that rounding could decide, the inner loops ask for the exact distances of `network.distance`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from geopy.distance import EARTH_RADIUS

from solver.network.network import Network
from solver.sourcing.case import Ints
from solver.sourcing.snapshot.inner.ground import Floats

_DIAMETER_METERS = 2_000.0 * float(EARTH_RADIUS)
_UNSURE_METERS = 1e-6  # a thousand times what either formula is wrong by


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Geography:
    """Class q of distances lies beyond the first q of `cuts_meters`."""

    xyz: Floats  # [S, 3]
    cuts_meters: Ints  # [Q]
    chords: Floats  # [2, Q]

    @classmethod
    def of(cls, network: Network, limits_meters: Iterable[int]) -> "Geography":
        """The network's sources, and the distances at which a zone ends or one of these limits lies."""
        zones = [zone.up_to_meters for service in network.services.values() for zone in service.distance_zones]
        cuts = np.array(sorted({end for end in (*zones, *limits_meters) if end is not None}), dtype=np.int64)
        phi, lam = np.radians(network.latitudes), np.radians(network.longitudes)
        xyz = np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
        ends = (cuts + 0.5) + np.array([[-_UNSURE_METERS], [_UNSURE_METERS]])
        angles = ends / _DIAMETER_METERS
        chords = np.where(angles < math.pi / 2, (2 * np.sin(angles)) ** 2, math.inf)
        return cls(xyz=np.ascontiguousarray(xyz.reshape(-1, 3)), cuts_meters=cuts, chords=chords)

    def meters_of_class(self, far: int) -> int:
        """A distance of this class."""
        if far < len(self.cuts_meters):
            return int(self.cuts_meters[far])
        return int(self.cuts_meters[-1]) + 1 if far else 0


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """A point (degrees) on the sphere of radius 1."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)
