"""Where every order stands while a local search moves them: arrays that its inner loops keep up."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled

Numbers = NDArray[np.int32]
COST, EXCESS_UNITS = 0, 1


class Standing(NamedTuple):
    """Every order has one option; sources may be beyond their capacity."""

    option: Ints  # [O]
    load: Ints  # [S]: weight of its orders
    held: Ints  # [S]: how many orders it has
    member: Numbers  # [S, O]: which orders those are
    place: Numbers  # [O]: where among them an order is
    tally: Ints  # [2]: cost; weight beyond capacities


def standing_of(instance: Instance, option: Ints) -> Standing:
    """As these options, one of each order, have it."""
    standing = Standing(
        option=option.copy(),
        load=np.zeros(instance.sources, dtype=np.int64),
        held=np.zeros(instance.sources, dtype=np.int64),
        member=np.zeros((instance.sources, instance.orders), dtype=np.int32),
        place=np.zeros(instance.orders, dtype=np.int32),
        tally=np.zeros(2, dtype=np.int64),
    )
    _fill_in(instance, standing)
    return standing


@compiled
def _fill_in(instance: Instance, standing: Standing) -> None:
    for order in range(len(standing.option)):
        enter(instance, standing, order, standing.option[order])


@compiled
def excess_change(load: int, capacity: int, weight: int) -> int:
    """By how much the weight beyond the capacity changes when so much comes (or, negative, goes)."""
    return max(load + weight - capacity, 0) - max(load - capacity, 0)


@compiled
def enter(instance: Instance, standing: Standing, order: int, option: int) -> None:
    """An order that stands nowhere takes this option."""
    source, weight = instance.option_source[option], instance.option_weight[option]
    standing.tally[0] += instance.option_cost[option]
    if standing.held[source] == 0:
        standing.tally[0] += instance.opening_cost[source]
    standing.tally[1] += excess_change(standing.load[source], instance.capacity[source], weight)
    standing.load[source] += weight
    standing.member[source, standing.held[source]] = order
    standing.place[order] = standing.held[source]
    standing.held[source] += 1
    standing.option[order] = option


@compiled
def leave(instance: Instance, standing: Standing, order: int) -> None:
    """The order stands nowhere until it enters again."""
    option = standing.option[order]
    source, weight = instance.option_source[option], instance.option_weight[option]
    standing.tally[0] -= instance.option_cost[option]
    standing.held[source] -= 1
    if standing.held[source] == 0:
        standing.tally[0] -= instance.opening_cost[source]
    standing.tally[1] += excess_change(standing.load[source], instance.capacity[source], -weight)
    standing.load[source] -= weight
    last = standing.member[source, standing.held[source]]
    standing.member[source, standing.place[order]] = last
    standing.place[last] = standing.place[order]
