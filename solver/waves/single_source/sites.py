"""Which sources to open: annealing over sets of sources, each judged by the dual of splitting orders among them.

With the open sources given, letting orders be split leaves a transport problem, whose dual in prices of capacity is a
bound from below, quickly known well enough: few orders are split in it. A set is turned down as soon as its bound at
any prices is above what would be accepted.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.anneal import draw
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled

Floats = NDArray[np.float64]
_ROUNDS = 120  # of the dual, at most, for one set


class Ground(NamedTuple):
    """The instance in tables of orders by sources."""

    cost: Floats  # [O, S]: infinite where the order has no option there
    weight: Floats  # [O, S]
    capacity: Floats  # [S]
    opening_cost: Floats  # [S]
    may_turn: NDArray[np.bool_]  # [S]: sources that cost to open; others are always open
    least_load: float  # what all orders weigh at least together
    step: Floats  # [S]: by how much the price of a unit of capacity changes at first, when twice as much is asked


class Found(NamedTuple):
    """The best sets so far, the best first; changed as the search goes."""

    is_open: NDArray[np.bool_]  # [n, S]
    value: Floats  # [n]: infinite where there is none yet


def ground_of(instance: Instance, unit: float) -> Ground:
    """`unit`: what a typical order's second choice costs more than its first."""
    shape = instance.orders, instance.sources
    cost, weight = np.full(shape, np.inf), np.zeros(shape)
    cost[instance.option_order, instance.option_source] = instance.option_cost
    weight[instance.option_order, instance.option_source] = instance.option_weight
    options = np.maximum(np.diff(instance.source_start), 1)
    heavy = np.bincount(instance.option_source, weights=instance.option_weight, minlength=instance.sources) / options
    ships = instance.option_source < instance.sources - 1  # the last source stands for leaving orders
    light = np.full(instance.orders, np.iinfo(np.int64).max)
    np.minimum.at(light, instance.option_order[ships], instance.option_weight[ships])
    least_load = float(light[light < np.iinfo(np.int64).max].sum())
    return Ground(
        may_turn=instance.opening_cost > 0,
        least_load=least_load if least_load <= instance.capacity.sum() else 0.0,
        cost=cost,
        weight=weight,
        capacity=instance.capacity.astype(float),
        opening_cost=instance.opening_cost.astype(float),
        step=unit / np.maximum(heavy, 1.0),
    )


@compiled
def search_sites(
    ground: Ground, is_open: NDArray[np.bool_], price: Floats, found: Found, random: Ints, tries: int, heats: Floats
) -> None:
    """So many sets are tried, from the one given; `is_open`, `price` and `found` are kept up."""
    value = value_of(ground, is_open, price, np.inf)
    _enlist(found, is_open, value)
    heat = heats[0]
    cooling = (heats[1] / heats[0]) ** (1 / max(tries, 1))
    candidate, candidate_price = is_open.copy(), price.copy()
    for _ in range(tries):
        heat *= cooling
        candidate[:] = is_open
        candidate_price[:] = price
        _alter(ground, candidate, random)
        limit = value - heat * math.log((draw(random, 1_000_000) + 1) / 1_000_001)
        reached = value_of(ground, candidate, candidate_price, limit)
        if reached <= limit:
            value = reached
            is_open[:] = candidate
            price[:] = candidate_price
            _enlist(found, is_open, value)


@compiled
def _alter(ground: Ground, is_open: NDArray[np.bool_], random: Ints) -> None:
    """Up to two sources less and up to two more."""
    kind = draw(random, 9) + 1
    for _ in range(kind % 3):
        _turn(ground, is_open, random, 0)
    for _ in range(min(kind // 3, 2)):
        _turn(ground, is_open, random, 1)


@compiled
def _turn(ground: Ground, is_open: NDArray[np.bool_], random: Ints, opens: int) -> None:
    those = np.flatnonzero(ground.may_turn & (is_open != (opens == 1)))
    if len(those) > 0:
        is_open[those[draw(random, len(those))]] = opens == 1


@compiled
def value_of(ground: Ground, is_open: NDArray[np.bool_], price: Floats, limit: float) -> float:
    """The best bound found of the set; the first one above the limit."""
    sources = np.flatnonzero(is_open)
    if ground.capacity[sources].sum() < ground.least_load:
        return np.inf
    fixed = float(ground.opening_cost[sources].sum())
    best, best_price = -np.inf, price[sources].copy()
    load = np.zeros(len(sources))
    for at in range(_ROUNDS):
        bound = float(fixed + _cheapest(ground, sources, price, load))
        if bound > best:
            best = bound
            best_price[:] = price[sources]
            if best > limit:
                return best
        shrink = 30.0 / (10.0 + at)
        for k in range(len(sources)):
            source = sources[k]
            asked = load[k] / max(ground.capacity[source], 1.0) - 1
            price[source] = max(price[source] + shrink * ground.step[source] * min(asked, 2.0), 0.0)
    price[sources] = best_price
    return best


@compiled
def _cheapest(ground: Ground, sources: Ints, price: Floats, load: Floats) -> float:
    """Every order where it is cheapest at these prices; less what the capacity is worth. `load` becomes theirs."""
    load[:] = 0
    total = 0.0
    for k in range(len(sources)):
        total -= price[sources[k]] * ground.capacity[sources[k]]
    for order in range(len(ground.cost)):
        least, where = np.inf, 0
        for k in range(len(sources)):
            cost = ground.cost[order, sources[k]] + price[sources[k]] * ground.weight[order, sources[k]]
            if cost < least:
                least, where = cost, k
        total += least
        load[where] += ground.weight[order, sources[where]]
    return total


@compiled
def _enlist(found: Found, is_open: NDArray[np.bool_], value: float) -> None:
    """Put the set among the best ones, unless it is there."""
    many = len(found.value)
    for at in range(many):
        if np.all(found.is_open[at] == is_open):
            return
        if value < found.value[at]:
            for later in range(many - 1, at, -1):
                found.value[later] = found.value[later - 1]
                found.is_open[later] = found.is_open[later - 1]
            found.value[at] = value
            found.is_open[at] = is_open
            return
