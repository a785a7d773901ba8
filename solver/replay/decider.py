"""Decisions of a run: the arrays' search on stock that is counted down, over the network as it is at the moment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from solver.catalog.catalog import Catalog
from solver.fulfilment.question import UnitsBySource, network_problem
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.far_state import FarState
from solver.replay.together import planned_together
from solver.sourcing.exact.search import Limits
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised, Itemiser
from solver.sourcing.snapshot.restated import chosen_of

Place = tuple[str, str]  # source and SKU


class Decider:
    """Decides orders one after the other under one policy; each leaves less to the next."""

    def __init__(
        self,
        network: Network,
        catalog: Catalog,
        policy: Policy,
        units: Mapping[Place, int],
        rule: Engine = Engine.EXACT,
    ) -> None:
        """`units` has every place that ever has some, with what it has at the beginning.

        `rule` NEAREST or GREEDY: decide by that rule of thumb, at the policy's prices.
        """
        self._catalog, self._policy, self._rule = catalog, policy, rule
        self._places: dict[str, dict[str, int]] = {}
        for source_id, sku in units:
            self._places.setdefault(sku, {})[source_id] = 1  # so that the arrays have a row for it
        self._snapshots: dict[int, tuple[Network, Snapshot, Itemiser]] = {}
        self._snapshot, self._itemiser = self._snapshot_of(network)
        self._stock = self._snapshot.stock
        for (source_id, sku), count in units.items():
            self._stock[self._snapshot.place_of(sku, source_id)] = count

    def turn_to(self, network: Network) -> None:
        """Decide over another state of the same network from now on."""
        self._snapshot, self._itemiser = self._snapshot_of(network)

    def add(self, source_id: str, sku: str, units: int) -> None:
        """Units have come, or were given back."""
        self._stock[self._snapshot.place_of(sku, source_id)] += units

    def left(self, source_id: str, sku: str) -> int:
        """Units that may still be promised."""
        return int(self._stock[self._snapshot.place_of(sku, source_id)])

    @property
    def counts(self) -> list[int]:
        """What is left at every place of the arrays, to go on from later."""
        counts: list[int] = self._stock.tolist()
        return counts

    @property
    def foresight(self) -> FarState | None:
        """What a decider that minds values has seen and reckoned; None: it minds none."""
        return None

    def restore(self, counts: Sequence[int], foresight: FarState | None = None) -> None:
        """Go on from what another decider of the same scenario had left."""
        assert foresight is None, "nothing else was left by a decider like this one"
        self._stock[:] = counts

    def decide(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The best decision for each on what the earlier ones left, and what it comes to."""
        if self._rule is Engine.EXACT:
            decisions = self._snapshot.decide_from(self._stock, orders)
        else:
            decisions = tuple(self._snapshot.decide_by_rule(self._stock, order, self._rule) for order in orders)
        return [(one, self._itemiser.itemise(order, one)) for order, one in zip(orders, decisions, strict=True)]

    def decide_again(self, order: Order) -> tuple[Decision, Itemised]:
        """As `decide`, an order of which something was decided before."""
        return self.decide([order])[0]

    def decide_together(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The plans of a wave, decided together as `PlanBatch` does, and checked, by limits of work alone."""
        decisions = self._planned_together(self._snapshot, orders)
        return [(one, self._itemiser.itemise(order, one)) for order, one in zip(orders, decisions, strict=True)]

    def take_back(self, decision: Decision) -> None:
        """As if it had not been decided."""
        for chosen in decision.packages:
            for sku, units in chosen.units.items():
                self.add(chosen.source_id, sku, units)

    def _planned_together(self, snapshot: Snapshot, orders: Sequence[Order]) -> list[Decision]:
        """What a wave is given on the stock that is left, of which it is taken."""
        shelves = replace(snapshot.shelves, units=self._stock.copy())
        plans = planned_together(snapshot.restocked(shelves, ask=self._ask, limits=Limits()), orders, self._ask)
        decisions = [of_plan(plan) for plan in plans]
        for decision in decisions:
            for chosen in decision.packages:
                for sku, units in chosen.units.items():
                    self.add(chosen.source_id, sku, -units)
        return decisions

    def _snapshot_of(self, network: Network) -> tuple[Snapshot, Itemiser]:
        if id(network) not in self._snapshots:
            snapshot = Snapshot.of(
                network=network, catalog=self._catalog, available=self._places, policy=self._policy, ask=self._ask
            )
            self._snapshots[id(network)] = (network, snapshot, snapshot.itemiser)
        return self._snapshots[id(network)][1:]

    def _ask(self, order: Order, network: Network, available: UnitsBySource) -> Problem:
        return network_problem(order, self._catalog, network, available, available, self._policy)


def of_plan(plan: Plan) -> Decision:
    """A plan as a decision."""
    return Decision(
        packages=tuple(chosen_of(package) for package in plan.packages),
        unfilled=tuple(line.unfilled_units for line in plan.lines),
        total_minor=plan.total_minor,
        bound_minor=plan.bound_minor,
        plan=plan,
    )
