"""The cheapest single package for every contents, and the cheapest of another source, in one go.

As `cheapest` finds them, but of ordinary costs, where a unit costs the same of whatever part it is. Who says of which
the best is without some source looks at the other.

Sources of one class that can give the same are gone through together, contents by contents: then only what they charge
is different. A cost and its source are one number, cost << SOURCE_BITS | source, so that the least of these is the
cheapest, of equal ones the first source, and is found without a branch.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.states import States
from solver.sourcing.snapshot.inner.cheapest import LANE_BITS, Cheapest
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import GRAMS, KIND_COST, MM3, MOST_UNITS, UNIT_COST, UNITS, VIEW, Ground
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Stocked

SOURCE_BITS = 20
MOST_SOURCES = 1 << SOURCE_BITS
MOST_COST = 2.0 ** (61 - SOURCE_BITS)  # so that it is below NEVER with its source, and so is a sum of two
_MOST_KEYS = 1 << 10  # classes times states; with more, hardly two sources can give the same


class Alike(NamedTuple):
    """The order's sources, those of one class that can give the same side by side; costs with the source's number."""

    source: Ints  # [N]
    key: Ints  # [N]: the same for those that are side by side
    base: Ints  # [N]
    kind: Ints  # [N]
    unit: Ints  # [N]
    most: Ints  # [N]: units


@inner
def two_cheapest(
    g: Ground, words: Ints, s: Stocked, m: Classes, st: States, stride: Ints, further: int
) -> tuple[Cheapest, Cheapest]:
    """What `cheapest` finds; and for every state the least cost, and whose, of all sources but that which is first."""
    size = len(st.grams)
    a = side_by_side(g.source_facts[words[VIEW]], s.sources, s.blocks, m.of_source, m.base, len(m.start) - 1, stride)
    sources, keys, bases, kind_costs, unit_costs, most_units = a.source, a.key, a.base, a.kind, a.unit, a.most
    class_of, blocks, kinds, units = m.of_source, s.blocks, st.kinds, st.units
    start, services, tariffs, costs = m.start, m.service, m.tariff, m.cost
    best, second = np.full(size, NEVER, np.int64), np.full(size, NEVER, np.int64)
    lane_of_best, lane_of_second = np.empty(size, np.int64), np.empty(size, np.int64)
    sent, lane_of, sent_for = np.empty(size, np.int64), np.empty(size, np.int64), np.full(size, -1, np.int64)
    contents = np.empty(size, np.int64)
    end = 0
    while end < len(sources):
        begin, one, last = end, class_of[sources[end]], keys[end]
        while end < len(sources) and keys[end] == last:
            end += 1
        for number in range(1, list_contents(stride, blocks, sources[begin], contents)):
            state = contents[number]
            if sent_for[state] != one:
                sent_for[state] = one
                sent[state], lane_of[state] = cheapest_lane(
                    state,
                    start[one],
                    start[one + 1],
                    services,
                    tariffs,
                    costs,
                    g.tariff_group,
                    g.tariff_column,
                    g.prices,
                    g.lane_limits,
                    st.column,
                    st.grams,
                    st.mm3,
                    units,
                )
            if sent[state] == NEVER:
                continue
            by_lane = (further + sent[state]) << SOURCE_BITS
            known, other = best[state] - by_lane, second[state] - by_lane
            least, next_to_it, of_kinds, of_units = known, other, kinds[state], units[state]
            for at in range(begin, end):
                if of_units > most_units[at]:
                    continue
                cost = bases[at] + of_kinds * kind_costs[at] + of_units * unit_costs[at]
                dearer = max(least, cost)
                least = min(least, cost)
                next_to_it = min(next_to_it, dearer)
            if next_to_it != other:
                lane_of_second[state] = lane_of_best[state] if next_to_it == known else lane_of[state]
                second[state] = next_to_it + by_lane
            if least != known:
                lane_of_best[state], best[state] = lane_of[state], least + by_lane
    return told_apart(best, lane_of_best), told_apart(second, lane_of_second)


@inner
def side_by_side(
    facts: Ints, sources: Ints, blocks: Ints, class_of: Ints, base: Ints, classes: int, stride: Ints
) -> Alike:
    """Sort the sources by class, and by what they can give where that is not too various; else each stands alone."""
    count, parts, size = len(sources), len(stride), 1
    key, number = np.empty(count, np.int64), np.empty(count, np.int64)
    for d in range(parts):
        size += stride[d] * int(blocks[:, d].max()) if count > 0 else 0
    is_grouped = classes * size <= _MOST_KEYS
    for n in range(count):
        key[n] = class_of[n] * size if is_grouped else class_of[n]
    if is_grouped:
        for d in range(parts):
            for n in range(count):
                key[n] += blocks[n, d] * stride[d]
    free = np.zeros((classes * size if is_grouped else classes) + 1, np.int64)
    for n in range(count):
        free[key[n] + 1] += 1
    for of_key in range(1, len(free)):
        free[of_key] += free[of_key - 1]
    a = Alike(
        number,
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
    )
    number_at, key_at, base_at, kind_at, unit_at, most_at = a.source, a.key, a.base, a.kind, a.unit, a.most
    kind, unit, most = facts[KIND_COST], facts[UNIT_COST], facts[MOST_UNITS]
    for n in range(count):
        source, at = sources[n], free[key[n]]
        free[key[n]] += 1
        number_at[at], key_at[at], base_at[at] = n, key[n] if is_grouped else n, base[n] << SOURCE_BITS | n
        kind_at[at], unit_at[at], most_at[at] = kind[source] << SOURCE_BITS, unit[source] << SOURCE_BITS, most[source]
    return a


@inner
def list_contents(stride: Ints, blocks: Ints, n: int, contents: Ints) -> int:
    """Write the states that a source can fill a package with, and count them. The first is nothing."""
    contents[0] = 0
    count = 1
    for d in range(len(stride)):
        width = count
        for several in range(1, blocks[n, d] + 1):
            step = several * stride[d]
            for at in range(width):
                contents[count] = contents[at] + step
                count += 1
    return count


@inner
def cheapest_lane(
    state: int,
    begin: int,
    end: int,
    services: Ints,
    tariffs: Ints,
    costs: Ints,
    groups: Ints,
    lowest: Ints,
    prices: Ints,
    limits: Ints,
    column: Ints,
    grams: Ints,
    mm3: Ints,
    units: Ints,
) -> tuple[int, int]:
    """What a class's cheapest lane takes for these contents, NEVER where none carries them; the first of equal ones."""
    least, first = NEVER, -1
    for lane in range(begin, end):
        service, tariff = services[lane], tariffs[lane]
        cost = costs[lane] + prices[tariff, max(column[groups[tariff], state], lowest[tariff])]
        if (
            cost < least
            and units[state] <= limits[service, UNITS]
            and grams[state] <= limits[service, GRAMS]
            and mm3[state] <= limits[service, MM3]
        ):
            least, first = cost, lane
    return least, first


@inner
def told_apart(costs: Ints, lanes: Ints) -> Cheapest:
    """Cost and source of each state by themselves, the source with its lane; NEVER and -1 where there is none."""
    owner = np.full(len(costs), -1, np.int64)
    for state in range(len(costs)):
        if costs[state] != NEVER:
            owner[state] = (costs[state] & MOST_SOURCES - 1) << LANE_BITS | lanes[state]
            costs[state] >>= SOURCE_BITS
    return Cheapest(costs, owner)
