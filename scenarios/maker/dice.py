"""Seeded chance. Built on `Random.random` alone, the one method whose sequence Python promises to keep."""

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

_METERS_PER_DEGREE = 111_320


class Dice:
    """A stream of its own for each noun, so that a change to one noun does not stir the others."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def below(self, end: int) -> int:
        """An integer from 0 to end - 1."""
        return int(self._random.random() * end)

    def between(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < percent

    def pick(self, options: Sequence[T], weights: Sequence[int]) -> T:
        """One option, each as likely as its weight says."""
        left = self.below(sum(weights))
        for option, weight in zip(options, weights, strict=True):
            left -= weight
            if left < 0:
                return option
        raise ValueError("no option has a weight")

    def draw(self, options: Sequence[T], weights: Sequence[int], count: int) -> list[T]:
        """`count` different options, the likelier ones sooner."""
        remaining, drawn = dict(enumerate(weights)), []
        for _ in range(count):
            index = self.pick(list(remaining), list(remaining.values()))
            del remaining[index]
            drawn.append(options[index])
        return drawn

    def near(self, latitude: float, longitude: float, radius_meters: int) -> tuple[float, float]:
        """Coordinates to four decimals in the square of this half side around a point."""
        north, east = (self.between(-radius_meters, radius_meters) for _ in range(2))
        meters_per_degree_east = _METERS_PER_DEGREE * math.cos(math.radians(latitude))
        return round(latitude + north / _METERS_PER_DEGREE, 4), round(longitude + east / meters_per_degree_east, 4)
