"""The cheapest single package for every contents, from classes of sources instead of lanes.

The loops take single arrays and call nothing: handing over arrays costs more than what is done with them here.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.states import States
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import GRAMS, KIND_COST, MM3, MOST_UNITS, UNIT_COST, UNITS, VIEW, Ground
from solver.sourcing.snapshot.inner.machine_code import compiled
from solver.sourcing.snapshot.inner.reach import Stocked

LANE_BITS = 24  # an owner is source << LANE_BITS | lane of its class
_LEAST_ROOM = 1 << 11  # contents that are listed at a time: few, so that they stay in the nearest cache


class Cheapest(NamedTuple):
    """For every state the least cost of one package, NEVER where there is none, and whose that is (-1: nobody's)."""

    best: Ints  # [M]
    owner: Ints  # [M]


@compiled
def cheapest(g: Ground, words: Ints, s: Stocked, m: Classes, st: States, stride: Ints, further: int) -> Cheapest:
    """As `exact.packages.cheapest_packages`, ties included. Every lane must carry every part."""
    size, facts = len(st.grams), g.source_facts[words[VIEW]]
    best, owner = np.full(size, NEVER, np.int64), np.full(size, -1, np.int64)
    room = max(size, _LEAST_ROOM)
    contents, costs = np.empty(room, np.int64), np.empty(room, np.int64)
    start = np.zeros(len(s.sources) + 1, np.int64)
    whole = size - 1
    is_limited = np.zeros(len(m.service), np.bool_)
    for j in range(m.start[-1]):
        limits = g.lane_limits[m.service[j]]
        is_limited[j] = (
            st.grams[whole] > limits[GRAMS] or st.mm3[whole] > limits[MM3] or st.units[whole] > limits[UNITS]
        )
    kept_start, kept = without_dearer(
        m.start, m.tariff, m.cost, g.tariff_group, g.tariff_column, g.prices, st.column, is_limited
    )
    begin = 0
    while begin < len(s.sources):
        end = list_contents(s.blocks, stride, facts, s.sources, begin, contents, costs, start)
        improve(
            begin,
            end,
            s.sources,
            facts,
            m.of_source,
            m.base,
            kept_start,
            kept,
            m.service,
            m.tariff,
            m.cost,
            further,
            start,
            contents,
            costs,
            g.tariff_group,
            g.tariff_column,
            g.prices,
            st.column,
            is_limited,
            g.lane_limits,
            st.grams,
            st.mm3,
            st.units,
            best,
            owner,
        )
        begin = end
    return Cheapest(best, owner)


@compiled
def without_dearer(
    start: Ints,
    tariffs: Ints,
    openings: Ints,
    groups: Ints,
    lowest: Ints,
    prices: Ints,
    column: Ints,
    is_limited: Flags,
) -> tuple[Ints, Ints]:
    """The lanes of each class but for those that another lane of it is never dearer than; of equal ones the first."""
    kept_start = np.zeros(len(start), np.int64)
    kept = np.empty(start[-1], np.int64)
    columns = np.empty(len(column), np.int64)
    for group in range(len(column)):
        columns[group] = column[group].max() + 1
    count = 0
    for m in range(len(start) - 1):
        for lane in range(start[m], start[m + 1]):
            is_dearer = False
            for other in range(start[m], start[m + 1]):
                one, two = tariffs[lane], tariffs[other]
                if other == lane or is_limited[other] or groups[one] != groups[two]:
                    continue
                above = True
                for at in range(columns[groups[one]]):
                    more = openings[lane] + prices[one, max(at, lowest[one])]
                    more -= openings[other] + prices[two, max(at, lowest[two])]
                    if more < 0 or (more == 0 and other > lane):
                        above = False
                        break
                if above:
                    is_dearer = True
                    break
            if not is_dearer:
                kept[count] = lane
                count += 1
        kept_start[m + 1] = count
    return kept_start, kept


@compiled
def list_contents(
    blocks: Ints, stride: Ints, facts: Ints, sources: Ints, begin: int, contents: Ints, costs: Ints, start: Ints
) -> int:
    """List what sources from `begin` on can fill a package with, as long as there is room; the source after the last.

    The contents of source n are start[n] to start[n + 1], the first is nothing; their costs are of kinds and units.
    """
    start[begin] = 0
    for n in range(begin, len(sources)):
        first = start[n]
        size = 1
        for d in range(len(stride)):
            size *= blocks[n, d] + 1
        if first + size > len(contents):
            return n
        kind, unit = facts[sources[n], KIND_COST], facts[sources[n], UNIT_COST]
        contents[first], costs[first] = 0, 0
        count = first + 1
        for d in range(len(stride)):
            width = count
            for several in range(1, blocks[n, d] + 1):
                extra, step = kind + several * unit, several * stride[d]
                for at in range(first, width):
                    contents[count] = contents[at] + step
                    costs[count] = costs[at] + extra
                    count += 1
        start[n + 1] = count
    return len(sources)


@compiled
def improve(
    begin: int,
    end: int,
    sources: Ints,
    facts: Ints,
    class_of: Ints,
    base: Ints,
    kept_start: Ints,
    kept: Ints,
    services: Ints,
    tariffs: Ints,
    openings: Ints,
    further: int,
    start: Ints,
    contents: Ints,
    costs: Ints,
    groups: Ints,
    lowest: Ints,
    prices: Ints,
    column: Ints,
    is_limited: Flags,
    limits: Ints,
    grams: Ints,
    mm3: Ints,
    units: Ints,
    best: Ints,
    owner: Ints,
) -> None:
    """Improve `best` by packages of the sources from `begin` until before `end`."""
    whole_units = units[-1]
    for n in range(begin, end):
        m, most_units = class_of[n], facts[sources[n], MOST_UNITS]
        for number in range(kept_start[m], kept_start[m + 1]):
            lane = kept[number]
            tariff, service, opening = tariffs[lane], services[lane], base[n] + openings[lane] + further
            group, least = groups[tariff], lowest[tariff]
            checks = is_limited[lane] or most_units < whole_units
            for at in range(start[n] + 1, start[n + 1]):
                state = contents[at]
                if checks and (
                    units[state] > min(most_units, limits[service, UNITS])
                    or grams[state] > limits[service, GRAMS]
                    or mm3[state] > limits[service, MM3]
                ):
                    continue
                cost = opening + costs[at] + prices[tariff, max(column[group, state], least)]
                if cost < best[state]:
                    best[state] = cost
                    owner[state] = n << LANE_BITS | lane
