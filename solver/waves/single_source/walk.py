"""Walks along the edge of what sources hold: moves that save, penalties included, then other penalties, and again.

It finds what annealing misses where orders weigh differently at different sources and few of them fill one, so that
hardly any two may trade places without a third (generalised assignment).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.anneal import Choices
from solver.waves.single_source.ascent import Prices
from solver.waves.single_source.effort import SIDE_BY_SIDE, Effort, side_by_side
from solver.waves.single_source.ejection import Move, chain, make, no_move, short_move
from solver.waves.single_source.improve import is_best
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled
from solver.waves.single_source.openings import Opened, choices_of
from solver.waves.single_source.penalties import adapt, first_penalties
from solver.waves.single_source.plans import cost_of
from solver.waves.single_source.sites import Ground, ground_of
from solver.waves.single_source.standing import COST, EXCESS_UNITS, Standing, enter, leave, standing_of
from solver.waves.single_source.trades import Trades, reckon, trades_of

Floats = NDArray[np.float64]
_TRIED = 5  # options of an order, the most promising ones
_PATIENCE = 60  # times that it came to rest without a better plan, until it goes back to the best
_STAGE = 4_000_000  # steps between two looks at the clock
_MOST_TRADES = 4_000_000


class Walk(NamedTuple):
    """How far it came: changed as it goes."""

    penalty: Floats  # [S]
    random: Ints  # [1]
    best: Ints  # [O]: the options of the best standing that keeps all capacities
    best_cost: Ints  # [1]
    rests: Ints  # [1]: how often it came to rest since then


def helps(instance: Instance) -> bool:
    """True where such walks are worth their time: what is open is settled, and orders weigh differently by source."""
    if instance.opening_cost.any() or instance.orders * (instance.orders + instance.sources) > _MOST_TRADES:
        return False
    ships = instance.option_source < instance.sources - 1  # the last source stands for leaving orders
    heaviest = np.zeros(instance.orders, dtype=np.int64)
    lightest = np.full(instance.orders, np.iinfo(np.int64).max)
    np.maximum.at(heaviest, instance.option_order[ships], instance.option_weight[ships])
    np.minimum.at(lightest, instance.option_order[ships], instance.option_weight[ships])
    return bool(np.any(heaviest > lightest))


def walked(
    instance: Instance, plans: Sequence[Opened], prices: Prices, capacity_price: Floats, effort: Effort
) -> list[Opened]:
    """What the effort makes of the first of these plans, on each of several walks; all others as they are.

    The best first. At the deadline each ends with the best that it has. `capacity_price` [S] guides them.
    """

    def one(number: int) -> Opened:
        return _walked(instance, plans[0], prices, capacity_price, effort.numbered(number))

    return sorted([*side_by_side(one, SIDE_BY_SIDE), *plans[1:]], key=lambda plan: plan.cost)


def _walked(instance: Instance, plan: Opened, prices: Prices, capacity_price: Floats, effort: Effort) -> Opened:
    dear = instance.option_cost + capacity_price[instance.option_source] * instance.option_weight
    choices = choices_of(instance, dear)
    choices = choices._replace(many=np.minimum(choices.many, _TRIED))
    ground = ground_of(instance, 1.0)
    standing = standing_of(instance, plan.option)
    trades = trades_of(instance.orders, instance.sources)
    walk = Walk(
        penalty=first_penalties(capacity_price),
        random=np.array([1 + effort.seed % (2**31 - 3)]),
        best=plan.option.copy(),
        best_cost=standing.tally[:1].copy(),
        rests=np.zeros(1, dtype=np.int64),
    )
    done = 0
    while done < effort.steps and not is_best(int(walk.best_cost[0]), prices) and not effort.is_over:
        steps = min(_STAGE, effort.steps - done)
        done += walk_on(instance, ground, standing, choices, trades, walk, no_move(), steps)
    return Opened(is_open=plan.is_open, option=walk.best, cost=cost_of(instance, walk.best))


@compiled
def walk_on(
    instance: Instance,
    ground: Ground,
    standing: Standing,
    choices: Choices,
    trades: Trades,
    walk: Walk,
    move: Move,
    steps: int,
) -> int:
    """So many steps or a few more, to where it next comes to rest; how many they were."""
    done = 0
    while done < steps:
        done += come_to_rest(instance, ground, standing, choices, trades, walk, move)
        walk.rests[0] += 1
        if standing.tally[EXCESS_UNITS] == 0 and standing.tally[COST] < walk.best_cost[0]:
            walk.best_cost[0] = standing.tally[COST]
            walk.best[:] = standing.option
            walk.rests[0] = 0
        adapt(instance, standing, walk.penalty, walk.random)
        if walk.rests[0] >= _PATIENCE:
            walk.rests[0] = 0
            _go_back(instance, standing, walk.best)
    return done


@compiled
def come_to_rest(
    instance: Instance,
    ground: Ground,
    standing: Standing,
    choices: Choices,
    trades: Trades,
    walk: Walk,
    move: Move,
) -> int:
    """Move while a move is found that saves, penalties included; the steps that this took."""
    stale = np.ones(len(standing.load), dtype=np.bool_)
    steps = 0
    while True:
        for source in range(len(stale)):
            if stale[source]:
                reckon(ground, standing, walk.penalty, trades, source)
                steps += len(standing.option) * (1 + standing.held[source])
        stale[:] = False
        steps += short_move(instance, standing, choices, trades, move)
        if move.shape[0] == 0:
            steps += chain(instance, standing, choices, trades, move, walk.random)
        if move.shape[0] == 0:
            return steps
        stale[move.shape[1]] = True
        for at in range(move.shape[0]):
            stale[instance.option_source[standing.option[move.order[at]]]] = True
        make(instance, standing, choices, move)


@compiled
def _go_back(instance: Instance, standing: Standing, option: Ints) -> None:
    for order in range(len(option)):
        if standing.option[order] != option[order]:
            leave(instance, standing, order)
            enter(instance, standing, order, option[order])
