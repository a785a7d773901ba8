"""The orders of a scenario one after the other, each on the stock that the plans before it left."""

from collections.abc import Iterable, Iterator

from solver.catalog.catalog import Catalog
from solver.fulfilment.question import lines_of, network_problem, skus_of
from solver.network.network import Network
from solver.orders.model import Order
from solver.scenario.model import Scenario
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem


class Desk:
    """What is left of the opening stock, and the problems that it makes."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._catalog = Catalog.of(scenario.materials, scenario.sales_items)
        self._network = Network.of(
            regions=scenario.regions,
            sources=scenario.sources,
            carriers=scenario.carriers,
            services=scenario.services,
            calendars=scenario.calendars,
            transfers=scenario.transfers,
        )
        self._left: dict[str, dict[str, int]] = {}
        for row in scenario.stock:
            self._left.setdefault(row.sku, {})[row.source_id] = row.units

    def problems(self, orders: Iterable[Order] | None = None, policy: Policy | None = None) -> Iterator[Problem]:
        """By default all orders under the scenario's policy. Each sees the stock that is left when it is asked for."""
        asked = policy or self._scenario.policy
        for order in self._scenario.orders if orders is None else orders:
            skus = skus_of(lines_of(order, self._catalog))
            left = {sku: self._left.get(sku, {}) for sku in skus}
            yield network_problem(order, self._catalog, self._network, left, left, asked)

    def take(self, plan: Plan) -> None:
        """The plan's units leave."""
        for package in plan.packages:
            for packed in package.contents:
                self._left[packed.sku][package.source_id] -= packed.units
