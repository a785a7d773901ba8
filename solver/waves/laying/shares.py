"""What each offer could ship in one order, and at what cost: the rows and entries that the order has in a WaveCase.

It reads the exact engine's arrays, so whatever the order's own terms and rules ask is in them.
"""

import numpy as np

from solver.sourcing.case import NO_LIMIT, Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.chunks import list_within
from solver.sourcing.exact.packages import fits, list_contents, stairs
from solver.sourcing.exact.states import States
from solver.waves.laying.machine_code import compiled
from solver.waves.laying.room import ENTRIES, Room, add_entry, add_package, close_row, close_way
from solver.waves.laying.ways import BEFORE, CONTENT, COST, FREE, LANE, PACKAGES, STATE, labels_of, one_is_enough

NONE = -1
# How an order's laying ended. But for DONE nothing is added: it is outside the structure, or needs more room.
DONE, NO_ROOM, TOO_MANY_WAYS, PACKAGES_COUPLE, LINES_COUPLE, MINUTES_COUPLE, LARGE_COSTS = range(7)
MOST_COST = 1 << 44  # of an entry: costs are added up and multiplied by PRICES_PER_MINOR


@compiled
def add_shares(c: Arrays, st: States, lane_resource: Ints, counts_minutes: Flags, room: Room) -> int:
    """Add a row for every offer, with all shares that are worth having whatever resources cost; how it ended.

    `lane_resource` is the resource of which a package by each lane takes one, or NONE. `counts_minutes` tells of which
    sources the wave counts the minutes: there a share must not take more of them for being several packages.
    """
    if lines_couple(c):
        return LINES_COUPLE
    used = room.used.copy()
    size = len(st.grams)
    contents, listed = np.empty(size, np.int64), np.empty((2, size), np.int64)
    costs = np.empty((1 + _most_lanes(c), size), np.int64)
    lanes = np.empty_like(costs)
    status: int = DONE
    for offer in range(len(c.blocks)):
        pools = _pools_of(c, offer, lane_resource)
        held = contents[: list_within(c.blocks[offer], c.stride, contents)]
        costs_of, lanes_of = costs[: len(pools)], lanes[: len(pools)]
        _price(c, st, offer, lane_resource, pools, held, costs_of, lanes_of, listed)
        if one_is_enough(held, c.radix, c.stride, costs_of, lanes_of):
            status = _add_single(c, offer, pools, held, costs_of, lanes_of, room)
        else:
            status = _add_several(c, st, offer, lane_resource, counts_minutes, held, costs_of, lanes_of, room)
        if status == DONE and not close_row(room, offer):
            status = NO_ROOM
        if status != DONE:
            break
    for at in range(used[ENTRIES], room.used[ENTRIES]):
        if room.entry_cost[at] >= MOST_COST:
            status = LARGE_COSTS
    if status != DONE:
        room.used[:] = used
    return status


@compiled
def lines_couple(c: Arrays) -> bool:
    """Whether several units must leave from one source."""
    for k in range(len(c.together)):
        units = 0
        for d in range(len(c.radix)):
            units += c.radix[d] - 1 if c.together[k, d] else 0
        if units > 1:
            return True
    return False


@compiled
def _most_lanes(c: Arrays) -> int:
    """The lanes of the source that has most."""
    most = 0
    for source in range(len(c.source_lanes) - 1):
        most = max(most, c.source_lanes[source + 1] - c.source_lanes[source])
    return most


@compiled
def _pools_of(c: Arrays, offer: int, lane_resource: Ints) -> Ints:
    """NONE, and the resources that packages of an offer may take of, as its lanes come."""
    source = c.offer_source[offer]
    begin, end = c.source_lanes[source], c.source_lanes[source + 1]
    pools = np.full(1 + end - begin, NONE, np.int64)
    count = 1
    for lane in range(begin, end):
        is_new = c.lane_offer[lane] == offer
        for pool in range(count):
            is_new = is_new and pools[pool] != lane_resource[lane]
        if is_new:
            pools[count] = lane_resource[lane]
            count += 1
    return pools[:count]


