"""What units left behind are worth, or cost, in Problems and in what was decided from arrays."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.network.network import Network
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.materials import Materials
from solver.sourcing.snapshot.shelves import MinorBySource, Shelves
from solver.sourcing.terms.stock_value import SHARE, TERM
from solver.units import round_half_up_div


def with_values(problem: Problem, values: MinorBySource) -> Problem:
    """The problem whose offers state what a unit left at their source is worth, also of what is not there yet."""
    offers = []
    for offer in problem.offers:
        worth = {sku: values.get(sku, {}).get(offer.source_id, 0) for sku in offer.available}
        stated = {sku: minor for sku, minor in worth.items() if minor}
        offers.append(replace(offer, stock_value_minor=stated) if stated else offer)
    return replace(problem, offers=tuple(offers))


def with_landed_costs(problem: Problem, costs: MinorBySource) -> Problem:
    """The problem whose offers state what a unit costs at their source once all contracts are served."""
    offers = []
    for offer in problem.offers:
        stated = {sku: costs[sku][offer.source_id] for sku in offer.available if offer.source_id in costs.get(sku, {})}
        offers.append(replace(offer, landed_cost_minor=stated) if stated else offer)
    return replace(problem, offers=tuple(offers))


def missed_minor(
    decision: Decision,
    stock: NDArray[np.int32],
    shelves: Shelves,
    materials: Materials,
    network: Network,
    policy: Policy,
) -> int:
    """What of a decision's total is the value of its units, as the term counts it, on the stock that it was made on."""
    share = 0 if TERM.name in policy.off else SHARE.of(policy)
    if not share or not shelves.most_value:
        return 0
    total, least = 0, dict[int, int]()
    for chosen in decision.packages:
        source = network.source_positions[chosen.source_id]
        for sku, units in chosen.units.items():
            number = materials.number_of[sku]
            if number not in least:
                least[number] = shelves.least_value(number, stock)[1]
            above = int(shelves.value[shelves.at(number, source)]) - least[number]
            total += units * round_half_up_div(share * above, 1000)
    return total
