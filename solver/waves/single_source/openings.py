"""The search's own steps from prices to plans: which sources to open, and plans for the best sets of them."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.limits import Watch
from solver.waves.single_source.anneal import ATTEMPTS, Choices, Course, anneal
from solver.waves.single_source.ascent import Prices
from solver.waves.single_source.instance import PRICES_PER_MINOR, Instance, instance_of
from solver.waves.single_source.plans import cost_of, keeps_capacities, with_orders_left
from solver.waves.single_source.sites import Found, Ground, ground_of, search_sites, value_of
from solver.waves.single_source.standing import standing_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_MOST_SETS = 24
_TRIAL, _FEWEST = 5_000, 1_000  # tries
# Of the bound: for what sets of sources are accepted at first, restart by restart in turn, and at last.
_HOT, _COLD = (0.003, 0.01), 0.0005
_TRIED = 6  # options of an order that are tried, the most promising ones
_FREE, _FASTEST = math.inf, 1.005
# Courses of annealing: the price of excess at first, in parts of the price of capacity, and stages. A stage has a part
# of all moves, its heats in parts of what a second choice costs more than the first, and by how much the price of
# excess could rise in it. The first course is for few sources with many orders each, the second for many with few.
_COURSES = (
    (2.0, ((1.0, 0.3, 0.005, _FREE),)),
    (1.3, ((0.3, 0.5, 0.2, 1.0), (0.6, 0.2, 0.05, 8.0), (0.1, 0.05, 0.01, 1e4))),
)
_FEW_ORDERS = 15  # of a source, on average
_NEVER_FOUND = np.iinfo(np.int64).max


class Opened(NamedTuple):
    """A plan and the sources that were open to it."""

    is_open: Flags
    option: Ints  # [O]
    cost: int


def unit_of(instance: Instance, prices: Prices) -> float:
    """What a typical order's further options cost more than its first, capacity at what it seems to be worth."""
    dear = instance.option_cost + capacity_prices(instance, prices)[instance.option_source] * instance.option_weight
    ranked = dear[np.lexsort((dear, instance.option_order))]
    first = instance.option_start[:-1]
    last = np.minimum(first + _TRIED, instance.option_start[1:]) - 1
    return max(float(np.median(ranked[last] - ranked[first])) / 2, 1.0)


def capacity_prices(instance: Instance, prices: Prices) -> Floats:
    """What a unit of each source's capacity is worth beyond its share in the opening: by the marginal order packed."""
    worth = prices.price[instance.option_order] / PRICES_PER_MINOR - instance.option_cost
    dense = np.where(worth > 0, worth / np.maximum(instance.option_weight, 1), 0.0)
    price = np.zeros(instance.sources)
    for source in range(instance.sources):
        options = instance.by_source[instance.source_start[source] : instance.source_start[source + 1]]
        falling = options[np.argsort(-dense[options], kind="stable")]
        beyond = np.flatnonzero(np.cumsum(instance.option_weight[falling]) > instance.capacity[source])
        price[source] = dense[falling[beyond[0]]] if beyond.size else 0.0
    return np.maximum(price - instance.opening_cost / np.maximum(instance.capacity, 1), 0.0)


def promising_sets(
    instance: Instance, prices: Prices, *, restarts: int, tries: int, seed: int, watch: Watch, deadline: float
) -> list[Flags]:
    """Sets of sources to open, the best first; one of all where none costs anything to open."""
    if not instance.opening_cost.any():
        return [np.ones(instance.sources, dtype=np.bool_)]
    ground = ground_of(instance, unit_of(instance, prices))
    first = _first_set(instance, prices, ground)
    found = Found(is_open=np.zeros((_MOST_SETS, instance.sources), dtype=np.bool_), value=np.full(_MOST_SETS, np.inf))
    unit = max(prices.bound / PRICES_PER_MINOR, 1.0)
    for restart, many in enumerate(tries_in_time(restarts, tries, watch, deadline)):
        random = np.array([1 + (seed * 7919 + restart * 104_729) % (2**31 - 3)])
        price = capacity_prices(instance, prices)
        heats = np.array([_HOT[restart % len(_HOT)], _COLD]) * unit
        search_sites(ground, first.copy(), price, found, random, many, heats)
    return [found.is_open[at].copy() for at in np.flatnonzero(np.isfinite(found.value))]


