"""Decisions of a run that mind what stock is worth to the orders to come: values are reckoned anew now and then.

Nothing is known beforehand: the orders that came so far stand for those to come until the horizon ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.foresight.seen_orders import SeenOrders
from solver.foresight.stock_values import StockValuer
from solver.fulfilment.question import UnitsBySource
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.decider import Decider, Place
from solver.scenario.model import Horizon
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.sourcing.terms.stock_value import REFRESH, SHARE, TERM

_NONE: Mapping[str, int] = {}


def minds_stock_value(policy: Policy) -> bool:
    """Whether a run under the policy reckons what stock is worth."""
    return bool(SHARE.of(policy) and REFRESH.of(policy)) and TERM.name not in policy.off


class FarSighted(Decider):
    """A decider whose offers state values of stock. What comes of them is no cost, and is told of no order."""

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
        self._network, self._all = network, catalog
        self._ends_at, self._every = horizon.ends_at, REFRESH.of(policy)
        self._seen, self._known = SeenOrders(catalog, horizon.starts_at), set[str]()
        self._valuer = StockValuer(network, catalog, policy, self._ask, seed)
        self._units = tuple(units)
        self._values: dict[str, dict[str, int]] = {}
        self._valued = self._valued_on(network)

    def turn_to(self, network: Network) -> None:
        """Decide over another state of the same network from now on."""
        super().turn_to(network)
        self._valued = self._valued_on(network)

    def decide(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The best decision for each on what the earlier ones left, minding what stock was worth when last reckoned."""
        told: list[tuple[Decision, Itemised]] = []
        for order in orders:
            told += [self._decide_valued(order)] if self._has_value(order) else super().decide([order])
            if order.order_id not in self._known:  # what is decided anew was seen before
                self._known.add(order.order_id)
                self._seen.see(order)
                if self._seen.total % self._every == 0:
                    self._reckon(order)
        return told

    def _has_value(self, order: Order) -> bool:
        return bool(self._values) and any(
            part.sku in self._values for line in order.lines for part in parts_of(line, self._all)
        )

    def _decide_valued(self, order: Order) -> tuple[Decision, Itemised]:
        decision = self._valued.decide_by_rule(self._stock, order, Engine.EXACT)
        itemised = self._itemiser.itemise(order, decision)
        value = itemised.cost_minor.get(TERM.name, 0)
        told = Itemised(
            packages=tuple(replace(one, cost_minor=_paid(one.cost_minor)) for one in itemised.packages),
            cost_minor=_paid(itemised.cost_minor),
        )
        return replace(
            decision,
            total_minor=decision.total_minor - value,
            bound_minor=max(0, decision.bound_minor - self._most_value(order)),
        ), told

    def _most_value(self, order: Order) -> int:
        """No plan's units are worth more: by so much may a plan without values be below the bound with them."""
        share = SHARE.of(self._policy)
        return sum(
            line.quantity * part.units * -(-share * max(self._values.get(part.sku, {}).values(), default=0) // 1000)
            for line in order.lines
            for part in parts_of(line, self._all)
        )

    def _reckon(self, latest: Order) -> None:
        units: dict[str, dict[str, int]] = {}
        for source_id, sku in self._units:
            units.setdefault(sku, {})[source_id] = self.left(source_id, sku)
        expected = self._seen.expected(latest.placed_at, self._ends_at)
        self._values = self._valuer.values(units, expected, latest, self._seen.total)

    def _valued_on(self, network: Network) -> Snapshot:
        return Snapshot.of(
            network=network,
            catalog=self._all,
            available=self._places,
            policy=self._policy,
            ask=self._ask_with_values,
        )

    def _ask_with_values(self, order: Order, network: Network, available: UnitsBySource) -> Problem:
        problem = self._ask(order, network, available)
        offers = tuple(
            replace(offer, stock_value_minor=_of_source(self._values, offer.source_id, offer.available))
            for offer in problem.offers
        )
        return replace(problem, offers=offers)


def _of_source(values: Mapping[str, Mapping[str, int]], source_id: str, skus: Mapping[str, int]) -> dict[str, int]:
    worth = {sku: values.get(sku, _NONE).get(source_id, 0) for sku in skus}
    return {sku: value for sku, value in worth.items() if value}


def _paid(cost_minor: Mapping[str, int]) -> dict[str, int]:
    return {term: minor for term, minor in cost_minor.items() if term != TERM.name}
