"""Decisions of a run that mind what stock is worth to the orders to come: values are reckoned anew now and then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.catalog.catalog import Catalog
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.decider import Decider, Place
from solver.replay.far_state import FarState
from solver.replay.sight import Sight, told_without_values
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
        self._sight = Sight(network, catalog, policy, self._ask, horizon, seed)
        self._valued: Snapshot = self._snapshot

    def turn_to(self, network: Network) -> None:
        """Decide over another state of the same network from now on."""
        super().turn_to(network)
        self._valued = self._snapshot.valued(self._sight.values)

    @property
    def foresight(self) -> FarState:
        """What was seen and reckoned so far."""
        return self._sight.state()

    def restore(self, counts: Sequence[int], foresight: FarState | None = None) -> None:
        """Go on from what another decider of the same scenario had left, had seen and had reckoned."""
        super().restore(counts)
        if foresight is not None:
            self._sight.restore(foresight)
            self._valued = self._snapshot.valued(self._sight.values)

    def decide(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The best decision for each on what the earlier ones left, minding what stock was worth when last reckoned."""
        told: list[tuple[Decision, Itemised]] = []
        while len(told) < len(orders):
            portion = orders[len(told) : len(told) + self._sight.orders_ahead]
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
        if self._sight.see(orders, self._left):
            self._valued = self._snapshot.valued(self._sight.values)

    def _left(self, skus: Collection[str]) -> dict[str, dict[str, int]]:
        return {sku: {one: self.left(one, sku) for one in self._places.get(sku, ())} for sku in skus}

    def _decided(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        if not self._sight.values:
            return super().decide(orders)
        before = self._stock.copy()
        told = []
        for order, decision in zip(orders, self._valued.decide_from(self._stock, orders), strict=True):
            told.append(self._told(order, decision, self._valued.missed_minor(decision, before)))
            self._take(decision, before)
        return told

    def _told(self, order: Order, decision: Decision, missed_minor: int) -> tuple[Decision, Itemised]:
        paid = self._sight.paid(order, decision, missed_minor)
        return paid, told_without_values(self._itemiser.itemise(order, paid))

    def _take(self, decision: Decision, stock: NDArray[np.int32]) -> None:
        for chosen in decision.packages:
            for sku, units in chosen.units.items():
                stock[self._snapshot.place_of(sku, chosen.source_id)] -= units
