"""Decisions of a run that mind what stock is worth to the orders to come: values are reckoned anew now and then.

Nothing is known beforehand: the orders that came so far, and what is forecast from them, stand for those to come until
the horizon ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.foresight.seen_orders import SeenOrders
from solver.foresight.stock_values import StockValuer
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.decider import Decider, Place
from solver.replay.far_state import FarState
from solver.scenario.model import Horizon
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.sourcing.terms.stock_value import REFRESH, SHARE, TERM

REFRESH_ORDERS = 100  # where a run is to mind values and its policy does not say how often


def minds_stock_value(policy: Policy) -> bool:
    """Whether a run under the policy reckons what stock is worth."""
    return bool(SHARE.of(policy) and REFRESH.of(policy)) and TERM.name not in policy.off


def with_foresight(policy: Policy) -> Policy:
    """The policy, minding values of stock in full where it says nothing of them."""
    settings = {**policy.settings}
    settings[SHARE.name] = SHARE.of(policy) or 1000
    settings[REFRESH.name] = REFRESH.of(policy) or REFRESH_ORDERS
    return replace(policy, settings=settings, off=tuple(name for name in policy.off if name != TERM.name))


class FarSighted(Decider):
    """A decider whose stock has values. What comes of them is no cost, and is told of no order."""

    def __init__(
        self,
        network: Network,
        catalog: Catalog,
        policy: Policy,
        units: Mapping[Place, int],
        horizon: Horizon,
        seed: int,
    ) -> None:
        super().__init__(network, catalog, policy, units)
        self._ends_at, self._every = horizon.ends_at, REFRESH.of(policy)
        self._seen = SeenOrders(catalog, horizon.starts_at)
        self._valuer = StockValuer(network, catalog, policy, self._ask, seed)
        self._values: dict[str, dict[str, int]] = {}
        self._valued: Snapshot = self._snapshot

    def turn_to(self, network: Network) -> None:
        """Decide over another state of the same network from now on."""
        super().turn_to(network)
        self._valued = self._snapshot.valued(self._values)

    @property
    def foresight(self) -> FarState:
        """What was seen and reckoned so far."""
        return FarState(seen=self._seen.state(), valuer=self._valuer.state(), values=self._values)

    def restore(self, counts: Sequence[int], foresight: FarState | None = None) -> None:
        """Go on from what another decider of the same scenario had left, had seen and had reckoned."""
        super().restore(counts)
        if foresight is not None:
            self._seen.restore(foresight.seen)
            self._valuer.restore(foresight.valuer)
            self._values = foresight.values
            self._valued = self._snapshot.valued(self._values)

    def decide(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The best decision for each on what the earlier ones left, minding what stock was worth when last reckoned."""
        told: list[tuple[Decision, Itemised]] = []
        while len(told) < len(orders):
            ahead = self._every - self._seen.total % self._every
            portion = orders[len(told) : len(told) + ahead]
            told += self._decided(portion)
            self._see(portion)
        return told

    def decide_again(self, order: Order) -> tuple[Decision, Itemised]:
        """As `decide`, what was seen before."""
        return self._decided([order])[0]

    def decide_together(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The plans of a wave, minding what stock was worth before it; then its orders are seen."""
        before = self._stock.copy()
        decisions = self._planned_together(self._valued, orders)
        told = [
            self._told(order, one, self._valued.missed_minor(one, before))
            for order, one in zip(orders, decisions, strict=True)
        ]
        self._see(orders)
        return told

    def _see(self, orders: Sequence[Order]) -> None:
        periods = self._seen.total // self._every
        for order in orders:
            self._seen.see(order)
        if self._seen.total // self._every > periods:
            self._reckon(orders[-1])

    def _decided(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        if not self._values:
            return super().decide(orders)
        before = self._stock.copy()
        told = []
        for order, decision in zip(orders, self._valued.decide_from(self._stock, orders), strict=True):
            told.append(self._told(order, decision, self._valued.missed_minor(decision, before)))
            self._take(decision, before)
        return told

    def _told(self, order: Order, decision: Decision, missed_minor: int) -> tuple[Decision, Itemised]:
        paid = replace(decision, total_minor=decision.total_minor - missed_minor)
        itemised = self._itemiser.itemise(order, paid)
        told = Itemised(
            packages=tuple(replace(one, cost_minor=_paid(one.cost_minor)) for one in itemised.packages),
            cost_minor=_paid(itemised.cost_minor),
        )
        return replace(paid, bound_minor=max(0, decision.bound_minor - self._most_value(order))), told

    def _take(self, decision: Decision, stock: NDArray[np.int32]) -> None:
        for chosen in decision.packages:
            for sku, units in chosen.units.items():
                stock[self._snapshot.place_of(sku, chosen.source_id)] -= units

    def _most_value(self, order: Order) -> int:
        """No plan's units are worth more: by so much may a plan without values be below the bound with them."""
        share = SHARE.of(self._policy)
        return sum(
            line.quantity * part.units * -(-share * max(self._values.get(part.sku, {}).values(), default=0) // 1000)
            for line in order.lines
            for part in parts_of(line, self._catalog)
        )

    def _reckon(self, latest: Order) -> None:
        expected = self._seen.expected(latest.placed_at, self._ends_at)
        skus = sorted({sku for _, parts in expected for sku, _ in parts})
        units = {sku: {one: self.left(one, sku) for one in self._places.get(sku, ())} for sku in skus}
        self._values = self._valuer.values(units, expected, latest, self._seen.total)
        self._valued = self._snapshot.valued(self._values)


def _paid(cost_minor: Mapping[str, int]) -> dict[str, int]:
    return {term: minor for term, minor in cost_minor.items() if term != TERM.name}
