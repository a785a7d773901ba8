"""The cheapest single package for every contents, from classes of sources instead of lanes.

The loops take single arrays and call nothing: handing over arrays costs more than what is done with them here.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.states import States
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import GRAMS, KIND_COST, MM3, MOST_UNITS, UNITS, VIEW, Ground
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Stocked

LANE_BITS = 24  # an owner is source << LANE_BITS | lane of its class


class Cheapest(NamedTuple):
    """For every state the least cost of one package, NEVER where there is none, and whose that is (-1: nobody's)."""

    best: Ints  # [M]
    owner: Ints  # [M]


@inner
def cheapest(g: Ground, words: Ints, s: Stocked, m: Classes, st: States, stride: Ints, further: int) -> Cheapest:
    """As `exact.packages.cheapest_packages`, ties included. Every lane must carry every part."""
    size = len(st.grams)
    is_limited = limited(g, m, st)
    kept_start, kept = without_dearer(
        m.start, m.tariff, m.cost, g.tariff_group, g.tariff_column, g.prices, st.column, is_limited
    )
    best, owner = np.full(size, NEVER, np.int64), np.full(size, -1, np.int64)
    least, whose, met = np.full(size, NEVER, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    class_start, of_class = by_class(m.of_source, len(m.start) - 1)
    for one in range(len(m.start) - 1):
        if kept_start[one] == kept_start[one + 1]:
            continue
        count = fill_by_class(
            of_class[class_start[one] : class_start[one + 1]],
            s.sources,
            s.blocks,
            s.unit_cost,
            stride,
            g.source_facts[words[VIEW]],
            m.base,
            st.units,
            least,
            whose,
            met,
        )
        send(
            met[:count],
            least,
            whose,
            kept[kept_start[one] : kept_start[one + 1]],
            m.service,
            m.tariff,
            m.cost,
            further,
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
    return Cheapest(best, owner)


@inner
def limited(g: Ground, m: Classes, st: States) -> Flags:
    """Which lanes do not carry the whole order in one package."""
    whole = len(st.grams) - 1
    is_limited = np.zeros(len(m.service), np.bool_)
    for j in range(m.start[-1]):
        limits = g.lane_limits[m.service[j]]
        is_limited[j] = (
            st.grams[whole] > limits[GRAMS] or st.mm3[whole] > limits[MM3] or st.units[whole] > limits[UNITS]
        )
    return is_limited


@inner
def by_class(class_of: Ints, classes: int) -> tuple[Ints, Ints]:
    """The sources of each class, ascending: those of class m are numbers start[m] to start[m + 1] of the second."""
    start, sources = np.zeros(classes + 1, np.int64), np.empty(len(class_of), np.int64)
    for m in class_of:
        start[m + 1] += 1
    for m in range(classes):
        start[m + 1] += start[m]
    free = start[:classes].copy()
    for n in range(len(class_of)):
        sources[free[class_of[n]]] = n
        free[class_of[n]] += 1
    return start, sources


@inner
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


@inner
def fill_by_class(
    numbers: Ints,
    sources: Ints,
    blocks: Ints,
    unit_costs: Ints,
    stride: Ints,
    facts: Ints,
    base: Ints,
    units: Ints,
    least: Ints,
    whose: Ints,
    met: Ints,
) -> int:
    """For all contents that these sources can fill a package with, the least cost but for the lane's, and whose it is.

    The contents are listed in `met`, and counted; of equal sources the first is named. `least` is NEVER elsewhere.
    """
    count = 0
    contents, costs = np.empty(len(least), np.int64), np.empty(len(least), np.int64)
    contents[0] = 0
    for n in numbers:
        kind, most_units = facts[KIND_COST, sources[n]], facts[MOST_UNITS, sources[n]]
        is_able = most_units >= units[-1]
        costs[0] = base[n]
        filled = 1
        for d in range(len(stride)):
            width, unit = filled, unit_costs[n, d]
            for several in range(1, blocks[n, d] + 1):
                extra, step = kind + several * unit, several * stride[d]
                for at in range(width):
                    state, cost = contents[at] + step, costs[at] + extra
                    contents[filled], costs[filled] = state, cost
                    filled += 1
                    if cost < least[state] and (is_able or units[state] <= most_units):
                        if least[state] == NEVER:
                            met[count] = state
                            count += 1
                        least[state], whose[state] = cost, n
    return count


@inner
def send(
    met: Ints,
    least: Ints,
    whose: Ints,
    kept: Ints,
    services: Ints,
    tariffs: Ints,
    openings: Ints,
    further: int,
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
    """Improve `best` by what a class can fill, by each lane of it that is kept; of equal sources the first."""
    for lane in kept:
        tariff, service, opening = tariffs[lane], services[lane], openings[lane] + further
        group, lowest_column = groups[tariff], lowest[tariff]
        for state in met:
            if is_limited[lane] and (
                units[state] > limits[service, UNITS]
                or grams[state] > limits[service, GRAMS]
                or mm3[state] > limits[service, MM3]
            ):
                continue
            cost = opening + least[state] + prices[tariff, max(column[group, state], lowest_column)]
            if cost < best[state] or (cost == best[state] and whose[state] < owner[state] >> LANE_BITS):
                best[state] = cost
                owner[state] = whose[state] << LANE_BITS | lane
    for state in met:
        least[state] = NEVER
