"""The bound that prices of orders prove where each ships as a whole from one source, in whole numbers, for the judge.

At prices u of the orders (thousandths of a minor unit), none above what leaving it costs, no plan costs less than

    sum over orders of u  -  sum over sources of max(0, the most worth that fits its capacity - opening cost)

where an order is worth u less its least cost at the source. Of every source one strict limit is kept as a capacity that
whole orders must fit into together, the others are left out: that can only lower the bound.
"""

from collections.abc import Callable, Mapping

import numpy as np

from solver.sourcing.brief import Brief
from solver.waves.at_prices import AtPrices
from solver.waves.plan import Packing, Resource, ResourceKind
from solver.waves.slow_tariffs import FAR
from solver.waves.wave import Wave

_PER_MINOR = 1000
_MOST_WORK = 2_000_000_000  # of the knapsacks, in additions


class PackingJudge:
    """What the formula needs of every order, one after the other, and its sum."""

    def __init__(self, wave: Wave, packing: Packing) -> None:
        self._at_no_prices = AtPrices(wave, {})
        self._price = {one.order_id: one.price_thousandths for one in packing.order_prices}
        self._limit = {one.source_id: one for one in packing.resources}
        self._opening = {one.source_id: _PER_MINOR * one.opening_cost_minor for one in wave.terms.sources}
        self._minutes = {(one.order_id, one.source_id): one.minutes for one in wave.terms.work}
        self._things: dict[str, list[tuple[int, int]]] = {}  # by source, the worth and weight of its orders
        self._total = 0

    def see(self, made: Brief) -> bool:
        """Count the order; False where it may ship in part, or from several sources."""
        whole = self._at_no_prices.whole(made)
        if whole is None:
            return False
        leave, costs = whole
        price = min(self._price.get(made.problem.order_id, 0), leave)
        self._total += price
        for source, cost in enumerate(costs.tolist()):
            if cost < FAR and price > cost:
                source_id = made.facts.source_ids[source]
                self._things.setdefault(source_id, []).append((price - cost, self._weight(made, source)))
        return True

    def bound(self, capacity_of: Callable[[Resource], int | None]) -> int | None:
        """The bound over the orders seen, in thousandths; None where a capacity is too large to be packed exactly."""
        total = self._total
        for source_id, things in self._things.items():
            limit = self._limit.get(source_id)
            capacity = None if limit is None else capacity_of(limit)
            worth = sum(one for one, _ in things) if capacity is None else _most_worth(things, capacity)
            if worth is None:
                return None
            total -= max(0, worth - self._opening.get(source_id, 0))
        return total

    def _weight(self, made: Brief, source: int) -> int:
        """What the order takes at least of the source's limit."""
        source_id = made.facts.source_ids[source]
        limit = self._limit.get(source_id)
        offers = np.flatnonzero(made.case.offer_source == source).tolist()
        if limit is None:
            return 0
        if limit.kind is ResourceKind.SOURCE_MINUTES:
            norm = made.case.source_package_minutes[source]
            norm += made.case.source_unit_minutes[source] * made.case.demand.sum()
            return self._minutes.get((made.problem.order_id, source_id), int(norm))
        if limit.kind is ResourceKind.STOCK:
            facts = made.facts
            is_only = [facts.offers[one].offer_id for one in offers] == [limit.offer_id]
            asked: Mapping[str, int] = dict(zip(facts.skus, made.case.demand.tolist(), strict=True))
            return asked.get(limit.sku, 0) if is_only else 0
        return 1 if limit.kind is ResourceKind.SOURCE_ORDERS else int(made.case.demand.sum())


def _most_worth(things: list[tuple[int, int]], capacity: int) -> int | None:
    """The most that things which fit together are worth, by a table over every capacity; None: too large a one."""
    capacity = min(capacity, sum(weight for _, weight in things))
    if (capacity + 1) * len(things) > _MOST_WORK:
        return None
    most = np.zeros(capacity + 1, dtype=np.int64)
    for worth, weight in things:
        if weight <= capacity:
            most[weight:] = np.maximum(most[weight:], most[: capacity + 1 - weight] + worth)
    return int(most[-1])
