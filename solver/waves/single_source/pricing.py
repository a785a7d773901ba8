"""The Lagrangian bound: orders pay a price to be shipped, and each source packs the orders that pay most.

At prices u of the orders, not above what leaving them costs, no plan costs less than

    sum over orders of u  +  sum over sources of min(0, opening cost - the most worth that fits into its capacity)

where an order is worth u less its cost to the source. The capacity is kept as a knapsack of whole orders, which proves
more than a price for each unit of it would.
"""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.single_source.instance import PRICES_PER_MINOR, Instance
from solver.waves.single_source.knapsack import fill
from solver.waves.single_source.machine_code import compiled


def priced(instance: Instance, price: Ints) -> tuple[int, Ints, Ints]:
    """The bound at these prices of orders, in thousandths; what each source packs [K], and what it gains [S].

    A source that does not gain packs nothing in the bound, but its packing is given all the same.
    """
    gain = np.zeros(instance.sources, dtype=np.int64)
    packed = np.zeros(len(instance.option_order), dtype=np.int64)
    worth = price[instance.option_order] - PRICES_PER_MINOR * instance.option_cost
    _pack(worth, instance.option_weight, instance.capacity, instance.by_source, instance.source_start, packed, gain)
    gain -= PRICES_PER_MINOR * instance.opening_cost
    return int(price.sum() - np.maximum(gain, 0).sum()), packed, gain


@compiled
def _pack(
    worth: Ints, weight: Ints, capacity: Ints, by_source: Ints, source_start: Ints, packed: Ints, gain: Ints
) -> None:
    for source in range(len(capacity)):
        options = by_source[source_start[source] : source_start[source + 1]]
        taken = np.zeros(len(options), dtype=np.int64)
        gain[source] = fill(worth[options], weight[options], capacity[source], taken)
        packed[options] = taken