@compiled
def _price(
    c: Arrays,
    st: States,
    offer: int,
    lane_resource: Ints,
    pools: Ints,
    held: Ints,
    costs: Ints,
    lanes: Ints,
    listed: Ints,
) -> None:
    """The cheapest package of every state in every pool, without the source's own cost; NEVER, NONE where none is."""
    for pool in range(len(pools)):
        for state in held:
            costs[pool, state], lanes[pool, state] = NEVER, NONE
    source, count = c.offer_source[offer], 0
    contents, beside = listed[0], listed[1]
    for lane in range(c.source_lanes[source], c.source_lanes[source + 1]):
        if c.lane_offer[lane] != offer:
            continue
        pool = 0
        while pools[pool] != lane_resource[lane]:
            pool += 1
        if count == 0 or not c.repeats[lane]:
            count = list_contents(
                c.stride, c.blocks, c.carries, c.kind_cost, c.block_cost, offer, lane, contents, beside
            )
        tariff = c.lane_tariff[lane]
        group, lowest = c.tariff_group[tariff], c.tariff_column[tariff]
        for at in range(1, count):
            state = contents[at]
            price = c.prices[tariff, max(st.column[group, state], lowest)]
            cost = c.package_cost[lane] + beside[at] + price
            if price < NEVER and cost < costs[pool, state] and (not c.is_limited[lane] or fits(c, st, lane, state)):
                costs[pool, state], lanes[pool, state] = cost, lane


@compiled
def _beside(c: Arrays, offer: int, state: int) -> int:
    """What a share costs beside its packages; the first package and the source are spared what further ones cost."""
    cost: int = c.source_cost[c.offer_source[offer]] - c.spared
    if c.stair_start[offer] < c.stair_start[offer + 1]:
        for d in range(len(c.radix)):
            cost += stairs(c, offer, d, state // c.stride[d] % c.radix[d] * c.block_units[d])
    return cost


@compiled
def _add_single(c: Arrays, offer: int, pools: Ints, held: Ints, costs: Ints, lanes: Ints, room: Room) -> int:
    """Entries of one package each."""
    for state in held[1:]:
        beside = _beside(c, offer, state)
        for pool in range(len(pools)):
            is_worse = pool != FREE and lanes[FREE, state] != NONE and costs[FREE, state] <= costs[pool, state]
            if lanes[pool, state] == NONE or is_worse:
                continue
            if not add_entry(room, state, costs[pool, state] + beside, lanes[pool, state], pools[pool]):
                return NO_ROOM
    return DONE


@compiled
def _add_several(
    c: Arrays,
    st: States,
    offer: int,
    lane_resource: Ints,
    counts_minutes: Flags,
    held: Ints,
    costs: Ints,
    lanes: Ints,
    room: Room,
) -> int:
    """Entries of one package or several."""
    source = c.offer_source[offer]
    package_minutes, most_minutes = c.source_package_minutes[source], c.source_most_minutes[source]
    found, labels = labels_of(held, c.radix, c.stride, costs, lanes, c.most_packages, most_minutes < NO_LIMIT)
    if found < 0:
        return TOO_MANY_WAYS
    for label in range(found):
        state, packages, lane = labels[label, STATE], labels[label, PACKAGES], labels[label, LANE]
        minutes = packages * package_minutes + st.units[state] * c.source_unit_minutes[source]
        if st.units[state] > c.source_most_units[source] or minutes > most_minutes:
            continue
        if packages > 1 and c.most_packages < st.units[len(st.units) - 1]:
            return PACKAGES_COUPLE
        if packages > 1 and counts_minutes[source] and package_minutes > 0:
            return MINUTES_COUPLE
        resource = lane_resource[lane] if packages == 1 else NONE
        at = label if packages > 1 else -1
        while at >= 0:
            top = labels[at, LANE]
            if not add_package(room, labels[at, CONTENT], top, lane_resource[top]):
                return NO_ROOM
            at = labels[at, BEFORE]
        if packages > 1:
            lane = -1 - close_way(room)
        if not add_entry(room, state, labels[label, COST] + _beside(c, offer, state), lane, resource):
            return NO_ROOM
    return DONE
