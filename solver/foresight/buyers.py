"""Order cycles of buyers who come again and again: when each is due next, and for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import mean, median, pstdev

LEAST_ORDERS = 3
MOST_UNEVEN = 0.5  # standard deviation of the gaps, as a share of their mean, of a buyer who is taken for regular


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A regular buyer of a SKU: the usual gap between orders, the usual units, and when the next order is due."""

    buyer: str
    sku: str
    every: timedelta
    units: float
    due_at: datetime

    def due_within(self, begin: datetime, end: datetime) -> int:
        """How many orders are due in this time; one that is overdue counts at its beginning."""
        first = max(self.due_at, begin)
        return 0 if first >= end else 1 + (end - first - timedelta(microseconds=1)) // self.every


def cycles(bought: Mapping[tuple[str, str], Sequence[tuple[datetime, int]]]) -> tuple[Cycle, ...]:
    """The regular ones among (buyer, SKU) -> orders (time, units), by buyer and SKU.

    Regular is who ordered LEAST_ORDERS times or more, at gaps whose deviation is at most MOST_UNEVEN of their mean.
    """
    found = []
    for (buyer, sku), orders in sorted(bought.items()):
        times = sorted(at for at, _ in orders)
        gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
        if len(times) < LEAST_ORDERS or not mean(gaps) or pstdev(gaps) > MOST_UNEVEN * mean(gaps):
            continue
        every = timedelta(seconds=median(gaps))
        units = mean(count for _, count in orders)
        found.append(Cycle(buyer=buyer, sku=sku, every=every, units=units, due_at=times[-1] + every))
    return tuple(found)
