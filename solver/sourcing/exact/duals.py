"""Prices of blocks that no package undercuts: what they sum to bounds every plan from below."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import inner
from solver.sourcing.exact.partition import complements
from solver.sourcing.exact.states import States

_ROUNDS = 2


@inner
def worth_of_states(c: Arrays, st: States, best: Ints) -> Ints:
    """Worth of every state, linear in its blocks: at most `best` of the state, and at most what leaving it costs.

    Such prices are dual-feasible for the splitting of the order into packages. They begin as equal shares of the
    dearest package that each part can afford, and are raised part by part as far as some package allows.
    """
    bound = cost_of_states(c, best)
    prices = np.zeros(len(c.radix), np.int64)
    worth = np.zeros(len(best), np.int64)
    for d in range(len(c.radix)):
        prices[d] = _least_share(c, bound, worth, st.kinds, d)
    fill_worth(c, prices, worth)
    everyone = np.ones(len(best), np.int64)
    for _ in range(_ROUNDS):
        for d in range(len(c.radix)):
            raised = _least_share(c, bound, worth, everyone, d)
            if raised > 0:
                prices[d] += raised
                fill_worth(c, prices, worth)
    return worth


@inner
def cost_of_states(c: Arrays, best: Ints) -> Ints:
    """The least that each state costs in one package, or as one leaving of a line."""
    cost = best.copy()
    for k in range(len(c.line_state)):
        if c.line_times[k] > 0:
            cost[c.line_state[k]] = min(cost[c.line_state[k]], c.line_cost[k])
    return cost


@inner
def _least_share(c: Arrays, bound: Ints, worth: Ints, sharers: Ints, part: int) -> int:
    """The least that a block of a part could be charged of what is left of a state's bound."""
    least = NEVER
    stride = c.stride[part]
    radix = c.radix[part]
    for base in range(0, len(bound), stride * radix):
        for blocks in range(1, radix):
            for state in range(base + blocks * stride, base + (blocks + 1) * stride):
                if bound[state] != NEVER:
                    least = min(least, (bound[state] - worth[state]) // (sharers[state] * blocks))
    return 0 if least == NEVER else least


@inner
def fill_worth(c: Arrays, prices: Ints, worth: Ints) -> None:
    """Write the worth of every state at these prices; that of nothing stands already."""
    for d in range(len(c.radix)):
        stride = c.stride[d]
        for state in range(stride, stride * c.radix[d]):
            worth[state] = worth[state - stride] + prices[d]


@inner
def greedy_total(c: Arrays, best: Ints, worth: Ints, leave: Ints) -> int:
    """Cost of a good plan: one or two packages, or always the next that is cheapest for its worth, the rest left."""
    whole = len(best) - 1
    least: int = leave[whole] + c.spared
    if leave[0] == 0:  # everything can ship
        least = min(least, best[whole])
        for state in range(1, whole):
            if best[state] < least and best[whole - state] < least:
                least = min(least, best[state] + best[whole - state])
    covered = 0
    total = 0
    added = np.empty(len(best), np.int64)
    while covered < whole:
        _, count = complements(c.radix, c.stride, covered, 0, added)
        chosen = 0
        least_ratio = np.inf
        for at in range(1, count):
            state = added[at]
            if best[state] != NEVER and best[state] < least_ratio * max(1, worth[state]):
                least_ratio = best[state] / max(1, worth[state])
                chosen = state
        if chosen == 0:
            break
        total += best[chosen]
        covered += chosen
        if leave[whole - covered] != NEVER and (covered == whole or not c.complete):
            least = min(least, total + leave[whole - covered])
    return least
