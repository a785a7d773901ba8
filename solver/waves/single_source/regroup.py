"""Improvement of a plan: the orders of a few sources that exchange much are placed among these sources anew.

The sources are drawn by chance along what their orders could take instead. Their best other placing is accepted where
it costs less, or by chance little more (simulated annealing); groups grow while all their ways can be tried.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.anneal import Choices, draw
from solver.waves.single_source.deviations import Deviations, cheapest_way
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled
from solver.waves.single_source.standing import Standing, enter, leave

Floats = NDArray[np.float64]
_CLOSE = 4  # options of an order along which groups grow
_MOST_STEPS = 10_000  # for one group
_OVERHEAD = 200  # steps that a group costs beside
_MOST_SOURCES = 12.0
_GROWS, _SHRINKS = 1.004, 0.98


class Rounds(NamedTuple):
    """How the search goes on: changed as it goes."""

    price: Floats  # [S]: of capacity
    random: Ints  # [1]
    size: Floats  # [1]: of groups, at most, less one
    best: Ints  # [O]: the options of the best standing
    best_cost: Ints  # [1]


class _Group(NamedTuple):
    source: Ints  # [T]
    order: Ints  # [J]: that these sources have
    place: Ints  # [J]: where among the sources it is cheapest at the prices
    room: Ints  # [T]: that these places leave
    extra: Floats  # [J, T]: what a place costs more; infinite where it is none


@compiled
def regrouped(
    instance: Instance, standing: Standing, choices: Choices, rounds: Rounds, steps: int, spare: float
) -> None:
    """So many steps; a placing that costs `spare` more is accepted every e-th time.

    The standing keeps all capacities, before and after.
    """
    done = 0
    turning = np.flatnonzero(standing.held > 0)
    if len(turning) < 2:
        return
    while done < steps:
        first = turning[draw(rounds.random, len(turning))]
        many = 2 + draw(rounds.random, max(1, int(rounds.size[0])))
        source = _drawn(instance, standing, choices, rounds.random, first, many)
        chance = -spare * math.log((draw(rounds.random, 1_000_000) + 1) / 1_000_001)
        taken = _place_anew(instance, standing, choices, rounds.price, source, chance)
        done += taken + _OVERHEAD
        if taken >= _MOST_STEPS:
            rounds.size[0] = max(1.0, rounds.size[0] * _SHRINKS)
        elif many >= int(rounds.size[0]) + 1:
            rounds.size[0] = min(rounds.size[0] * _GROWS, _MOST_SOURCES)
        if standing.tally[0] < rounds.best_cost[0]:
            rounds.best_cost[0] = standing.tally[0]
            rounds.best[:] = standing.option


@compiled
def _drawn(instance: Instance, standing: Standing, choices: Choices, random: Ints, first: int, many: int) -> Ints:
    """At most so many sources, the first and some that orders of those before could take instead."""
    group = np.empty(many, dtype=np.int64)
    group[0] = first
    count = 1
    for _ in range(8 * many):
        one = group[draw(random, count)]
        if standing.held[one] == 0:
            continue
        order = standing.member[one, draw(random, standing.held[one])]
        near = draw(random, min(_CLOSE, choices.many[order]))
        other = instance.option_source[choices.ranked[instance.option_start[order] + near]]
        if not (group[:count] == other).any():
            group[count] = other
            count += 1
            if count == many:
                break
    return group[:count]


@compiled
def _place_anew(
    instance: Instance, standing: Standing, choices: Choices, price: Floats, source: Ints, spare: float
) -> int:
    """Place the orders of these sources as the cheapest other way has it, if it costs at most so much more.

    The steps that this took.
    """
    group = _group_of(instance, standing, choices, price, source)
    many = len(group.order)
    now = np.empty(many, dtype=np.int64)
    limit, differing = spare, 0
    for k in range(many):
        now[k] = np.flatnonzero(source == instance.option_source[standing.option[group.order[k]]])[0]
        limit += group.extra[k, now[k]]
        differing += now[k] != group.place[k]
    for g in range(len(source)):
        limit += price[source[g]] * (instance.capacity[source[g]] - standing.load[source[g]])
    deviations = _deviations(instance, choices, group, now, limit)
    best = np.empty(many + 1, dtype=np.int64)
    count, steps = cheapest_way(deviations, group.room, price[source], many, differing, limit, _MOST_STEPS, best)
    if count < 0:
        return steps
    for at in range(count):
        group.place[deviations.order[best[at]]] = deviations.into[best[at]]
    for k in range(many):
        if group.place[k] != now[k]:
            leave(instance, standing, group.order[k])
            enter(instance, standing, group.order[k], choices.option_at[group.order[k], source[group.place[k]]])
    return steps


@compiled
def _group_of(instance: Instance, standing: Standing, choices: Choices, price: Floats, source: Ints) -> _Group:
    many = standing.held[source].sum()
    order = np.empty(many, dtype=np.int64)
    place = np.zeros(many, dtype=np.int64)
    extra = np.full((many, len(source)), np.inf)
    room = instance.capacity[source].copy()
    k = 0
    for g in range(len(source)):
        for at in range(standing.held[source[g]]):
            order[k] = standing.member[source[g], at]
            k += 1
    for k in range(many):
        for g in range(len(source)):
            option = choices.option_at[order[k], source[g]]
            if option >= 0:
                extra[k, g] = instance.option_cost[option] + price[source[g]] * instance.option_weight[option]
        place[k] = np.argmin(extra[k])
        extra[k] -= extra[k, place[k]]
        room[place[k]] -= instance.option_weight[choices.option_at[order[k], source[place[k]]]]
    return _Group(source, order, place, room, extra)


@compiled
def _deviations(instance: Instance, choices: Choices, group: _Group, now: Ints, limit: float) -> Deviations:
    sources = len(group.source)
    away = np.arange(len(group.order)) * sources + group.place
    extra = group.extra.copy().reshape(-1)
    extra[away] = np.inf
    kept = np.flatnonzero(extra < limit)
    kept = kept[np.argsort(extra[kept], kind="mergesort")]
    kept = kept[np.argsort(group.place[kept // sources], kind="mergesort")]
    order, into = kept // sources, kept % sources
    out = group.place[order]
    start = np.searchsorted(out, np.arange(sources + 1))
    less, more = np.empty(len(kept), dtype=np.int64), np.empty(len(kept), dtype=np.int64)
    density = np.full(sources, np.inf)
    for at in range(len(kept)):
        number = group.order[order[at]]
        less[at] = instance.option_weight[choices.option_at[number, group.source[out[at]]]]
        more[at] = instance.option_weight[choices.option_at[number, group.source[into[at]]]]
        density[out[at]] = min(density[out[at]], extra[kept[at]] / max(less[at], 1))
    return Deviations(start, extra[kept], order, out, into, less, more, now[order] == into, density)
