"""The moves of a search that may exceed capacities: an order shifts, two trade places, or three move on in a chain.

In a chain an order takes the place of one that takes the place of another; the last one comes to a source beside all,
or takes the place of the first. Only chains are followed whose beginnings save something.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.anneal import Choices, draw
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.machine_code import compiled
from solver.waves.single_source.standing import Standing, enter, leave
from solver.waves.single_source.trades import Trades

Floats = NDArray[np.float64]
LONGEST = 3
_LOOKS = 5_000  # for one chain
_TINY = 1e-6


class Move(NamedTuple):
    """Orders, of which each but the last goes where the next one stands; the last one goes to the end."""

    order: Ints  # [LONGEST]
    shape: Ints  # [2]: how many of these move, 0: none; and to which source the last one goes
    saves: Floats  # [1]


def no_move() -> Move:
    """A move of nobody, to be changed."""
    return Move(np.zeros(LONGEST, dtype=np.int64), np.zeros(2, dtype=np.int64), np.zeros(1))


@compiled
def make(instance: Instance, standing: Standing, choices: Choices, move: Move) -> None:
    """Make the move."""
    many, source = move.shape
    for at in range(many - 1, -1, -1):
        order = move.order[at]
        before = instance.option_source[standing.option[order]]
        leave(instance, standing, order)
        enter(instance, standing, order, choices.option_at[order, source])
        source = before


@compiled
def _note(move: Move, saves: float, many: int, end: int, first: int, second: int, third: int) -> None:
    if saves > move.saves[0] + _TINY:
        move.saves[0] = saves
        move.shape[0], move.shape[1] = many, end
        move.order[0], move.order[1], move.order[2] = first, second, third


@compiled
def short_move(instance: Instance, standing: Standing, choices: Choices, trades: Trades, move: Move) -> int:
    """The shift or trade of two that saves most; how many were looked at."""
    orders = len(standing.option)
    move.shape[0], move.saves[0] = 0, 0.0
    looks = 0
    for order in range(orders):
        here = instance.option_source[standing.option[order]]
        for near in range(choices.many[order]):
            there = instance.option_source[choices.ranked[instance.option_start[order] + near]]
            if there == here:
                continue
            alone = trades.staying[order] - trades.relief[order] - trades.coming[order, orders + there]
            _note(move, alone, 1, there, order, 0, 0)
            looks += 1 + standing.held[there]
            for at in range(standing.held[there]):
                other = standing.member[there, at]
                saves = trades.staying[order] - trades.coming[order, other]
                saves += trades.staying[other] - trades.coming[other, order]
                _note(move, saves, 2, here, order, other, 0)
    return looks


@compiled
def chain(instance: Instance, standing: Standing, choices: Choices, trades: Trades, move: Move, random: Ints) -> int:
    """The best chain that begins with the first order that begins one which saves; how many were looked at.

    Where orders begin is left to chance, and after so many looks there is none.
    """
    orders = len(standing.option)
    move.shape[0], move.saves[0] = 0, 0.0
    begin, looks = draw(random, orders), 0
    for at in range(orders):
        looks += _chain_from(instance, standing, choices, trades, move, (begin + at) % orders)
        if move.shape[0] > 0 or looks > _LOOKS:
            break
    return looks


@compiled
def _chain_from(
    instance: Instance, standing: Standing, choices: Choices, trades: Trades, move: Move, first: int
) -> int:
    here = instance.option_source[standing.option[first]]
    looks = 0
    for near in range(choices.many[first]):
        there = instance.option_source[choices.ranked[instance.option_start[first] + near]]
        if there == here:
            continue
        looks += standing.held[there]
        for at in range(standing.held[there]):
            second = standing.member[there, at]
            saves = trades.staying[first] - trades.coming[first, second]
            if saves - trades.relief[first] > 0:
                looks += _chain_on(instance, standing, choices, trades, move, first, second, saves)
    return looks


@compiled
def _chain_on(
    instance: Instance,
    standing: Standing,
    choices: Choices,
    trades: Trades,
    move: Move,
    first: int,
    second: int,
    before: float,
) -> int:
    """The second order moves on: beside all somewhere, or in the place of a third one, which moves on in turn."""
    orders = len(standing.option)
    here, there = instance.option_source[standing.option[first]], instance.option_source[standing.option[second]]
    looks = 0
    for near in range(choices.many[second]):
        further = instance.option_source[choices.ranked[instance.option_start[second] + near]]
        if further in (here, there):
            continue
        beside = before + trades.staying[second] - trades.coming[second, orders + further] - trades.relief[first]
        _note(move, beside, 2, further, first, second, 0)
        looks += 1 + standing.held[further]
        for at in range(standing.held[further]):
            third = standing.member[further, at]
            saves = before + trades.staying[second] - trades.coming[second, third]
            if saves - trades.relief[first] > 0:
                around = saves + trades.staying[third] - trades.coming[third, first]
                _note(move, around, 3, here, first, second, third)
                looks += _chain_ends(instance, standing, choices, trades, move, first, second, third, saves)
    return looks


@compiled
def _chain_ends(
    instance: Instance,
    standing: Standing,
    choices: Choices,
    trades: Trades,
    move: Move,
    first: int,
    second: int,
    third: int,
    before: float,
) -> int:
    orders = len(standing.option)
    here = instance.option_source[standing.option[first]]
    there = instance.option_source[standing.option[second]]
    further = instance.option_source[standing.option[third]]
    before += trades.staying[third] - trades.relief[first]
    for near in range(choices.many[third]):
        end = instance.option_source[choices.ranked[instance.option_start[third] + near]]
        if end not in (here, there, further):
            _note(move, before - trades.coming[third, orders + end], 3, end, first, second, third)
    return int(choices.many[third])
