"""What the orders of a scenario would have cost at least, had all of them been known from the beginning.

All stock that ever comes is there at once, and nothing goes wrong: so whatever a policy did, it did no better. What
customers send back, good, is there at once too, as if every order had shipped whole; ways back and exchanges are in no
cost of an order, here as in a run.
"""

from collections import Counter
from dataclasses import dataclass

from solver.catalog.catalog import Catalog
from solver.fulfilment.question import UnitsBySource, network_problem
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.returnable import Place, resold_at_most
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.waves.case import PRICES_PER_MINOR
from solver.waves.engine.search import search
from solver.waves.from_snapshot import NotFromSnapshot, lay_out_orders
from solver.waves.limits import Watch, WaveLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """Under one policy, its prices of unfilled units included: no run costs less than `bound_minor`.

    `found_minor` is a plan for all orders together that was found; None where some order is outside the wave's arrays.
    """

    bound_minor: int
    found_minor: int | None


def hindsight(scenario: Scenario, policy: Policy, seconds: float, seed: int = 0) -> Hindsight | None:
    """The bound, and the best plan found in so many seconds; None where a policy's rules leave the wave's arrays.

    `seed` is that of the runs: it draws what comes back.
    """
    return hindsight_within(scenario, policy, WaveLimits(time_limit_seconds=seconds), seed)


def hindsight_within(scenario: Scenario, policy: Policy, limits: WaveLimits, seed: int = 0) -> Hindsight | None:
    """The same by limits of work, which give the same answer on any machine."""
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    network = Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )

    def ask(order: Order, network: Network, available: UnitsBySource) -> Problem:
        return network_problem(order, catalog, network, available, available, policy)

    ever = _ever(scenario)
    ever += resold_at_most(scenario, network, catalog, seed, ever)
    available: dict[str, dict[str, int]] = {}
    for (source_id, sku), units in ever.items():
        available.setdefault(sku, {})[source_id] = units
    snapshot = Snapshot.of(network=network, catalog=catalog, available=available, policy=policy, ask=ask)
    if snapshot.refusals:
        return None
    try:
        laid = lay_out_orders(snapshot, scenario.orders)
    except NotFromSnapshot:
        return None
    found = search(laid.case, limits, Watch())
    return Hindsight(
        bound_minor=-(-found.bound // PRICES_PER_MINOR),  # costs are whole
        found_minor=None if laid.outside else found.total,
    )


def _ever(scenario: Scenario) -> Counter[Place]:
    """Units that are there sometime, or may be promised all the same, but for those that customers send back."""
    rows = [(row.source_id, row.sku, row.units) for row in scenario.stock]
    rows += [(row.source_id, row.sku, row.units) for row in scenario.comings]
    rows += [(row.site_id, row.sku, row.units) for row in scenario.backorders]
    units: Counter[Place] = Counter()
    for source_id, sku, number in rows:
        units[source_id, sku] += number
    return units
