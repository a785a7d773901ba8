"""Simulated annealing: orders shift, trade places, sources close and open, and capacities may be exceeded at a price.

The price of an excess rises while the standing breaks capacities and falls while it keeps them, so that the search
walks along the edge. The best standing that keeps them all is the answer.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled
from solver.waves.single_source.standing import Standing, enter, excess_change, leave

Floats = NDArray[np.float64]
ATTEMPTS = 100


class Choices(NamedTuple):
    """Which options are worth trying."""

    ranked: Ints  # [K]: the options of each order, the most promising first
    many: Ints  # [O]: how many of them are tried
    option_at: NDArray[np.int32]  # [O, S]: the order's option at the source, -1: none
    nearest: Ints  # [K]: the options of each source, the most promising first (as `by_source`)


class Course(NamedTuple):
    """How the search goes on: changed as it goes."""

    excess_price: Floats  # [S]: of a unit of weight, before the factor
    factor: Floats  # [1]
    random: Ints  # [1]: between 1 and 2**31 - 2
    best: Ints  # [O]: the options of the best standing that keeps all capacities
    best_cost: Ints  # [1]


@compiled
def draw(random: Ints, many: int) -> int:
    """A number below `many`, by the minimal standard generator."""
    random[0] = random[0] * 48271 % 2147483647
    return int(random[0] % many)


@compiled
def _accepts(random: Ints, change: float, heat: float) -> bool:
    if change <= 0:
        return True
    return change < -heat * math.log((draw(random, 1_000_000) + 1) / 1_000_001)


@compiled
def anneal(
    instance: Instance, standing: Standing, choices: Choices, course: Course, moves: int, heats: Floats, tighten: float
) -> None:
    """So many moves while the heat goes from the first to the second of `heats`, evenly in proportion."""
    heat = heats[0]
    cooling = (heats[1] / heats[0]) ** (ATTEMPTS / max(moves, 1))
    orders = len(standing.option)
    for move in range(moves):
        if move % ATTEMPTS == 0:
            heat *= cooling
            course.factor[0] *= 1 / tighten if standing.tally[1] == 0 else tighten
            course.factor[0] = min(max(course.factor[0], 0.05), 1e6)
            _turn_a_source(instance, standing, choices, course, heat)
        order = draw(course.random, orders)
        option = choices.ranked[instance.option_start[order] + draw(course.random, choices.many[order])]
        if option == standing.option[order]:
            continue
        if move % 2 == 0:
            changed = _shift(instance, standing, course, order, option, heat)
        else:
            changed = _eject(instance, standing, choices, course, order, option, heat)
        if changed:
            _remember(standing, course)


@compiled
def _remember(standing: Standing, course: Course) -> None:
    if standing.tally[1] == 0 and standing.tally[0] < course.best_cost[0]:
        course.best_cost[0] = standing.tally[0]
        course.best[:] = standing.option


@compiled
def _beyond(instance: Instance, standing: Standing, course: Course, source: int, weight: int) -> float:
    """What the excess of a source costs more when so much weight comes."""
    more = excess_change(standing.load[source], instance.capacity[source], weight)
    return float(more * course.excess_price[source] * course.factor[0])


@compiled
def _shift_change(instance: Instance, standing: Standing, course: Course, order: int, option: int) -> float:
    old = standing.option[order]
    there, here = instance.option_source[option], instance.option_source[old]
    change = float(instance.option_cost[option] - instance.option_cost[old])
    if standing.held[there] == 0:
        change += instance.opening_cost[there]
    if standing.held[here] == 1:
        change -= instance.opening_cost[here]
    change += _beyond(instance, standing, course, there, instance.option_weight[option])
    return change + _beyond(instance, standing, course, here, -instance.option_weight[old])


@compiled
def _shift(instance: Instance, standing: Standing, course: Course, order: int, option: int, heat: float) -> bool:
    if not _accepts(course.random, _shift_change(instance, standing, course, order, option), heat):
        return False
    leave(instance, standing, order)
    enter(instance, standing, order, option)
    return True


@compiled
def _eject(
    instance: Instance, standing: Standing, choices: Choices, course: Course, order: int, option: int, heat: float
) -> bool:
    """The order takes the option, and an order of that source goes where the first one stood, or elsewhere."""
    there, here = instance.option_source[option], instance.option_source[standing.option[order]]
    if standing.held[there] == 0:
        return False
    other = standing.member[there, draw(course.random, standing.held[there])]
    if draw(course.random, 2) == 0:
        onward = int(choices.option_at[other, here])
    else:
        onward = int(choices.ranked[instance.option_start[other] + draw(course.random, choices.many[other])])
    if onward < 0 or instance.option_source[onward] == there:
        return False
    change = _eject_change(instance, standing, course, order, option, other, onward)
    if not _accepts(course.random, change, heat):
        return False
    leave(instance, standing, order)
    leave(instance, standing, other)
    enter(instance, standing, order, option)
    enter(instance, standing, other, onward)
    return True


@compiled
def _eject_change(
    instance: Instance, standing: Standing, course: Course, order: int, option: int, other: int, onward: int
) -> float:
    old, others = standing.option[order], standing.option[other]
    cost, weight = instance.option_cost, instance.option_weight
    here, there, further = (instance.option_source[old], instance.option_source[option], instance.option_source[onward])
    change = float(cost[option] - cost[old] + cost[onward] - cost[others])
    change += _beyond(instance, standing, course, there, weight[option] - weight[others])
    if further == here:
        return change + _beyond(instance, standing, course, here, weight[onward] - weight[old])
    if standing.held[here] == 1:
        change -= instance.opening_cost[here]
    if standing.held[further] == 0:
        change += instance.opening_cost[further]
    change += _beyond(instance, standing, course, here, -weight[old])
    return change + _beyond(instance, standing, course, further, weight[onward])


@compiled
def _turn_a_source(instance: Instance, standing: Standing, choices: Choices, course: Course, heat: float) -> None:
    """An open source closes, another opens, or both; taken back where that is not accepted."""
    sources = len(standing.load)
    before = standing.option.copy()
    cost, factor = standing.tally[0], course.factor[0]
    worse = _penalty(instance, standing, course)
    first, second = draw(course.random, sources), draw(course.random, sources)
    if instance.opening_cost[first] == 0 and instance.opening_cost[second] == 0:
        return
    if standing.held[first] == 0:
        _open(instance, standing, choices, course, first)
    else:
        _close(instance, standing, choices, course, first, second)
    change = float(standing.tally[0] - cost) + _penalty(instance, standing, course) - worse
    if _accepts(course.random, change, heat):
        _remember(standing, course)
        return
    course.factor[0] = factor
    for order in range(len(before)):
        if standing.option[order] != before[order]:
            leave(instance, standing, order)
            enter(instance, standing, order, before[order])


@compiled
def _penalty(instance: Instance, standing: Standing, course: Course) -> float:
    beyond = np.maximum(standing.load - instance.capacity, 0)
    return float((beyond * course.excess_price).sum() * course.factor[0])


@compiled
def _open(instance: Instance, standing: Standing, choices: Choices, course: Course, source: int) -> None:
    """Orders that are better off at the source go there, the most promising first, while there is room."""
    for at in range(instance.source_start[source], instance.source_start[source + 1]):
        option = choices.nearest[at]
        order = instance.option_order[option]
        if standing.option[order] == option:
            continue
        if standing.load[source] + instance.option_weight[option] > instance.capacity[source]:
            continue
        change = _shift_change(instance, standing, course, order, option)
        if standing.held[source] == 0:
            change -= instance.opening_cost[source]
        if change < 0:
            leave(instance, standing, order)
            enter(instance, standing, order, option)


@compiled
def _close(instance: Instance, standing: Standing, choices: Choices, course: Course, source: int, instead: int) -> None:
    """Every order of the source goes where it costs least, of open sources and the one that may open instead."""
    while standing.held[source] > 0:
        order = standing.member[source, standing.held[source] - 1]
        best, least = -1, np.inf
        for at in range(instance.option_start[order], instance.option_start[order + 1]):
            option = choices.ranked[at]
            there = instance.option_source[option]
            if there == source or (standing.held[there] == 0 and there != instead and instance.opening_cost[there] > 0):
                continue
            change = instance.option_cost[option] + _beyond(
                instance, standing, course, there, instance.option_weight[option]
            )
            if change < least:
                best, least = int(option), change
        if best < 0:
            return
        leave(instance, standing, order)
        enter(instance, standing, order, best)
