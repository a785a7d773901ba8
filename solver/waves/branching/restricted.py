"""A wave whose plans open some sources and not others, and serve some orders from a source and not from another."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, Branch, WaveCase
from solver.waves.engine.resources import resources_of


class Choice(NamedTuple):
    """Whether a source opens (`order` NONE), or whether it ships anything in an order."""

    order: int
    source: int
    is_so: bool


class Ground(NamedTuple):
    """A wave and where its numbers belong. E entries, Q resources."""

    case: WaveCase
    order: Ints  # [E]
    source: Ints  # [E]
    owner: Ints  # [Q]: the only source that uses it, if that has an opening cost; else NONE
    penalty: int  # minor units, more than any plan worth having costs


def ground_of(case: WaveCase, total: int) -> Ground:
    """The wave's; `total` is what some plan costs."""
    rows = np.repeat(np.arange(len(case.row_source)), np.diff(case.entry_start))
    orders = np.repeat(np.arange(case.orders), np.diff(case.row_start))
    return Ground(
        case=case,
        order=orders[rows],
        source=case.row_source[rows].astype(np.int64),
        owner=resources_of(case).owner,
        penalty=2 * (abs(total) + 1),
    )


def restricted(ground: Ground, choices: tuple[Choice, ...]) -> tuple[WaveCase, int]:
    """The wave of the plans that these choices leave, and what it costs beside: minor units.

    Entries keep their numbers. What may not be used costs a penalty; what must be used saves one that
    every plan pays.
    """
    case = ground.case
    cost, opening, capacity = case.entry_cost.copy(), case.opening_cost.copy(), case.capacity.copy()
    beside = 0
    for order, source, is_so in choices:
        if order == NONE and is_so:
            beside += int(opening[source])
            opening[source] = 0
        elif order == NONE:
            cost[ground.source == source] += ground.penalty
            capacity[ground.owner == source] = 0
        else:
            cost[(ground.order == order) & (ground.source == source)] += -ground.penalty if is_so else ground.penalty
            beside += ground.penalty if is_so else 0
    return case._replace(entry_cost=cost, opening_cost=opening, capacity=capacity), beside


def branch_of(choices: tuple[Choice, ...], prices: Ints) -> Branch:
    """The choices and the prices that prove something of them."""
    sources = {is_so: tuple(one.source for one in choices if one[::2] == (NONE, is_so)) for is_so in (True, False)}
    pairs = {
        is_so: tuple((one.order, one.source) for one in choices if one.order != NONE and one.is_so == is_so)
        for is_so in (True, False)
    }
    return Branch(opened=sources[True], closed=sources[False], served=pairs[True], unserved=pairs[False], prices=prices)
