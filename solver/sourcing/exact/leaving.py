"""What it costs to leave things unfilled, for every state that can be left."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled


@compiled
def leaving_cost(c: Arrays, lines: int) -> Ints:
    """For every state, the least cost of leaving exactly it by the first `lines` lines; NEVER where they cannot.

    What all lines want together is at most the order, so no leaving carries from one part to the next.
    """
    size = 1
    for d in range(len(c.radix)):
        size *= c.radix[d]
    cost = np.full(size, NEVER, np.int64)
    cost[0] = 0
    for k in range(lines):
        step = c.line_state[k]
        if step == 0:
            continue
        for state in range(size - 1, step - 1, -1):
            least = cost[state]
            for times in range(1, min(c.line_times[k], state // step) + 1):
                rest = cost[state - times * step]
                if rest != NEVER and rest + times * c.line_cost[k] < least:
                    least = rest + times * c.line_cost[k]
            cost[state] = least
    return cost
