"""How often something took how long: counts by upper bound, as cheap as they can be."""

import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a histogram has counted: so many up to each bound and beyond, and the sum of all values."""

    bounds: Sequence[float]
    counts: tuple[int, ...]
    total: float

    def cumulative(self) -> list[tuple[str, float]]:
        """As Prometheus reads buckets: each upper bound with the number of values up to it, the last one +Inf."""
        found, reached = [], 0
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            reached += count
            found.append((bound, float(reached)))
        return found


class Histogram:
    """Counts values by bounds that ascend. For any number of threads."""

    __slots__ = ("_bounds", "_counts", "_gate", "_total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0
        self._gate = threading.Lock()

    def observe(self, value: float) -> None:
        """Count one value."""
        at = bisect_left(self._bounds, value)
        with self._gate:
            self._counts[at] += 1
            self._total += value

    def counted(self) -> Counted:
        """What was counted so far."""
        with self._gate:
            return Counted(bounds=self._bounds, counts=tuple(self._counts), total=self._total)
