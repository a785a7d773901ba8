"""Decisions of a run that are asked of its books, and mind what stock is worth to the orders to come."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from solver.catalog.catalog import Catalog
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.awaited import offers_of
from solver.replay.books import Books
from solver.replay.decider import Place
from solver.replay.far_state import FarState
from solver.replay.sight import Sight, told_without_values
from solver.replay.stated import StatedDecider
from solver.scenario.model import Horizon
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.sourcing.terms.stock_value import TERM


class FarSightedStated(StatedDecider):
    """Values are those of what lies there, as in the service. What comes of them is no cost, and told of no order."""

    def __init__(
        self,
        network: Network,
        catalog: Catalog,
        policy: Policy,
        units: Mapping[Place, int],
        books: Books,
        horizon: Horizon,
        seed: int,
    ) -> None:
        super().__init__(network, catalog, policy, units, books)
        self._sight = Sight(network, catalog, policy, self._ask, horizon, seed)

    @property
    def foresight(self) -> FarState:
        """What was seen and reckoned so far."""
        return self._sight.state()

    def restore(self, counts: Sequence[int], foresight: FarState | None = None) -> None:
        """Go on from what was seen and reckoned; the books have the rest."""
        super().restore(counts)
        if foresight is not None:
            self._sight.restore(foresight)

    def decide(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The best decision for an order, minding what stock was worth when last reckoned; then the order is seen."""
        assert len(orders) == 1, "what an order takes is booked before the next one is asked"
        told = self.decide_again(orders[0])
        self._see(orders, [told[0]])
        return [told]

    def decide_again(self, order: Order) -> tuple[Decision, Itemised]:
        """As `decide`, what was seen before."""
        return self._told(order, *self._decided(order, self._sight.values)[0])

    def decide_together(self, orders: Sequence[Order]) -> list[tuple[Decision, Itemised]]:
        """The plans of a wave, minding what stock was worth before it; then its orders are seen."""
        made = self._decided_together(orders, self._sight.values)
        told = [self._told(order, *one) for order, one in zip(orders, made, strict=True)]
        self._see(orders, [decision for decision, _ in told])
        return told

    def _told(self, order: Order, decision: Decision, itemised: Itemised) -> tuple[Decision, Itemised]:
        missed_minor = itemised.cost_minor.get(TERM.name, 0)
        return self._sight.paid(order, decision, missed_minor), told_without_values(itemised)

    def _see(self, orders: Sequence[Order], decisions: Iterable[Decision]) -> None:
        taken: Counter[Place] = Counter()  # which the books do not know yet
        for decision in decisions:
            for chosen, offer_id in zip(decision.packages, offers_of(decision), strict=True):
                for sku, units in chosen.units.items() if not offer_id else ():
                    taken[chosen.source_id, sku] += units

        def left(skus: Collection[str]) -> dict[str, dict[str, int]]:
            there = self._books.available(sorted(skus))
            return {
                sku: {one: there.get(sku, {}).get(one, 0) - taken[one, sku] for one in self._places.get(sku, ())}
                for sku in skus
            }

        self._sight.see(orders, left)
