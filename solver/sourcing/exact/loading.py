"""Loading: which loads a plan opens. Depth first through sets of loads, bounded by what they cost beyond prices.

Whether units fit into a set, and at what cost, is `stowing`'s.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import compiled
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.stowing import stow

GRAIN = 256  # steps into which the weight of the order is parted for the bound on covering it


class Excess(NamedTuple):
    """J loads, the least excess first. Everything is on the scale of the prices."""

    loads: Ints  # [J]
    excess: Ints  # [J]: what it costs at least beyond the worth of its contents
    source_cost: Ints  # [S]
    covering: Ints  # [packages + 1, GRAIN + 1]: the least excess of so many more packages that carry so many steps
    covering_cost: Ints  # the same of the packages' own cost
    base: int  # what the order's units cost at least
    step_grams: int
    worth: int  # of the order, less what its packages are worth
    shift: int  # a cost is on the scale when it is shifted to the left, or if below 0, to the right


@compiled
def on_scale(cost: int, shift: int) -> int:
    """A cost on the scale of the prices, rounded down."""
    scaled: int = cost << shift if shift >= 0 else cost >> -shift
    return scaled


@compiled
def off_scale(scaled: int, shift: int) -> int:
    """The least cost that is not below this on the scale."""
    cost: int = -(-scaled >> shift) if shift >= 0 else scaled << -shift
    return cost


@compiled
def least_covering(excess: Ints, grams: Ints, packages: int, unused: int, step_grams: int) -> Ints:
    """The least excess of `packages` more packages or fewer that can carry so many steps of weight.

    A package that is not used costs `unused`. Shape [packages + 1, GRAIN + 1].
    """
    least = np.full((packages + 1, GRAIN + 1), NEVER, np.int64)
    least[0, 0] = 0
    for row in range(1, packages + 1):
        for steps in range(GRAIN + 1):
            best = least[row - 1, steps]
            if best != NEVER:
                best += unused
            for j in range(len(excess)):
                before = least[row - 1, max(0, steps - -(-grams[j] // step_grams))]
                if before != NEVER and before + excess[j] < best:
                    best = before + excess[j]
            least[row, steps] = best
    return least


@compiled
def load(
    a: Loads,
    e: Excess,
    parts: Ints,
    may_leave: bool,  # noqa: FBT001 - numba has no keyword-only arguments
    spared: int,
    limit: int,
    most_effort: int,
    nodes: int,
) -> tuple[int, Ints, Ints, int, int]:
    """The cheapest plan of at most `limit`; a set of loads takes at most so much effort, in nodes.

    Its cost, or NEVER; its loads; their units (and those left); what plans cost at least that were cut off, NEVER where
    none were; and the nodes left, below 0 where they gave out.
    """
    most = len(e.covering) - 1
    width = 1 if may_leave else 0
    chosen = np.zeros(most + 1, np.int64)
    spent = np.zeros(most + 2, np.int64)  # excess, with sources
    cost = np.zeros(most + 2, np.int64)
    grams = np.zeros(most + 2, np.int64)
    total = (a.demand * a.each[:, 0]).sum()
    found, units = chosen[:0], np.zeros((0, len(a.demand)), np.int64)
    best, cut = NEVER, NEVER
    room = on_scale(limit + spared, e.shift) - e.worth
    depth = 0
    while depth >= 0 and nodes >= 0:
        nodes -= 1
        at = chosen[depth]
        if at == len(e.loads) or spent[depth] + e.excess[at] + e.covering[most - depth - 1, 0] > room:
            depth -= 1
            if depth >= 0:
                chosen[depth] += 1
            continue
        j = e.loads[at]
        source = a.source[a.lane[j]]
        is_new = _is_new(a, e, chosen, depth, source)
        spent[depth + 1] = spent[depth] + e.excess[at] + (e.source_cost[source] if is_new else 0)
        cost[depth + 1] = cost[depth] + a.cost[j] + (a.source_cost[source] if is_new else 0)
        grams[depth + 1] = grams[depth] + a.caps[j, 0]
        missing = 0 if may_leave else max(0, -(-(total - grams[depth + 1]) // e.step_grams))
        rest = e.covering[most - depth - 1, missing]
        dear = cost[depth + 1] + e.covering_cost[most - depth - 1, missing] + e.base - spared > limit
        if dear or rest == NEVER or spent[depth + 1] + rest > room or not _is_allowed(a, e, chosen, depth):
            chosen[depth] += 1
            continue
        if missing == 0:
            picked = e.loads[chosen[: depth + 1]]
            allowed = limit + spared - cost[depth + 1]
            effort = min(nodes, most_effort)
            least, stowed, left = stow(a, picked, parts, depth + 1 + width, allowed, effort)
            nodes -= effort - max(0, left)
            if least != NEVER:
                best, found, units = cost[depth + 1] + least - spared, picked, stowed
                limit = best - 1
                room = on_scale(limit + spared, e.shift) - e.worth
            if left < 0:
                cut = min(
                    cut, off_scale(e.worth + spent[depth + 1] + e.covering[most - depth - 1, 0], e.shift) - spared
                )
        if depth + 1 < most:
            chosen[depth + 1] = chosen[depth]
            depth += 1
        else:
            chosen[depth] += 1
    return best, found, units, cut, nodes


@compiled
def _is_new(a: Loads, e: Excess, chosen: Ints, depth: int, source: int) -> bool:
    for i in range(depth):  # noqa: SIM110 - compiles to a plain loop
        if a.source[a.lane[e.loads[chosen[i]]]] == source:
            return False
    return True


@compiled
def _is_allowed(a: Loads, e: Excess, chosen: Ints, depth: int) -> bool:
    """True when the loads up to this depth keep to the limits on sources and on the packages of the last's service."""
    service = a.service[a.lane[e.loads[chosen[depth]]]]
    sources, packages = 0, 0
    for i in range(depth + 1):
        lane = a.lane[e.loads[chosen[i]]]
        sources += _is_new(a, e, chosen, i, a.source[lane])
        packages += a.service[lane] == service
    return sources <= a.most_sources and packages <= a.service_most_packages[service]
