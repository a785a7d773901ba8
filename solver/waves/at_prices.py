"""What an order costs at least at the prices of a wave, by the slow pricing: for the judge, and for orders as one."""

from collections.abc import Mapping

import numpy as np

from solver.network.lanes import Lane
from solver.sourcing.brief import Brief
from solver.sourcing.case import Ints
from solver.waves.plan import Resource, ResourceKind
from solver.waves.sharing import counts_on, resource_of, value_steps
from solver.waves.slow_pricing import ONE_LEVEL, Prices, least_thousandths, whole_thousandths
from solver.waves.wave import Wave

_PER_MINOR = 1000


class AtPrices:
    """Orders of one wave at prices in thousandths of a minor unit; what has none costs nothing.

    With strict priorities the prices are of the one cost that they make, each by its weight, money by 1.
    """

    def __init__(
        self,
        wave: Wave,
        prices: Mapping[Resource, int],
        level_weights: tuple[int, ...] = ONE_LEVEL,
        beside: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """`beside`: by order and source, what the source costs more if it ships anything in that order."""
        self._beside = beside or {}
        self._level_weights = level_weights
        self._wave = wave
        self._prices = prices
        self._work = {(one.order_id, one.source_id): one.minutes for one in wave.terms.work}
        self._priority = {one.order_id: one.priority_minor for one in wave.terms.orders}

    def least(self, made: Brief) -> int | None:
        """The least of cost and prices of what it takes, in thousandths; None where it has too many contents."""
        return least_thousandths(made.case, self._of(made))

    def whole(self, made: Brief) -> tuple[int, Ints] | None:
        """What leaving the whole order costs, and shipping it from each source, [S]; None where it may be parted."""
        return whole_thousandths(made.case, self._of(made))

    def _of(self, made: Brief) -> Prices:
        prices = self._prices
        facts, order_id = made.facts, made.problem.order_id

        def of_sources(kind: ResourceKind) -> Ints:
            found = [prices.get(Resource(kind=kind, source_id=one), 0) for one in facts.source_ids]
            return np.array(found, dtype=np.int64)

        beside = np.array([self._beside.get((order_id, one), 0) for one in facts.source_ids], dtype=np.int64)
        value = of_sources(ResourceKind.SOURCE_VALUE)[facts.offer_source]
        steps = np.array([value_steps(made.problem, sku) for sku in facts.skus], dtype=np.int64)
        stock = [
            [
                prices.get(
                    Resource(kind=ResourceKind.STOCK, source_id=one.source_id, offer_id=one.offer_id, sku=sku), 0
                )
                for sku in facts.skus
            ]
            for one in facts.offers
        ]
        return Prices(
            unit=np.array(stock, dtype=np.int64).reshape(len(facts.offers), len(facts.skus)) + value[:, None] * steps,
            order=of_sources(ResourceKind.SOURCE_ORDERS) + beside,
            unit_of_source=of_sources(ResourceKind.SOURCE_UNITS),
            minute=of_sources(ResourceKind.SOURCE_MINUTES),
            minutes=np.array([self._work.get((order_id, one), -1) for one in facts.source_ids], dtype=np.int64),
            package=np.array([prices.get(taken_by(self._wave, lane), 0) for lane in facts.lanes], dtype=np.int64),
            left_unit=_PER_MINOR * self._priority.get(order_id, 0),
            level_weights=self._level_weights,
        )


def taken_by(wave: Wave, lane: Lane) -> Resource:
    """What a package of the lane takes one of."""
    for carrier in wave.terms.carriers:
        if counts_on(carrier, lane.source_id, lane.service_id, lane.hand_over_at):
            return resource_of(carrier)
    return Resource(kind=ResourceKind.PACKAGES, service_id=lane.service_id)
