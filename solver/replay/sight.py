"""What a run that minds values of stock sees and reckons, whichever way its orders are decided.

Nothing is known beforehand: the orders that came so far, and what is forecast from them, stand for those to come until
the horizon ends.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.foresight.seen_orders import SeenOrders
from solver.foresight.stock_values import Ask, StockValuer, UnitsBySource
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.far_state import FarState
from solver.scenario.model import Horizon
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised
from solver.sourcing.terms.stock_value import REFRESH, SHARE, TERM

Left = Callable[[Collection[str]], UnitsBySource]
"""What of these SKUs may still be promised, after the orders that were seen last."""


class Sight:
    """Sees orders as they are decided, and reckons values anew after every so many of them."""

    def __init__(
        self, network: Network, catalog: Catalog, policy: Policy, ask: Ask, horizon: Horizon, seed: int
    ) -> None:
        self._catalog, self._share, self._ends_at = catalog, SHARE.of(policy), horizon.ends_at
        self._every = REFRESH.of(policy)
        self._seen = SeenOrders(catalog, horizon.starts_at)
        self._valuer = StockValuer(network, catalog, policy, ask, seed)
        self._values: dict[str, dict[str, int]] = {}

    @property
    def values(self) -> Mapping[str, Mapping[str, int]]:
        """SKU -> source -> what a unit left there was worth when values were reckoned last."""
        return self._values

    @property
    def orders_ahead(self) -> int:
        """How many more orders are decided by the values that there are now."""
        return self._every - self._seen.total % self._every

    def see(self, orders: Sequence[Order], left: Left) -> bool:
        """Count orders that were decided; whether values were reckoned anew."""
        periods = self._seen.total // self._every
        for order in orders:
            self._seen.see(order)
        if self._seen.total // self._every == periods:
            return False
        expected = self._seen.expected(orders[-1].placed_at, self._ends_at)
        units = left(sorted({sku for _, parts in expected for sku, _ in parts}))
        self._values = self._valuer.values(units, expected, orders[-1], self._seen.total)
        return True

    def paid(self, order: Order, decision: Decision, missed_minor: int) -> Decision:
        """The decision without what its units are worth, which nobody pays; its bound holds without that too."""
        return replace(
            decision,
            total_minor=decision.total_minor - missed_minor,
            bound_minor=max(0, decision.bound_minor - self._most_value(order)),
        )

    def state(self) -> FarState:
        """All that another one needs to go on from here, but for the stock."""
        return FarState(seen=self._seen.state(), valuer=self._valuer.state(), values=self._values)

    def restore(self, state: FarState) -> None:
        """Go on from where another one was."""
        self._seen.restore(state.seen)
        self._valuer.restore(state.valuer)
        self._values = state.values

    def _most_value(self, order: Order) -> int:
        """No plan's units are worth more: by so much may a plan without values be below the bound with them."""
        return sum(
            line.quantity
            * part.units
            * -(-self._share * max(self._values.get(part.sku, {}).values(), default=0) // 1000)
            for line in order.lines
            for part in parts_of(line, self._catalog)
        )


def told_without_values(itemised: Itemised) -> Itemised:
    """What a decision comes to, without the term of values."""
    return Itemised(
        packages=tuple(replace(one, cost_minor=_paid(one.cost_minor)) for one in itemised.packages),
        cost_minor=_paid(itemised.cost_minor),
    )


def _paid(cost_minor: Mapping[str, int]) -> dict[str, int]:
    return {term: minor for term, minor in cost_minor.items() if term != TERM.name}
