"""What weight beyond the capacity of a source costs a search that may exceed capacities: prices that adapt.

A source that is beyond its capacity when the search comes to rest becomes dearer, the one that is furthest beyond the
most; when none is, all become a little cheaper. So the search walks along the edge of what the sources hold.
"""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.anneal import draw
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled, inlined
from solver.waves.single_source.standing import EXCESS_UNITS, Standing

Floats = NDArray[np.float64]
_DEARER, _CHEAPER = 0.2, 0.04
_LEAST = 0.3  # of the mean price, at first: capacity that nobody asks for may become scarce


def first_penalties(price: Floats) -> Floats:
    """Penalties [S] of a unit of weight, from what a unit of capacity is worth."""
    return np.maximum(price, max(_LEAST * float(price.mean()), 1e-3))


@inlined
def excess_cost(penalty: float, load: float, capacity: float) -> float:
    """What so much load costs beyond the capacity."""
    return penalty * (load - capacity) if load > capacity else 0.0


@compiled
def adapt(instance: Instance, standing: Standing, penalty: Floats, random: Ints) -> None:
    """After the search came to rest at this standing. How much dearer an excess becomes is left to chance in part."""
    if standing.tally[EXCESS_UNITS] == 0:
        penalty *= 1 - _CHEAPER
        return
    most = (standing.load - instance.capacity).max()
    for source in range(len(penalty)):
        excess = standing.load[source] - instance.capacity[source]
        if excess > 0:
            chance = 0.5 + draw(random, 1_000_000) / 1_000_000
            penalty[source] *= 1 + _DEARER * chance * excess / most
