"""The orders seen lately, as kinds: what is taken for a sample of those to come."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.foresight.demand_seen import DemandSeen
from solver.orders.model import Order

MOST_SEEN = 1_500  # the latest so many orders stand for those to come

Kind = tuple[str, tuple[tuple[str, int], ...]]  # region, and units by SKU


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenState:
    """What was seen, to go on from later."""

    since: datetime
    first: datetime
    latest: list[tuple[datetime, Kind]]
    kinds: list[tuple[Kind, int]]  # in their sequence, by which futures are drawn
    total: int
    days: dict[int, dict[str, int]]


class SeenOrders:
    """Counts kinds among the latest orders. Orders come in the sequence in which they were placed."""

    def __init__(self, catalog: Catalog, since: datetime, most: int = MOST_SEEN) -> None:
        self._catalog, self._since, self._most = catalog, since, most
        self._latest: deque[tuple[datetime, Kind]] = deque()
        self.kinds: Counter[Kind] = Counter()
        self.total = 0
        self._demand = DemandSeen(since)

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
        self._demand.see(order.placed_at, units)
        self.kinds[kind] += 1
        self.total += 1
        if len(self._latest) > self._most:
            self._since, forgotten = self._latest.popleft()
            self.kinds[forgotten] -= 1
            if not self.kinds[forgotten]:
                del self.kinds[forgotten]

    def expected(self, now: datetime, until: datetime) -> Mapping[Kind, float]:
        """How often each kind is likely to come until then: as often as lately, or as its SKUs' forecasts say.

        Forecasts, where days enough were seen, say how many units of each SKU; the latest orders, of which kinds.
        """
        elapsed = (now - self._since).total_seconds()
        left = (until - now).total_seconds()
        if elapsed <= 0 or left <= 0:
            return {}
        plain = {kind: count * left / elapsed for kind, count in self.kinds.items()}
        units: Counter[str] = Counter()
        for (_, parts), often in plain.items():
            for sku, count in parts:
                units[sku] += count * often  # type: ignore[assignment]  # of fractions
        factors = self._demand.factors(now, until, units)
        if not factors:
            return plain
        return {kind: often * _mean_factor(kind, factors) for kind, often in plain.items()}

    def state(self) -> SeenState:
        """All that another one needs to go on from here."""
        return SeenState(
            since=self._since,
            first=self._demand.first,
            latest=list(self._latest),
            kinds=list(self.kinds.items()),
            total=self.total,
            days={day: dict(of_day) for day, of_day in self._demand.days.items()},
        )

    def restore(self, state: SeenState) -> None:
        """Go on from where another one was."""
        self._since, self.total = state.since, state.total
        self._latest = deque(state.latest)
        self.kinds = Counter(dict(state.kinds))
        self._demand = DemandSeen(state.first)
        self._demand.days = {day: Counter(of_day) for day, of_day in state.days.items()}


def _mean_factor(kind: Kind, factors: Mapping[str, float]) -> float:
    """Of the kind's units."""
    return sum(count * factors[sku] for sku, count in kind[1]) / sum(count for _, count in kind[1])
