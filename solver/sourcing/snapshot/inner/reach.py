"""Which sources have something of an order, and by which lanes it could come, at what cost beside the weight's."""

from typing import NamedTuple

import numpy as np
from geopy.distance import EARTH_RADIUS
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.snapshot.inner.ground import (
    BEYOND_TIMETABLE,
    BRANCH,
    CLOSED,
    DISTANCE_PER_KM,
    DONE,
    HEAD,
    KEPT_UNITS,
    NEAR_CLASS,
    NONE,
    PART_WORDS,
    PARTS,
    PICK_UP_GROUP,
    PLACED,
    PROMISED,
    SOURCE_ZONE,
    UNIT_COST,
    VALUE_PERMILLE,
    VIEW,
    ZONE,
    Floats,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled, inner
from solver.sourcing.snapshot.inner.times import OUTSIDE, SHUT, asks_for_times, cost_of_time, looked_up, ready_at

Units = NDArray[np.int32]

_DIAMETER_METERS = 2_000.0 * float(EARTH_RADIUS)
_NEAR_THE_OTHER_SIDE = 3.9  # squared chords beyond are not told apart well enough by either formula
_UNSURE_METERS = 1e-6


class Stocked(NamedTuple):
    """The sources that have something of an order."""

    skus: Ints  # [D]
    sources: Ints  # [N], ascending
    blocks: Ints  # [N, D]: units, at most what is asked
    unit_cost: Ints  # [N, D]: beside the package
    far: Ints  # [N]: the class of its distance, NONE where that is not sure
    way: Ints  # [N]: whole meters, where they cost anything


class Lanes(NamedTuple):
    """Lanes, source by source; the cost is a package's, beside the weight's."""

    offer: Ints  # [L] -> N
    service: Ints  # [L]
    tariff: Ints  # [L]
    cost: Ints  # [L]


@compiled
def stocked(g: Ground, stock: Units, words: Ints, xyz: Floats, meters: Ints) -> Stocked:
    """The order's sources. `meters` has the exact distance of every source, or is empty."""
    skus = np.empty(words[PARTS], np.int64)
    for d in range(len(skus)):
        skus[d] = words[HEAD + PART_WORDS * d]
    sources, row_of = stocked_sources(g, stock, skus)
    far, way = classes_and_meters(g, xyz, sources, meters)
    blocks = blocks_of(g, stock, words, sources, row_of)
    return Stocked(skus, sources, blocks, unit_costs_of(g, stock, words, sources, row_of), far, way)


@inner
def every_lane(g: Ground, words: Ints, s: Stocked) -> tuple[Lanes, int]:
    """The order's open lanes, and how that ended."""
    offers, services, rates, costs = lanes_open(g, words, s.sources, s.far, s.way)
    status, count = DONE, len(offers)
    if asks_for_times(g.policy, words[PROMISED]):
        status, count = add_times(g, words, s.sources, offers, services, rates, costs)
    tariffs, of_rate = rates[:count], g.rate_tariff[words[VIEW]]
    for lane in range(count):
        tariffs[lane] = of_rate[rates[lane]]
    return Lanes(offers[:count], services[:count], tariffs, costs[:count]), status


@inner
def lanes_open(g: Ground, words: Ints, sources: Ints, far: Ints, way: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Offer, service, rate and cost of every lane, as far as they do not depend on times."""
    package, by_branch, by_distance = g.lane_cost[words[VIEW]], g.branch_rate[words[BRANCH]], g.distance_rate
    rate_cost, facts, per_km = g.rate_cost[words[VIEW]], g.source_facts[words[VIEW]], g.policy[DISTANCE_PER_KM]
    most = len(sources) * package.shape[1]
    offers, services = np.empty(most, np.int64), np.empty(most, np.int64)
    rates, costs = np.empty(most, np.int64), np.empty(most, np.int64)
    count = 0
    for n in range(len(sources)):
        source = sources[n]
        if far[n] > facts[NEAR_CLASS, source]:
            continue
        of_way = (2 * way[n] * per_km + 1000) // 2000 if per_km > 0 else 0
        for service in range(package.shape[1]):
            cost, rate = package[source, service], by_branch[source, service]
            if rate == NONE:
                rate = by_distance[service, far[n]]
            if cost == CLOSED or rate == NONE or rate_cost[rate] == CLOSED:
                continue
            offers[count], services[count], rates[count] = n, service, rate
            costs[count] = cost + rate_cost[rate] + of_way
            count += 1
    return offers[:count], services[:count], rates[:count], costs[:count]


@inner
def add_times(
    g: Ground, words: Ints, sources: Ints, offers: Ints, services: Ints, rates: Ints, costs: Ints
) -> tuple[int, int]:
    """Add what lanes pay for their arrival, and close up where it is forbidden; how that ended, and how many stay."""
    zone, placed, promised = words[ZONE], words[PLACED], words[PROMISED]
    policy, times, pick_ups, arrivals = g.policy, g.source_times, g.pick_up_table, g.arrival_table
    start, at, to, slope, transit = g.table_start, g.table_at, g.table_to, g.table_slope, g.transit_micros
    ready = ready_at(g, sources, placed)
    last_arrival = np.full(len(transit), OUTSIDE, np.int64)
    last_cost = np.zeros(len(transit), np.int64)
    count = 0
    for lane in range(len(offers)):
        moment, source, rate = ready[offers[lane]], sources[offers[lane]], rates[lane]
        table = pick_ups[times[source, PICK_UP_GROUP], services[lane]]
        if table != NONE and moment != OUTSIDE:
            moment = looked_up(start, at, to, slope, table, moment)
        if moment == OUTSIDE:
            return BEYOND_TIMETABLE, 0
        table = arrivals[zone if zone != NONE else times[source, SOURCE_ZONE], rate]
        moment = moment + transit[rate] if table == NONE else looked_up(start, at, to, slope, table, moment)
        if moment == OUTSIDE:
            return BEYOND_TIMETABLE, 0
        if moment != last_arrival[rate]:
            last_arrival[rate], last_cost[rate] = moment, cost_of_time(policy, moment, placed, promised)
        if last_cost[rate] != SHUT:
            offers[count], services[count], rates[count] = offers[lane], services[lane], rate
            costs[count] = costs[lane] + last_cost[rate]
            count += 1
    return DONE, count


@inner
def stocked_sources(g: Ground, stock: Units, skus: Ints) -> tuple[Ints, Ints]:
    """The sources with any stock of these SKUs, ascending; and the row of each of all sources among them."""
    start, source_of, size = g.stock_start, g.stock_source, len(g.xyz)
    has_any = np.zeros(size, np.bool_)
    for sku in skus:
        for at in range(start[sku], start[sku + 1]):
            if stock[at] > 0:
                has_any[source_of[at]] = True
    sources, row_of = np.empty(size, np.int64), np.empty(size, np.int64)
    count = 0
    for source in range(size):
        sources[count], row_of[source] = source, count
        count += has_any[source]
    return sources[:count], row_of


@inner
def blocks_of(g: Ground, stock: Units, words: Ints, sources: Ints, row_of: Ints) -> Ints:
    """Units of each part that each of these sources could give, at most what is asked."""
    facts, start, source_of = g.source_facts[words[VIEW]], g.stock_start, g.stock_source
    blocks = np.zeros((len(sources), words[PARTS]), np.int64)
    for d in range(words[PARTS]):
        sku, demand = words[HEAD + PART_WORDS * d], words[HEAD + PART_WORDS * d + 1]
        for at in range(start[sku], start[sku + 1]):
            if stock[at] > 0:
                source = source_of[at]
                blocks[row_of[source], d] = max(0, min(demand, stock[at] - facts[KEPT_UNITS, source]))
    return blocks


@inner
def unit_costs_of(g: Ground, stock: Units, words: Ints, sources: Ints, row_of: Ints) -> Ints:
    """What a unit of each part costs at each of these sources, and is missed there, [N, D]."""
    each, parts = g.source_facts[words[VIEW], UNIT_COST], words[PARTS]
    costs = np.empty((len(sources), parts), np.int64)
    for n in range(len(sources)):
        for d in range(parts):
            costs[n, d] = each[sources[n]]
    if g.stock_value.size > 0:
        add_missed(g, stock, words, row_of, costs)
    return costs


@inner
def add_missed(g: Ground, stock: Units, words: Ints, row_of: Ints, costs: Ints) -> None:
    """Add what a unit is worth above the same where it is worth least, as the term `stock_value` does."""
    start, source_of, value_of, share = g.stock_start, g.stock_source, g.stock_value, g.policy[VALUE_PERMILLE]
    for d in range(words[PARTS]):
        sku, least = words[HEAD + PART_WORDS * d], np.int64(-1)
        for at in range(start[sku], start[sku + 1]):
            if stock[at] > 0 and (least < 0 or value_of[at] < least):
                least = value_of[at]
        for at in range(start[sku], start[sku + 1]):
            if stock[at] > 0:
                costs[row_of[source_of[at]], d] += (2 * (value_of[at] - least) * share + 1000) // 2000


@inner
def classes_and_meters(g: Ground, xyz: Floats, sources: Ints, meters: Ints) -> tuple[Ints, Ints]:
    """The class of each source's distance, NONE where that is not sure; and its whole meters where they cost."""
    cuts, in_meters = g.cuts_meters, g.policy[DISTANCE_PER_KM] > 0
    if len(meters) > 0:
        exact = meters[sources]
        return np.searchsorted(cuts, exact), exact
    chords = chords_to(g.xyz, xyz, sources)
    far, way = classes_of_chords(g.chords, chords), np.zeros(len(sources), np.int64)
    if in_meters or len(cuts) > 0:
        for n in range(len(sources)):
            if chords[n] > _NEAR_THE_OTHER_SIDE:
                far[n] = NONE
    if in_meters:
        for n in range(len(sources)):
            whole = _DIAMETER_METERS * np.arcsin(np.sqrt(chords[n]) / 2)
            way[n] = int(np.floor(whole + 0.5))
            if not abs(whole - way[n]) < 0.5 - _UNSURE_METERS:
                far[n] = NONE
    return far, way


@inner
def chords_to(from_xyz: Floats, xyz: Floats, sources: Ints) -> Floats:
    """The squared chord between each of these sources and a place."""
    chords = np.empty(len(sources), np.float64)
    for n in range(len(sources)):
        source = sources[n]
        x, y, z = from_xyz[source, 0] - xyz[0], from_xyz[source, 1] - xyz[1], from_xyz[source, 2] - xyz[2]
        chords[n] = x * x + y * y + z * z
    return chords


@inner
def classes_of_chords(limits: Floats, chords: Floats) -> Ints:
    """The class of each distance, NONE where that is not sure: limit by limit, without a branch."""
    far = np.zeros(len(chords), np.int64)
    for q in range(limits.shape[1]):
        near, beyond = limits[0, q], limits[1, q]
        for n in range(len(chords)):
            far[n] += (chords[n] > beyond) + (((chords[n] >= near) & (chords[n] <= beyond)) << 32)
    for n in range(len(far)):
        far[n] = NONE if far[n] >= 1 << 32 else far[n]
    return far
