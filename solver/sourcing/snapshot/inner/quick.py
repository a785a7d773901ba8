"""The best plan where no two of its packages come from one source: then nothing couples them.

The same relaxed problem as `exact.kernel.relax` solves, from the same pieces.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.kernel import partition_of
from solver.sourcing.exact.leaving import bar_impossible, leaving_cost
from solver.sourcing.exact.states import States, describe
from solver.sourcing.snapshot.inner.answers import Answers, write_packages
from solver.sourcing.snapshot.inner.bare import bare
from solver.sourcing.snapshot.inner.cheapest import LANE_BITS, Cheapest, cheapest
from solver.sourcing.snapshot.inner.classes import Classes, classes_of
from solver.sourcing.snapshot.inner.filled import supply_of
from solver.sourcing.snapshot.inner.ground import (
    COUPLED,
    DEAREST,
    DONE,
    FURTHER_PACKAGE,
    LARGE_COSTS,
    MOST_PACKAGES,
    MOST_SOURCES,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Stocked

LARGE_COST = 2.0**61  # so that sums of two stay below NEVER


@inner
def decide_quickly(g: Ground, words: Ints, s: Stocked, answers: Answers, i: int) -> int:
    """Decide order i and write its answer; how it ended. COUPLED: packages may get in each other's way."""
    status, m, has_lane = lanes_by_class(g, words, s)
    if status != DONE:
        return status
    c = bare(g, words, s, supply_of(words, s.blocks, has_lane))
    if cost_bound(g, c, m) >= LARGE_COST:
        return LARGE_COSTS
    st = describe(c)
    found = cheapest(g, words, s, m, st, c.stride, g.policy[FURTHER_PACKAGE])
    return write_solved(words, s, m, c, st, found, leaving(c), answers, i)


@inner
def lanes_by_class(g: Ground, words: Ints, s: Stocked) -> tuple[int, Classes, Flags]:
    """The lanes of the order's sources, which sources have one, and how that ended."""
    m = classes_of(g, words, s)
    has_lane = np.empty(len(s.sources), np.bool_)
    for n in range(len(has_lane)):
        has_lane[n] = m.start[m.of_source[n]] < m.start[m.of_source[n] + 1]
    return m.status, m, has_lane


@inner
def write_solved(
    words: Ints,
    s: Stocked,
    m: Classes,
    c: Arrays,
    st: States,
    found: Cheapest,
    leave: Ints,
    answers: Answers,
    i: int,
) -> int:
    """Write the best plan of order i by its cheapest packages, `leave` as `leaving` says; how it ended."""
    total, left, contents = solved(c, st, found, leave)
    count = len(contents)
    if count > words[MOST_PACKAGES] or count > words[MOST_SOURCES] or (count > 1 and c.together.any()):
        return COUPLED
    sources, services = np.empty(count, np.int64), np.empty(count, np.int64)
    for number in range(count):
        owner = found.owner[contents[number]]
        sources[number] = s.sources[owner >> LANE_BITS]
        services[number] = m.service[owner & ((1 << LANE_BITS) - 1)]
        for other in range(number):
            if sources[other] == sources[number]:
                return COUPLED
    write_packages(c, words, sources, services, contents, left, total, answers, i)
    return DONE


@inner
def cost_bound(g: Ground, c: Arrays, m: Classes) -> float:
    """More than any plan can cost, even one that pays its source for every package."""
    units, left, package, dearest = 0.0, 0.0, 0, 0
    for d in range(len(c.radix)):
        units += c.radix[d] - 1.0
    for k in range(len(c.line_cost)):
        left += float(c.line_cost[k]) * c.line_times[k]
    for base in m.base:
        package = max(package, base)
    for j in range(m.start[-1]):
        dearest = max(dearest, m.cost[j])
    bound: float = units * (float(package) + dearest + g.policy[DEAREST]) + left
    return bound


@inner
def leaving(c: Arrays) -> Ints:
    """What leaving each state costs, NEVER where more would ship than there is."""
    leave = leaving_cost(c, len(c.line_state))
    bar_impossible(c, leave)
    return leave


@inner
def solved(c: Arrays, st: States, found: Cheapest, leave: Ints) -> tuple[int, int, Ints]:
    """The least total, the state that is left, and the packages' contents. Ties: the first rest, so most ships."""
    best = found.best
    value, last = partition_of(c, st, best, leave, NEVER)
    whole = len(value) - 1
    total, left = leave[whole], whole
    for rest in range(1 if c.complete else whole):
        if leave[rest] == NEVER or value[whole - rest] == NEVER:
            continue
        cost = value[whole - rest] + leave[rest] - c.spared
        if cost < total or (cost == total and left == whole):
            total, left = cost, rest
    contents = np.empty(st.units[whole - left], np.int64)
    count, shipped = 0, whole - left
    while shipped > 0:
        contents[count] = last[shipped]
        shipped -= last[shipped]
        count += 1
    return total, left, contents[:count]
