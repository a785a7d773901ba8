"""Which decider a run has: by its scenario's stock, and by what its policy minds."""

from collections.abc import Mapping

from solver.catalog.catalog import Catalog
from solver.network.network import Network
from solver.replay.books import Books
from solver.replay.decider import Decider, Place
from solver.replay.far_stated import FarSightedStated
from solver.replay.foresight import FarSighted, minds_stock_value
from solver.replay.stated import StatedDecider
from solver.scenario.model import Horizon, Scenario
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy


def decider_of(
    scenario: Scenario,
    network: Network,
    catalog: Catalog,
    policy: Policy,
    units: Mapping[Place, int],
    books: Books,
    horizon: Horizon,
    seed: int,
    rule: Engine,
) -> Decider:
    """Where the stock has layers, its books are asked; elsewhere it decides from arrays. No rule minds values."""
    minds_values = rule is Engine.EXACT and minds_stock_value(policy)
    if scenario.is_layered and minds_values:
        return FarSightedStated(network, catalog, policy, units, books, horizon, seed)
    if scenario.is_layered:
        return StatedDecider(network, catalog, policy, units, books, rule)
    if minds_values:
        return FarSighted(network, catalog, policy, units, horizon, seed)
    return Decider(network, catalog, policy, units, rule)
