"""The relaxed problem, solved in one go: the cheapest packages that make up the order and what is left of it.

It is relaxed in that no package knows of the others: two may take the same last unit, or break a limit on their sum.
`coupling` sees that; then the plan is only a bound.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.chunks import cheapest_chunks, split_of_source
from solver.sourcing.exact.coupling import holds_together
from solver.sourcing.exact.duals import greedy_total, worth_of_states
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.leaving import bar_impossible, leaving_cost
from solver.sourcing.exact.packages import cheapest_packages
from solver.sourcing.exact.partition import partition, partition_counted
from solver.sourcing.exact.prices import best_worth_of_states
from solver.sourcing.exact.splitting import cheapest_split, split_within
from solver.sourcing.exact.states import States, describe

_WORTH_BOUNDING = 16  # with fewer states, bounds cost more than they spare
_WORTH_SORTING = 512  # with more, better bounds and less to try spare more than they cost


class Relaxed(NamedTuple):
    """The best plan of the relaxed problem, and the tables behind it. M states."""

    total: int  # its cost
    left: int  # the state that is left unfilled
    lanes: Ints  # of each package
    contents: Ints  # of each package: a state
    is_feasible: bool  # every rule holds on the sum of the packages, and `total` is what they cost
    states: States
    best: Ints  # [M]: the least cost of one package, or of one source's packages
    leave: Ints  # [M]: the least cost of leaving exactly this; NEVER where it cannot be or the rest cannot ship


@compiled
def relax(c: Arrays, by_source: bool, rounds: int) -> Relaxed:  # noqa: FBT001 - numba has no keyword-only arguments
    """Solve the relaxed problem, by packages or by sources, at most `rounds` of them (0: any number)."""
    st = describe(c)
    if by_source:
        costs, owners = cheapest_chunks(c, st, 1, np.zeros(len(st.grams), np.int64), NEVER)
        best, owner = costs[0], owners[0]
    else:
        best, owner = cheapest_packages(c, st)
    leave = leaving_cost(c, len(c.line_state))
    bar_impossible(c, leave)
    values, lasts = _partitions(c, st, best, leave, rounds, NEVER)
    return concluded(c, st, best, owner, leave, values, lasts, by_source)


@compiled
def split(c: Arrays, relaxed: Relaxed, rounds: int, most: int) -> Ints:
    """The least cost of every state, of those that a plan of at most `most` can contain; a row for each round."""
    values, _ = _partitions(c, relaxed.states, relaxed.best, relaxed.leave, rounds, most)
    return values


@inner
def _partitions(c: Arrays, st: States, best: Ints, leave: Ints, rounds: int, most: int) -> tuple[Ints, Ints]:
    """Values and last shares; with `most` NEVER, of the states that the best plan can contain."""
    if rounds > 0:
        return partition_counted(c.radix, c.stride, best, rounds)
    value, last = partition_of(c, st, best, leave, most)
    return value.reshape(1, -1), last.reshape(1, -1)


@inner
def partition_of(c: Arrays, st: States, best: Ints, leave: Ints, most: int) -> tuple[Ints, Ints]:
    """The values of the states that a plan of at most `most` can contain, and their last shares.

    With `most` NEVER, of those that a best plan can contain.
    """
    if len(best) < _WORTH_BOUNDING:
        return partition(c.radix, c.stride, best, np.zeros(len(best), np.int64), most)
    is_large = len(best) >= _WORTH_SORTING
    worth = best_worth_of_states(c, st, best) if is_large else worth_of_states(c, st, best)
    known = most if most != NEVER else greedy_total(c, best, worth, leave)
    if not is_large:
        return partition(c.radix, c.stride, best, worth[::-1].copy(), known)
    if most != NEVER:
        return split_within(c.radix, c.stride, best, worth, most)
    return cheapest_split(c, best, worth, leave, known)


@compiled
def concluded(
    c: Arrays,
    st: States,
    best: Ints,
    owner: Ints,
    leave: Ints,
    values: Ints,
    lasts: Ints,
    by_source: bool,  # noqa: FBT001
) -> Relaxed:
    """The best plan from the tables."""
    total, left = _cheapest_total(c, values[-1], leave)
    lanes, contents = _packages(c, st, lasts, owner, len(best) - 1 - left, by_source)
    is_feasible = holds_together(c, st, lanes, contents)
    return Relaxed(total, left, lanes, contents, is_feasible, st, best, leave)


@inner
def _cheapest_total(c: Arrays, value: Ints, leave: Ints) -> tuple[int, int]:
    """The least cost of shipping some state and leaving the rest, and the rest. Ties: the first rest, so most ships."""
    whole = len(value) - 1
    total = leave[whole]
    left = whole
    for rest in range(1 if c.complete else whole):
        if leave[rest] == NEVER or value[whole - rest] == NEVER:
            continue
        cost = value[whole - rest] + leave[rest] - c.spared
        if cost < total or (cost == total and left == whole):
            total = cost
            left = rest
    return total, left


@inner
def _packages(c: Arrays, st: States, lasts: Ints, owner: Ints, shipped: int, by_source: bool) -> tuple[Ints, Ints]:  # noqa: FBT001
    """The lanes and contents that make up a state, in the order in which they were added, reversed."""
    lanes = np.zeros(st.units[shipped], np.int64)
    contents = np.zeros(st.units[shipped], np.int64)
    count = 0
    row = len(lasts) - 1
    while shipped > 0:
        state = lasts[row, shipped]
        shipped -= state
        row = max(0, row - 1)
        if by_source:
            more_lanes, more_contents = split_of_source(c, st, owner[state], state)
            more = len(more_lanes)
            lanes[count : count + more] = more_lanes
            contents[count : count + more] = more_contents
            count += more
        else:
            lanes[count] = owner[state]
            contents[count] = state
            count += 1
    return lanes[:count].copy(), contents[:count].copy()