def tries_in_time(restarts: int, tries: int, watch: Watch, deadline: float) -> Iterator[int]:
    """The tries of every restart, so many that all cool by the deadline; a short one first tells how fast."""
    pace = math.inf  # tries a second
    if deadline < math.inf:
        begun = watch.clock()
        yield min(tries, _TRIAL)
        pace = min(tries, _TRIAL) / max(watch.clock() - begun, 1e-6)
    for restart in range(restarts):
        left = deadline - watch.clock()
        if left <= 0 or watch.is_cancelled():
            return
        yield tries if pace == math.inf else max(_FEWEST, min(tries, int(pace * left / (restarts - restart))))


def _first_set(instance: Instance, prices: Prices, ground: Ground) -> Flags:
    """Sources that gain at the prices, and the next ones until all orders find room."""
    is_open = ~ground.may_turn | (prices.gain > 0)
    for source in np.argsort(-prices.gain, kind="stable"):
        if instance.capacity[is_open].sum() >= ground.least_load * 1.05:
            break
        is_open[source] = True
    return is_open


def planned(instance: Instance, is_open: Flags, prices: Prices, *, moves: int, seed: int) -> Opened | None:
    """The best plan that annealing finds with these sources open; None where it finds none within the capacities."""
    kept, opened = only_open(instance, is_open)
    if (np.diff(opened.option_start) == 0).any():
        return None
    option = kept[_annealed(opened, is_open, unit_of(instance, prices), capacity_prices(instance, prices), moves, seed)]
    option = with_orders_left(instance, option)
    if not keeps_capacities(instance, option):
        return None
    return Opened(is_open=is_open, option=option, cost=cost_of(instance, option))


def only_open(instance: Instance, is_open: Flags) -> tuple[Ints, Instance]:
    """The options at these sources, and the instance that has no others, in which nothing costs to open."""
    kept = np.flatnonzero(is_open[instance.option_source])
    opened = instance_of(
        option_order=instance.option_order[kept],
        option_source=instance.option_source[kept],
        option_cost=instance.option_cost[kept],
        option_weight=instance.option_weight[kept],
        leave_cost=instance.leave_cost,
        capacity=instance.capacity,
        opening_cost=np.zeros(instance.sources, dtype=np.int64),
    )
    return kept, opened


def _annealed(opened: Instance, is_open: Flags, unit: float, price: Floats, moves: int, seed: int) -> Ints:
    """The options of the best plan within the capacities; of the last one where none was."""
    ground = ground_of(opened, unit)
    for _ in range(3):
        value_of(ground, is_open, price, np.inf)
    dear = opened.option_cost + price[opened.option_source] * opened.option_weight
    choices = choices_of(opened, dear)
    first = choices.ranked[opened.option_start[:-1]]
    second = choices.ranked[np.minimum(opened.option_start[:-1] + 1, opened.option_start[1:] - 1)]
    factor, stages = _COURSES[int(opened.orders < _FEW_ORDERS * int(is_open.sum()))]
    heat = max(float(np.mean(dear[second] - dear[first])), 1e-3 * unit)
    course = Course(
        excess_price=np.maximum(price, max(float(price[is_open].mean()) * 0.3, float(ground.step.mean()) * 0.1)),
        factor=np.full(1, factor),
        random=np.array([1 + seed % (2**31 - 3)]),
        best=first.copy(),
        best_cost=np.array([_NEVER_FOUND]),
    )
    standing = standing_of(opened, first)
    for share, hot, cold, rise in stages:
        many = int(share * moves)
        anneal(
            opened,
            standing,
            choices,
            course,
            many,
            np.array([hot, cold]) * heat,
            1.005 if rise == _FREE else rise ** (ATTEMPTS / max(many, 1)),
        )
    return standing.option if course.best_cost[0] == _NEVER_FOUND else course.best


def choices_of(instance: Instance, dear: Floats) -> Choices:
    """Every order's options ranked by these costs."""
    option_at = np.full((instance.orders, instance.sources), -1, dtype=np.int32)
    option_at[instance.option_order, instance.option_source] = np.arange(len(dear))
    return Choices(
        ranked=np.lexsort((dear, instance.option_order)).astype(np.int64),
        many=np.minimum(np.diff(instance.option_start), _TRIED),
        option_at=option_at,
        nearest=np.lexsort((dear, instance.option_source)).astype(np.int64),
    )
