"""What it costs to leave things unfilled, for every state that can be left."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled

_FEW = 256  # states, for which sorting the lines takes longer than it spares


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
    farthest = 0  # beyond which nothing is left yet
    for k in np.argsort(c.line_state[:lines]) if size > _FEW else np.arange(lines):
        step, most, each = c.line_state[k], c.line_times[k], c.line_cost[k]
        if step == 0:
            continue
        farthest = min(farthest + step * most, size - 1)
        for state in range(farthest, step - 1, -1):
            least = cost[state]
            rest, extra = state, 0
            for _ in range(most):
                rest -= step
                extra += each
                if rest < 0:
                    break
                if cost[rest] != NEVER and cost[rest] + extra < least:
                    least = cost[rest] + extra
            cost[state] = least
    return cost


@compiled
def bar_impossible(c: Arrays, leave: Ints) -> None:
    """Set NEVER where more would ship than all offers have together."""
    for d in range(len(c.radix)):
        short = c.radix[d] - 1 - c.supply[d]
        if short > 0:
            stride = c.stride[d]
            for state in range(len(leave)):
                if state // stride % c.radix[d] < short:
                    leave[state] = NEVER
