"""Loading: which loads a plan opens. Depth first through sets of lanes, then through what they may be opened as.

Sets of lanes are bounded by what their loads cost beyond prices, and by what their offers have. How heavy each package
of a set is, is `weighing`'s; whether units fit in then, and at what cost, `stowing`'s.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.weighing import weigh

GRAIN = 256  # steps into which the weight of the order is parted for the bound on covering it


class Excess(NamedTuple):
    """J loads of N lanes, the lane of the least excess first. Everything is on the scale of the prices."""

    loads: Ints  # [J]
    excess: Ints  # [J]: what it costs at least beyond the worth of its contents
    lanes: Ints  # [N]
    first: Ints  # [N + 1]: the loads of lane n are first[n] to first[n + 1], the cheaper caps first
    least: Ints  # [N]: excess
    cost: Ints  # [N]: the least of a load, which is not on the scale
    grams: Ints  # [N]: the most of a load
    stock: Ints  # [D]: the most that an offer has
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
    left: Ints,
    spared: int,
    limit: int,
    most_effort: int,
    nodes: int,
) -> tuple[int, Ints, Ints, int, int]:
    """The cheapest plan of at most `limit`; a set of loads takes at most so much effort, in nodes.

    Such a plan leaves at most `left` units of each part. Its cost, or NEVER; its loads; their units (and those left);
    what plans cost at least that were cut off, NEVER where none were; and the nodes left, below 0 where they gave out.
    """
    most, lanes = len(e.covering) - 1, len(e.lanes)
    chosen = np.zeros(most + 1, np.int64)
    spent = np.zeros(most + 2, np.int64)  # excess, with sources
    opened = np.zeros(most + 2, np.int64)  # sources
    cost = np.zeros(most + 2, np.int64)
    grams = np.zeros(most + 2, np.int64)
    need = np.zeros((most + 2, len(a.demand)), np.int64)
    need[0] = a.demand - left
    total = (need[0] * a.each[:, 0]).sum()
    found, units = chosen[:0], np.zeros((0, len(a.demand)), np.int64)
    best, cut = NEVER, NEVER
    room = on_scale(limit + spared, e.shift) - e.worth
    depth = 0
    while depth >= 0 and nodes >= 0:
        nodes -= 1
        at = chosen[depth]
        if at == lanes or spent[depth] + e.least[at] + e.covering[most - depth - 1, 0] > room:
            depth -= 1
            if depth >= 0:
                chosen[depth] += 1
            continue
        source = a.source[e.lanes[at]]
        is_new = _is_new(a, e, chosen, depth, source)
        spent[depth + 1] = spent[depth] + e.least[at] + (e.source_cost[source] if is_new else 0)
        opened[depth + 1] = opened[depth] + (a.source_cost[source] if is_new else 0)
        cost[depth + 1] = cost[depth] + e.cost[at]
        grams[depth + 1] = grams[depth] + e.grams[at]
        missing = max(0, -(-(total - grams[depth + 1]) // e.step_grams))
        rest = e.covering[most - depth - 1, missing]
        dearest = limit + spared - opened[depth + 1] - e.base
        dear = cost[depth + 1] + e.covering_cost[most - depth - 1, missing] > dearest
        if dear or rest == NEVER or spent[depth + 1] + rest > room or not _is_allowed(a, e, chosen, depth):
            chosen[depth] += 1
            continue
        lacking = _still_lacking(a, e, chosen, depth, need)
        if missing == 0 and lacking == 0:
            allowed = limit + spared - opened[depth + 1]
            spare = room - spent[depth + 1]
            least, picked, stowed, beyond, nodes = weigh(
                a, _choices(e, chosen[: depth + 1]), e.loads, e.excess, parts, left, spare, allowed, most_effort, nodes
            )
            if least != NEVER:
                best, found, units = opened[depth + 1] + least - spared, picked, stowed
                limit = best - 1
                room = on_scale(limit + spared, e.shift) - e.worth
            if beyond != NEVER:
                by_excess = off_scale(e.worth + spent[depth + 1], e.shift)
                cut = min(cut, max(by_excess, opened[depth + 1] + beyond) - spared)
        if depth + max(1, lacking) < most:
            chosen[depth + 1] = chosen[depth]
            depth += 1
        else:
            chosen[depth] += 1
    return best, found, units, cut, nodes


@inner
def _choices(e: Excess, chosen: Ints) -> Ints:
    """What each package may be opened as: its lane, and where that lane's loads begin and end, [n, 3]."""
    choices = np.zeros((len(chosen), 3), np.int64)
    for i in range(len(chosen)):
        choices[i, 0] = e.lanes[chosen[i]]
        choices[i, 1] = e.first[chosen[i]]
        choices[i, 2] = e.first[chosen[i] + 1]
    return choices


@inner
def _still_lacking(a: Loads, e: Excess, chosen: Ints, depth: int, need: Ints) -> int:
    """How many more packages it takes at least for the parts that the lanes up to this depth do not have."""
    lane = e.lanes[chosen[depth]]
    packages = 0
    for d in range(len(a.demand)):
        has = a.stock[a.offer[lane], d] if a.can[lane, d] else 0
        for i in range(depth):
            earlier = e.lanes[chosen[i]]
            if a.offer[earlier] == a.offer[lane] and a.can[earlier, d]:
                has = 0
        need[depth + 1, d] = need[depth, d] - has
        if need[depth + 1, d] > 0:
            packages = max(packages, -(-need[depth + 1, d] // max(1, e.stock[d])))
    return packages


@inner
def _is_new(a: Loads, e: Excess, chosen: Ints, depth: int, source: int) -> bool:
    for i in range(depth):  # noqa: SIM110 - compiles to a plain loop
        if a.source[e.lanes[chosen[i]]] == source:
            return False
    return True


@inner
def _is_allowed(a: Loads, e: Excess, chosen: Ints, depth: int) -> bool:
    """True when the loads up to this depth keep to the limits on sources and on the packages of the last's service."""
    service = a.service[e.lanes[chosen[depth]]]
    sources, packages = 0, 0
    for i in range(depth + 1):
        lane = e.lanes[chosen[i]]
        sources += _is_new(a, e, chosen, i, a.source[lane])
        packages += a.service[lane] == service
    return sources <= a.most_sources and packages <= a.service_most_packages[service]
