"""Which lanes are the cheapest for some contents of a package: no others are needed to solve the relaxed problem.

The loops take single arrays and call nothing: handing over arrays costs more than what is done with them here.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.states import describe
from solver.sourcing.snapshot.inner.ground import GRAMS, KIND_COST, MM3, MOST_UNITS, UNIT_COST, UNITS, VIEW, Ground
from solver.sourcing.snapshot.inner.machine_code import compiled
from solver.sourcing.snapshot.inner.reach import Reach

_LEAST_ROOM = 1 << 14  # contents that are listed at a time
_MOST_COMPARED = 64  # tariffs: to compare more with each other costs more than it spares


@compiled
def cheapest_lanes(g: Ground, words: Ints, r: Reach, c: Arrays) -> Ints:
    """The lanes that `exact.packages.cheapest_packages` would name, ascending; `c` has the order, but no lanes.

    Every lane must carry every part.
    """
    st = describe(c)
    size, facts = len(st.grams), g.source_facts[words[VIEW]]
    best, lane_of = np.full(size, NEVER, np.int64), np.full(size, -1, np.int64)
    room = max(size, _LEAST_ROOM)
    contents, costs = np.empty(room, np.int64), np.empty(room, np.int64)
    start = np.zeros(len(r.sources) + 1, np.int64)
    most, is_limited = limits_of_lanes(g, words, r, st.grams[-1], st.mm3[-1], st.units[-1])
    lanes = without_dearer(
        r.lane_offer, r.lane_tariff, r.lane_cost, g.tariff_group, g.tariff_column, g.prices, st.column, is_limited
    )
    begin, at = 0, 0
    while begin < len(r.sources):
        end = list_contents(r.blocks, c.stride, facts, r.sources, begin, contents, costs, start)
        at = improve(
            lanes,
            at,
            end,
            r.lane_offer,
            r.lane_tariff,
            r.lane_cost,
            start,
            contents,
            costs,
            g.tariff_group,
            g.tariff_column,
            g.prices,
            st.column,
            is_limited,
            most,
            st.grams,
            st.mm3,
            st.units,
            best,
            lane_of,
        )
        begin = end
    return named(lane_of, len(r.lane_offer))


@compiled
def limits_of_lanes(g: Ground, words: Ints, r: Reach, grams: int, mm3: int, units: int) -> tuple[Ints, Flags]:
    """The most that a package of each lane may hold, [L, 3]; and whether that is less than the whole order."""
    lanes = len(r.lane_offer)
    limits, facts, sources, offers, services = (
        g.lane_limits,
        g.source_facts[words[VIEW]],
        r.sources,
        r.lane_offer,
        r.lane_service,
    )
    is_limited = np.zeros(lanes, np.bool_)
    most = np.empty((lanes, 3), np.int64)
    for lane in range(lanes):
        service = services[lane]
        most_units = min(limits[service, UNITS], facts[sources[offers[lane]], MOST_UNITS])
        is_limited[lane] = units > most_units or grams > limits[service, GRAMS] or mm3 > limits[service, MM3]
        if is_limited[lane]:
            most[lane, GRAMS], most[lane, MM3] = limits[service, GRAMS], limits[service, MM3]
            most[lane, UNITS] = most_units
    return most, is_limited


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
def without_dearer(
    offers: Ints,
    tariffs: Ints,
    openings: Ints,
    groups: Ints,
    lowest: Ints,
    prices: Ints,
    column: Ints,
    is_limited: Flags,
) -> Ints:
    """The lanes but for those that are dearer at every weight than the source's lane before or after them.

    What two tariffs come to is kept from one source to the next: by which amount the later one's packages must be
    dearer beside the weight (or the earlier one's) so that it is never the cheaper.
    """
    count = len(groups)
    if count > _MOST_COMPARED:
        return np.arange(len(offers))
    known = np.zeros((count, count), np.bool_)
    most_above, most_below = np.empty((count, count), np.int64), np.empty((count, count), np.int64)
    is_kept = np.ones(len(offers), np.bool_)
    before = 0
    for lane in range(1, len(offers)):
        if offers[lane] != offers[before] or is_limited[lane] or is_limited[before]:
            before = lane
            continue
        one, other = tariffs[before], tariffs[lane]
        if groups[one] != groups[other]:
            before = lane
            continue
        if not known[one, other]:
            known[one, other] = True
            above, below = -NEVER, -NEVER
            for at in range(column[groups[one]].max() + 1):
                more = prices[one, max(at, lowest[one])] - prices[other, max(at, lowest[other])]
                above, below = max(above, more), max(below, -more)
            most_above[one, other], most_below[one, other] = above, below
        extra = openings[lane] - openings[before]
        if extra >= most_above[one, other]:
            is_kept[lane] = False
        else:
            if -extra > most_below[one, other]:
                is_kept[before] = False
            before = lane
    return np.nonzero(is_kept)[0]


@compiled
def improve(
    lanes: Ints,
    next_lane: int,
    end: int,
    offers: Ints,
    tariffs: Ints,
    openings: Ints,
    start: Ints,
    contents: Ints,
    costs: Ints,
    groups: Ints,
    lowest: Ints,
    prices: Ints,
    column: Ints,
    is_limited: Flags,
    most: Ints,
    grams: Ints,
    mm3: Ints,
    units: Ints,
    best: Ints,
    lane_of: Ints,
) -> int:
    """Improve `best` by packages of the lanes from the next on of sources before `end`; the next after these."""
    while next_lane < len(lanes) and offers[lanes[next_lane]] < end:
        lane = lanes[next_lane]
        n, tariff, opening = offers[lane], tariffs[lane], openings[lane]
        group, least, checks = groups[tariff], lowest[tariff], is_limited[lane]
        for at in range(start[n] + 1, start[n + 1]):
            state = contents[at]
            if checks and (
                units[state] > most[lane, UNITS] or grams[state] > most[lane, GRAMS] or mm3[state] > most[lane, MM3]
            ):
                continue
            cost = opening + costs[at] + prices[tariff, max(column[group, state], least)]
            if cost < best[state]:
                best[state] = cost
                lane_of[state] = lane
        next_lane += 1
    return next_lane


@compiled
def named(lane_of: Ints, lanes: int) -> Ints:
    """The lanes that are named, ascending."""
    is_named = np.zeros(lanes, np.bool_)
    for lane in lane_of:
        if lane >= 0:
            is_named[lane] = True
    return np.nonzero(is_named)[0]
