"""The cheapest way to split large orders: as `partition`, but only with contents that a good plan may need.

Every package costs at least what its contents are worth (`duals`). What the packages so far cost beyond that, their
excess, only grows; a plan within a limit has room for so much excess, and only for packages of less.
"""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.undominated import undominated

_FIRST_LIMITS = (25, 50, 75)  # percent of the way from the bound to a known plan
_LARGE = 1 << 11  # states; with fewer, further tries cost more than they spare


@compiled
def split_within(radix: Ints, stride: Ints, price: Ints, worth: Ints, most: int) -> tuple[Ints, Ints]:
    """As `partition`: the least sum for every state that a plan of at most `most` can contain, and its last share.

    `worth` is linear in the blocks, and no price is below it.
    """
    size = len(price)
    whole = size - 1
    room = most - worth[whole]
    start, states, prices, excess = undominated(radix, stride, price, worth, room)
    code, guard = spread(radix, stride)
    codes = code[states]
    value = np.full(size, NEVER, np.int64)
    last = np.zeros(size, np.int64)
    value[0] = 0
    top = 0
    for state in range(whole):
        so_far = value[state]
        if so_far == NEVER or so_far - worth[state] > room:
            continue
        left = room - so_far + worth[state]
        while top + 1 < len(radix) and state >= stride[top + 1]:
            top += 1
        free = code[whole - state] | guard
        for d in range(top, len(radix)):
            for at in range(start[d], start[d + 1]):
                if excess[at] > left:
                    break
                if (free - codes[at]) & guard == guard and so_far + prices[at] < value[state + states[at]]:
                    value[state + states[at]] = so_far + prices[at]
                    last[state + states[at]] = states[at]
    return value, last


@compiled
def spread(radix: Ints, stride: Ints) -> tuple[Ints, int]:
    """Each state with its blocks in bits of their own, and the bits between them.

    One state is within another when subtracting it borrows none of these. 2 ** n states need 2 * n bits at most.
    """
    size = 1
    for d in range(len(radix)):
        size *= radix[d]
    code = np.zeros(size, np.int64)
    guard, shift = 0, 0
    for d in range(len(radix)):
        if radix[d] == 1:
            continue
        block = 1 << shift
        while (1 << shift) < block * radix[d]:
            shift += 1
        guard |= 1 << shift
        shift += 1
        for state in range(stride[d], stride[d] * radix[d]):
            code[state] = code[state - stride[d]] + block
    return code, guard


@inner
def cheapest_split(c: Arrays, price: Ints, worth: Ints, leave: Ints, most: int) -> tuple[Ints, Ints]:
    """As `split_within`, but only surely for the states of the best plans. A plan is known that costs `most`.

    It asks for cheaper plans first: the nearer the limit to what the order is worth, the fewer contents may be in one.
    """
    bound = worth[-1]
    for percent in _FIRST_LIMITS:
        if len(price) < _LARGE:
            break
        limit = bound + (most - bound) * percent // 100
        value, last = split_within(c.radix, c.stride, price, worth, limit)
        least = least_cost(c, value, leave)
        if least <= limit:
            return value, last
        most = min(most, least)
    return split_within(c.radix, c.stride, price, worth, most)


@compiled
def least_cost(c: Arrays, value: Ints, leave: Ints) -> int:
    """The least cost of shipping some state and leaving the rest, with what the first package is spared."""
    whole = len(value) - 1
    least: int = leave[whole] + c.spared
    for rest in range(1 if c.complete else whole):
        if leave[rest] != NEVER and value[whole - rest] != NEVER:
            least = min(least, value[whole - rest] + leave[rest])
    return least
