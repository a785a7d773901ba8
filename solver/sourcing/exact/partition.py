"""The cheapest way to split every state into packages."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import compiled, inner


@compiled
def partition(radix: Ints, stride: Ints, price: Ints, spare: Ints, most: int) -> tuple[Ints, Ints]:
    """For every state, the least sum of `price` over states that add up to it, and the last of these (0: none).

    They are added in the order of their last part, so each is considered once. `spare[s]` bounds from below what
    completing the order costs when s is covered: a state whose value and spare exceed `most` cannot be in a
    plan that costs at most that, and leads nowhere. Ties: the first of the smaller states.
    """
    size = len(price)
    parts = len(radix)
    value = np.full(size, NEVER, np.int64)
    last = np.zeros(size, np.int64)
    value[0] = 0
    added = np.empty(size, np.int64)
    top = 0
    for state in range(size - 1):
        if value[state] == NEVER or value[state] + spare[state] > most:
            continue
        while top + 1 < parts and state >= stride[top + 1]:
            top += 1
        begin, count = complements(radix, stride, state, top, added)
        for at in range(begin, count):
            more = added[at]
            cost = value[state] + price[more]
            if cost < value[state + more]:
                value[state + more] = cost
                last[state + more] = more
    return value, last


@inner
def complements(radix: Ints, stride: Ints, state: int, top: int, added: Ints) -> tuple[int, int]:
    """Write what can be added to a state, ascending; from `begin` on it has something of part `top` or a later one."""
    added[0] = 0
    count = 1
    begin = 1
    for d in range(len(radix)):
        if d == top:
            begin = count
        free = radix[d] - 1 - state // stride[d] % radix[d]
        width = count
        for blocks in range(1, free + 1):
            step = blocks * stride[d]
            for at in range(width):
                added[count] = added[at] + step
                count += 1
    return begin, count


@compiled
def partition_counted(radix: Ints, stride: Ints, price: Ints, rounds: int) -> tuple[Ints, Ints]:
    """As `partition`, but row r of both answers is for at most r states, up to `rounds`."""
    size = len(price)
    value = np.full((rounds + 1, size), NEVER, np.int64)
    last = np.zeros((rounds + 1, size), np.int64)
    value[0, 0] = 0
    added = np.empty(size, np.int64)
    for turn in range(rounds):
        value[turn + 1] = value[turn]
        last[turn + 1] = last[turn]
        top = 0
        for state in range(size - 1):
            if value[turn, state] == NEVER:
                continue
            while top + 1 < len(radix) and state >= stride[top + 1]:
                top += 1
            begin, count = complements(radix, stride, state, top, added)
            for at in range(begin, count):
                more = added[at]
                cost = value[turn, state] + price[more]
                if cost < value[turn + 1, state + more]:
                    value[turn + 1, state + more] = cost
                    last[turn + 1, state + more] = more
    return value, last
