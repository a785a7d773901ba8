"""What costs and sizes of units divide by: costs in between are not looked for, and room in between stays empty."""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import inner
from solver.sourcing.exact.loads import Loads


@inner
def in_steps(a: Loads, can: Flags, cost: Ints, kinds: Ints, limit: int) -> tuple[int, int]:
    """By how much two stowings differ in cost at least, and the most within the limit that any comes to."""
    step, least = 0, 0
    for p in range(len(kinds)):
        step = _divisor(step, kinds[p])
    for d in range(len(a.demand)):
        cheapest = NEVER
        for p in range(len(can)):
            if can[p, d]:
                cheapest = min(cheapest, cost[p, d])
        for p in range(len(can)):
            if can[p, d]:
                step = _divisor(step, cost[p, d] - cheapest)
        least += 0 if cheapest == NEVER else min(a.demand[d] * cheapest, NEVER)
        if least > limit:
            return 1, limit
    if step == 0:
        return 1, least
    return step, limit - (limit - least) % step


@inner
def _divisor(one: int, other: int) -> int:
    """The greatest common one; of 0 and a number, the number."""
    while other != 0:
        one, other = other, one % other
    return one


@inner
def common_sizes(a: Loads, can: Flags, parts: Ints) -> Ints:
    """What the grams, mm3 and units of all divide by that a load can take of the parts from each on; 0 for none."""
    common = np.zeros((len(parts) + 1, len(can), 3), np.int64)
    for at in range(len(parts) - 1, -1, -1):
        for p in range(len(can)):
            for r in range(3):
                each = a.each[parts[at], r] if can[p, parts[at]] else 0
                common[at, p, r] = _divisor(common[at + 1, p, r], each)
    return common
