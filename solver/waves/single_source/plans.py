"""Plans as options, one of each order: what they cost, and whether sources hold them."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.single_source.instance import Instance


def cost_of(instance: Instance, option: Ints) -> int:
    """What these options cost, in minor units."""
    used = np.bincount(instance.option_source[option], minlength=instance.sources) > 0
    return int(instance.option_cost[option].sum() + instance.opening_cost[used].sum())


def keeps_capacities(instance: Instance, option: Ints) -> bool:
    """True when no source holds more than its capacity."""
    load = np.zeros(instance.sources, dtype=np.int64)
    np.add.at(load, instance.option_source[option], instance.option_weight[option])
    return bool(np.all(load <= instance.capacity))


def with_orders_left(instance: Instance, option: Ints) -> Ints:
    """The plan with orders left where sources hold too much: those that cost least for the room that they make.

    A source still holds too much where its orders may not be left.
    """
    option = option.copy()
    left = instance.sources - 1  # the last source stands for leaving orders, see `reading`
    load = np.zeros(instance.sources, dtype=np.int64)
    np.add.at(load, instance.option_source[option], instance.option_weight[option])
    for source in np.flatnonzero(load > instance.capacity):
        orders = np.flatnonzero(instance.option_source[option] == source)
        last = instance.option_start[orders + 1] - 1
        orders, last = orders[instance.option_source[last] == left], last[instance.option_source[last] == left]
        dear = (instance.option_cost[last] - instance.option_cost[option[orders]]) / np.maximum(
            instance.option_weight[option[orders]], 1
        )
        for at in np.argsort(dear, kind="stable"):
            if load[source] <= instance.capacity[source]:
                break
            load[source] -= instance.option_weight[option[orders[at]]]
            option[orders[at]] = last[at]
    return option
