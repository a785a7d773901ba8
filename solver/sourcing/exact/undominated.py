"""The contents of packages that a good plan may need, sorted for the splitting of large orders."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import compiled, inner


class Items(NamedTuple):
    """Contents by their last part, those of part d from start[d] to start[d + 1]; the least excess first.

    The excess of a package is what it costs beyond the worth of its contents.
    """

    start: Ints  # [D + 1]
    states: Ints
    prices: Ints
    excess: Ints


@compiled
def undominated(radix: Ints, stride: Ints, price: Ints, worth: Ints, most_excess: int) -> Items:
    """The contents of at most this excess that are not cheaper in two packages."""
    size = len(price)
    start = np.zeros(len(radix) + 1, np.int64)
    states = np.empty(size, np.int64)
    room = np.empty(size, np.int64)
    count = 0
    for d in range(len(radix)):
        begin = count
        for state in range(stride[d], stride[d] * radix[d]):
            if price[state] == NEVER or price[state] - worth[state] > most_excess:
                continue
            if not is_cheaper_in_two(radix, stride, price, state, room):
                states[count] = state
                count += 1
        of_part = states[begin:count]
        states[begin:count] = of_part[np.argsort(price[of_part] - worth[of_part])]
        start[d + 1] = count
    kept = states[:count]
    prices = price[kept]
    return Items(start, kept, prices, prices - worth[kept])


@inner
def is_cheaper_in_two(radix: Ints, stride: Ints, price: Ints, state: int, room: Ints) -> bool:
    """True when two packages hold the state for less than one. `room` is for the work."""
    room[0] = 0
    count = 1
    for d in range(len(radix)):
        width = count
        for blocks in range(1, state // stride[d] % radix[d] + 1):
            for at in range(width):
                room[count] = room[at] + blocks * stride[d]
                count += 1
    whole = price[state]
    for at in range(1, (count + 1) // 2):  # the other halves are the rests of these
        one = price[room[at]]
        if one < whole and one + price[state - room[at]] < whole:
            return True
    return False
