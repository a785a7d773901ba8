"""How long calls took, as a histogram whose buckets grow with what they count.

As in HdrHistogram: every bucket is within 1 % of the values in it, whether they are microseconds or minutes, histograms
of several processes add up, and no quantile depends on which values were kept.
"""

import math
from collections import Counter
from collections.abc import Iterable

_HALF_BITS = 7
_HALF = 1 << _HALF_BITS  # buckets between one power of two and the next


class Latencies:
    """Counts of seconds, to the nanosecond below 256 ns and to 1 % above."""

    def __init__(self, seconds: Iterable[float] = ()) -> None:
        self._counts: Counter[int] = Counter(_bucket(round(one * 1e9)) for one in seconds)
        self.count = self._counts.total()

    def add(self, other: "Latencies") -> None:
        """Count what the other counted, too."""
        self._counts.update(other._counts)
        self.count += other.count

    def quantile(self, share: float) -> float:
        """The seconds that `share` (0 to 1) of all values do not exceed; the upper end of their bucket.

        Raises ValueError where nothing was counted.
        """
        if not self.count:
            raise ValueError("no latency was counted; there is no quantile of none")
        wanted, seen = max(1, math.ceil(share * self.count)), 0
        for bucket in sorted(self._counts):
            seen += self._counts[bucket]
            if seen >= wanted:
                break
        return _upper(bucket) / 1e9

    @property
    def p50_ms(self) -> float:
        """The median in milliseconds."""
        return 1000 * self.quantile(0.5)

    @property
    def p99_ms(self) -> float:
        """The 99th percentile in milliseconds."""
        return 1000 * self.quantile(0.99)

    @property
    def most_ms(self) -> float:
        """The longest in milliseconds."""
        return 1000 * self.quantile(1.0)


def _bucket(nanoseconds: int) -> int:
    """Numbers below 2 * _HALF stand for themselves; above, _HALF buckets for every doubling."""
    shift = max(0, nanoseconds.bit_length() - _HALF_BITS - 1)
    return shift * _HALF + (nanoseconds >> shift)


def _upper(bucket: int) -> int:
    """The largest number of a bucket."""
    shift = max(0, bucket // _HALF - 1)
    return ((bucket - shift * _HALF + 1) << shift) - 1
