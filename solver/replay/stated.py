"""Decisions of a run that are asked of its books one by one, where shares of channels or goods to come count."""

from collections.abc import Mapping, Sequence

from solver.catalog.catalog import Catalog
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.books import Books
from solver.replay.decider import Decider, Place, of_plan
from solver.replay.far_state import FarState
from solver.sourcing.check import check
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.sourcing.solve import decide

_NO_VALUES: MinorBySource = {}


class StatedDecider(Decider):
    """Every order is the Problem that the service would state at its moment: what is left stands in the books."""

    def __init__(
        self,
        network: Network,
        catalog: Catalog,
        policy: Policy,
        units: Mapping[Place, int],
        books: Books,
        rule: Engine = Engine.EXACT,
    ) -> None:
        super().__init__(network, catalog, policy, units, rule)
        self._network, self._books = network, books

    def turn_to(self, network: Network) -> None:
        """Decide over another state of the same network from now on."""
        super().turn_to(network)
        self._network = network

    def add(self, source_id: str, sku: str, units: int) -> None:
        """The books know."""

    def left(self, source_id: str, sku: str) -> int:
        """Units that may still be promised."""
        return self._books.available([sku]).get(sku, {}).get(source_id, 0)

    @property
    def counts(self) -> list[int]:
        """Nothing but what the books have."""
        return []

    def restore(self, counts: Sequence[int], foresight: FarState | None = None) -> None:
        """The books have all of it."""

    def decide(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The best decision for an order on what may be had now; the next one needs the books of this one."""
        assert len(orders) == 1, "what an order takes is booked before the next one is asked"
        return self._decided(orders[0], _NO_VALUES)

    def decide_together(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The plans of a wave on what may be had now, which fit into shares of channels one after the other."""
        return self._decided_together(orders, _NO_VALUES)

    def take_back(self, decision: Decision) -> None:
        """Nothing of it was booked."""

    def _decided(self, order: Order, values: MinorBySource) -> list[tuple[Decision, Itemised]]:
        problem = self._books.ask(order, self._policy, self._network, values)
        seconds = self._policy.time_limit_ms / 1000
        plan = decide(problem, engine=self._rule, time_limit_seconds=seconds)
        check(problem, plan)
        decision = of_plan(plan)
        return [(decision, self._itemiser.itemise(order, decision))]

    def _decided_together(self, orders: Sequence[Order], values: MinorBySource) -> list[tuple[Decision, Itemised]]:
        plans = self._books.plan_together(orders, self._policy, self._network, values)
        decisions = [of_plan(plan) for plan in plans]
        return [(one, self._itemiser.itemise(order, one)) for order, one in zip(orders, decisions, strict=True)]
