"""Depth first through the sources' chunks, each source at most once, bounded by the relaxed problem."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.exact.candidates import Chunks, Packages
from solver.sourcing.exact.jit import compiled, inner


@compiled
def explore(
    c: Arrays,
    p: Packages,
    h: Chunks,
    group: Ints,
    values: Ints,
    by_source: bool,  # noqa: FBT001 - numba has no keyword-only arguments
    shipped: int,
    most: int,
    nodes: int,
) -> tuple[int, Ints, int]:
    """The cheapest chunks that make up a state: their cost, which they are, the nodes left (below 0: cut off).

    Chunks are sorted by the first part in them: those of part d are group[d] to group[d + 1]. `values[r]` bounds from
    below what a state costs in r more chunks (`by_source`) or packages; its last row, in any number. Where no chunks
    cost at most `most`, the cost is most + 1.
    """
    deepest = len(c.radix) + 1
    for d in range(len(c.radix)):
        deepest += shipped // c.stride[d] % c.radix[d]
    rest = np.zeros(deepest, np.int64)
    cost = np.zeros(deepest, np.int64)
    chosen = np.zeros(deepest, np.int64)
    end = np.zeros(deepest, np.int64)  # of the chunks to choose from at each depth
    found = np.zeros(0, np.int64)
    rest[0] = shipped
    least = most + 1
    radix, stride, states, costs, loosest = c.radix, c.stride, h.states, h.costs, values[-1]
    depth = 0
    first = _first_part(c, shipped)
    chosen[0], end[0] = group[first], group[first + 1]
    while depth >= 0 and nodes >= 0:
        nodes -= 1
        i = chosen[depth]
        if i == end[depth]:
            depth -= 1
            if depth >= 0:
                chosen[depth] += 1
            continue
        least_rest = least - cost[depth] - costs[i]
        if (
            least_rest > 0
            and _is_within(radix, stride, states[i], rest[depth])
            and loosest[rest[depth] - states[i]] < least_rest
            and _may_add(c, p, h, chosen, depth, rest[depth], shipped, values, by_source, least_rest)
        ):
            rest[depth + 1] = rest[depth] - h.states[i]
            cost[depth + 1] = cost[depth] + h.costs[i]
            if rest[depth + 1] > 0:
                depth += 1
                first = _first_part(c, rest[depth])
                chosen[depth], end[depth] = group[first], group[first + 1]
                continue
            least = cost[depth + 1]
            found = chosen[: depth + 1].copy()
        chosen[depth] += 1
    return least, found, nodes


@inner
def _first_part(c: Arrays, state: int) -> int:
    for d in range(len(c.radix)):
        if state // c.stride[d] % c.radix[d] > 0:
            return d
    return len(c.radix) - 1


@inner
def _may_add(
    c: Arrays,
    p: Packages,
    h: Chunks,
    chosen: Ints,
    depth: int,
    rest: int,
    shipped: int,
    values: Ints,
    by_source: bool,  # noqa: FBT001
    least_rest: int,
) -> bool:
    """True when the chunk chosen at this depth obeys every rule with the earlier ones, and the rest may be cheap."""
    i = chosen[depth]
    packages = 0
    for j in range(depth + 1):
        packages += h.sizes[chosen[j]]
        if j < depth and h.sources[chosen[j]] == h.sources[i]:
            return False
    if packages > c.most_packages or depth + 1 > c.most_sources:
        return False
    left = c.most_packages - packages
    if by_source:
        left = min(left, c.most_sources - depth - 1)
    row = min(len(values) - 1, left)
    if values[row, rest - h.states[i]] >= least_rest:
        return False
    return _keeps_lines_together(c, h.states[i], shipped) and _services_are_able(c, p, h, chosen, depth)


@inner
def _is_within(radix: Ints, stride: Ints, state: int, rest: int) -> bool:
    if state > rest:
        return False
    for d in range(len(radix)):  # noqa: SIM110 - compiles to a plain loop
        if state // stride[d] % radix[d] > rest // stride[d] % radix[d]:
            return False
    return True


@inner
def _keeps_lines_together(c: Arrays, state: int, shipped: int) -> bool:
    """A line that stays together is in the chunk with all that ships of its parts, or not at all."""
    for k in range(len(c.together)):
        has_some, has_all = False, True
        for d in range(len(c.radix)):
            if c.together[k, d]:
                blocks = state // c.stride[d] % c.radix[d]
                has_some = has_some or blocks > 0
                has_all = has_all and blocks == shipped // c.stride[d] % c.radix[d]
        if has_some and not has_all:
            return False
    return True


@inner
def _services_are_able(c: Arrays, p: Packages, h: Chunks, chosen: Ints, depth: int) -> bool:
    """Limits on the packages of a service hold for all chunks so far, which the last has just joined."""
    i = chosen[depth]
    if len(h.members) == 0:
        return True
    for at in range(h.first[i], h.first[i] + h.sizes[i]):
        service = c.lane_service[p.lanes[h.members[at]]]
        packages = 0
        for j in range(depth + 1):
            begin = h.first[chosen[j]]
            for other in range(begin, begin + h.sizes[chosen[j]]):
                packages += c.lane_service[p.lanes[h.members[other]]] == service
        if packages > c.service_most_packages[service]:
            return False
    return True
