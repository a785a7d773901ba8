"""What comes back good at most, wherever it was shipped from: for bounds of what orders cost."""

from collections import Counter
from collections.abc import Collection

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.network.network import Network
from solver.orders.model import Order
from solver.replay.coming_back import ComingBack
from solver.scenario.model import Scenario
from solver.stock.physical.return_model import Grade

Place = tuple[str, str]  # source and SKU


def resold_at_most(
    scenario: Scenario, network: Network, catalog: Catalog, seed: int, stocked: Collection[Place]
) -> Counter[Place]:
    """Units that any policy may have at a place beyond those that lie or come there: all orders ship whole for it.

    What goes back to who shipped it may lie at every source that has the SKU sometime (`stocked`, or by other rules):
    where it does is the policy's to say.
    """
    coming_back, found, anywhere = ComingBack(scenario, network, catalog, seed), Counter[Place](), Counter[str]()
    if not coming_back:
        return found
    for order in scenario.orders:
        door = network.place(order.destination)
        for sku, units in _units_of(order, catalog).items():
            for unit in range(units):
                fate = coming_back.fate(order, sku, unit)
                if fate is None or fate.grade is not Grade.RESELL:
                    continue
                source_id = coming_back.place_of(fate.rule, door, "")
                if source_id:
                    found[source_id, sku] += 1
                else:
                    anywhere[sku] += 1
    for source_id, sku in {*stocked, *found}:
        found[source_id, sku] += anywhere[sku]
    return +found


def _units_of(order: Order, catalog: Catalog) -> Counter[str]:
    units: Counter[str] = Counter()
    for line in order.lines:
        for part in parts_of(line, catalog):
            units[part.sku] += line.quantity * part.units
    return units
