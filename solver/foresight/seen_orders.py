"""The orders seen lately, as kinds: what is taken for a sample of those to come."""

from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.orders.model import Order

MOST_SEEN = 1_500  # the latest so many orders stand for those to come

Kind = tuple[str, tuple[tuple[str, int], ...]]  # region, and units by SKU


class SeenOrders:
    """Counts kinds among the latest orders. Orders come in the sequence in which they were placed."""

    def __init__(self, catalog: Catalog, since: datetime, most: int = MOST_SEEN) -> None:
        self._catalog, self._since, self._most = catalog, since, most
        self._latest: deque[tuple[datetime, Kind]] = deque()
        self.kinds: Counter[Kind] = Counter()
        self.total = 0

    def see(self, order: Order) -> None:
        """Count an order; one whose lines nothing is stocked of counts for nothing."""
        units: dict[str, int] = {}
        for line in order.lines:
            for part in parts_of(line, self._catalog):
                units[part.sku] = units.get(part.sku, 0) + part.units * line.quantity
        if not units:
            return
        kind = order.destination.region_id, tuple(sorted(units.items()))
        self._latest.append((order.placed_at, kind))
        self.kinds[kind] += 1
        self.total += 1
        if len(self._latest) > self._most:
            self._since, forgotten = self._latest.popleft()
            self.kinds[forgotten] -= 1
            if not self.kinds[forgotten]:
                del self.kinds[forgotten]

    def expected(self, now: datetime, until: datetime) -> Mapping[Kind, float]:
        """How often each kind is likely to come until then, were all to go on as lately."""
        elapsed = (now - self._since).total_seconds()
        left = (until - now).total_seconds()
        if elapsed <= 0 or left <= 0:
            return {}
        return {kind: count * left / elapsed for kind, count in self.kinds.items()}
