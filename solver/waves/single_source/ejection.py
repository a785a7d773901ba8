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
_LOOKS = 20_000  # for one chain
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
def short_move(instance: Instance, standing: Standing, choices: Choices, trades: Trades, move: Move) -> int:
    """The shift or trade of two that saves most; how many were looked at."""
    coming, staying, relief, held, member = trades.coming, trades.staying, trades.relief, standing.held, standing.member
    orders = len(standing.option)
    many, end, one, two = 0, 0, 0, 0
    most, looks = _TINY, 0
    for order in range(orders):
        here = instance.option_source[standing.option[order]]
        for near in range(instance.option_start[order], instance.option_start[order] + choices.many[order]):
            there = instance.option_source[choices.ranked[near]]
            if there == here:
                continue
            saves = staying[order] - relief[order] - coming[order, orders + there]
            if saves > most:
                most, many, end, one = saves, 1, there, order
            looks += 1 + held[there]
            for at in range(held[there]):
                other = member[there, at]
                saves = staying[order] - coming[order, other] + staying[other] - coming[other, order]
                if saves > most:
                    most, many, end, one, two = saves, 2, here, order, other
    move.shape[0], move.shape[1], move.saves[0] = many, end, most
    move.order[0], move.order[1] = one, two
    return looks


@compiled
def chain(  # noqa: C901 - calls within these loops would take longer than what they do
    instance: Instance, standing: Standing, choices: Choices, trades: Trades, move: Move, random: Ints
) -> int:
    """The best chain that begins with the first order that begins one which saves; how many were looked at.

    Where orders begin is left to chance, and after so many looks there is none.
    """
    coming, staying, relief, held, member = trades.coming, trades.staying, trades.relief, standing.held, standing.member
    source, ranked, start, tried = instance.option_source, choices.ranked, instance.option_start, choices.many
    option = standing.option
    orders = len(option)
    many, end, two, three = 0, 0, 0, 0
    most, looks, first = _TINY, 0, 0
    begin = draw(random, orders)
    for turn in range(orders):
        first = (begin + turn) % orders
        here, light = source[option[first]], relief[first]
        for near in range(start[first], start[first] + tried[first]):
            there = source[ranked[near]]
            if there == here:
                continue
            looks += held[there]
            for at in range(held[there]):
                second = member[there, at]
                before = staying[first] - coming[first, second]
                if before <= light:
                    continue
                before += staying[second]
                for onward in range(start[second], start[second] + tried[second]):
                    further = source[ranked[onward]]
                    if further == here or further == there:  # noqa: SIM109 - in these loops a search in a pair takes long
                        continue
                    saves = before - light - coming[second, orders + further]
                    if saves > most:
                        most, many, end, two = saves, 2, further, second
                    looks += 1 + held[further]
                    for place in range(held[further]):
                        third = member[further, place]
                        so_far = before - coming[second, third]
                        if so_far <= light:
                            continue
                        so_far += staying[third]
                        saves = so_far - coming[third, first]
                        if saves > most:
                            most, many, end, two, three = saves, 3, here, second, third
                        looks += tried[third]
                        for last in range(start[third], start[third] + tried[third]):
                            where = source[ranked[last]]
                            saves = so_far - light - coming[third, orders + where]
                            if saves > most and where != here and where != there and where != further:
                                most, many, end, two, three = saves, 3, where, second, third
        if many > 0 or looks > _LOOKS:
            break
    move.shape[0], move.shape[1], move.saves[0] = many, end, most
    move.order[0], move.order[1], move.order[2] = first, two, three
    return looks
