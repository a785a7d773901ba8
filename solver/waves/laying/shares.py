"""What each offer could ship in one order, and at what cost: the rows and entries that the order has in a WaveCase.

It reads the exact engine's arrays, so whatever the order's own terms and rules ask is in them.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.chunks import list_within
from solver.sourcing.exact.packages import fits, list_contents, stairs
from solver.sourcing.exact.states import States
from solver.waves.laying.machine_code import compiled
from solver.waves.laying.room import ENTRIES, Room, add_entry, add_package, close_row, close_way
from solver.waves.laying.ways import BEFORE, CONTENT, COST, LANE, PACKAGES, STATE, labels_of, one_is_enough

NONE = -1
# How an order's laying ended. But for DONE nothing is added: it is outside the structure, or needs more room.
DONE, NO_ROOM, TOO_MANY_WAYS, PACKAGES_COUPLE, LINES_COUPLE, MINUTES_COUPLE, LARGE_COSTS = range(7)
MOST_COST = 1 << 44  # of an entry: costs are added up and multiplied by PRICES_PER_MINOR


@compiled
def add_shares(c: Arrays, st: States, lane_resource: Ints, lane_over: Ints, counts_packages: Flags, room: Room) -> int:
    """Add a row for every offer, with all shares that are worth having whatever resources cost; how it ended.

    `lane_resource` is the resource of which a package by each lane takes one, or NONE; `lane_over` what that can cost
    at most, NEVER where there is no end. `counts_packages` tells of which sources the wave limits minutes that every
    package takes: there a share must not be several packages.
    """
    if lines_couple(c):
        return LINES_COUPLE
    used = room.used.copy()
    size, most_pools = len(st.grams), 1 + _most_lanes(c)
    contents, listed = np.empty(size, np.int64), np.empty((2, size), np.int64)
    costs, pools = np.empty((most_pools, size), np.int64), np.empty((2, most_pools), np.int64)
    lanes, beside = np.empty_like(costs), np.empty(size, np.int64)
    radix, stride, blocks, offer_source, lane_offer = c.radix, c.stride, c.blocks, c.offer_source, c.lane_offer
    source_lanes, stair_start = c.source_lanes, c.stair_start
    status: int = DONE
    for offer in range(len(blocks)):
        source = offer_source[offer]
        begin, end = source_lanes[source], source_lanes[source + 1]
        count = _pools_of(lane_offer, offer, begin, end, lane_resource, lane_over, pools)
        held = contents[: list_within(blocks[offer], stride, contents)]
        _price(c, st, offer, begin, end, lane_resource, pools[0, :count], held, costs, lanes, listed)
        _add_beside(c, offer, held, stair_start[offer] < stair_start[offer + 1], beside)
        if one_is_enough(held, radix, stride, costs[:count], lanes[:count]):
            status = _add_single(room, pools[:, :count], held, costs, lanes, beside)
        else:
            status = _add_several(
                c, st, offer, lane_resource, counts_packages, held, costs[:count], lanes[:count], beside, room
            )
        if status == DONE and not close_row(room, offer):
            status = NO_ROOM
        if status != DONE:
            break
    entry_cost = room.entry_cost[used[ENTRIES] : room.used[ENTRIES]]
    if status == DONE and len(entry_cost) > 0 and entry_cost.max() >= MOST_COST:
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
def _pools_of(
    lane_offer: Ints, offer: int, begin: int, end: int, lane_resource: Ints, lane_over: Ints, pools: Ints
) -> int:
    """Write NONE and the resources that packages of an offer may take of, and what that can cost; how many."""
    pools[0, 0], pools[1, 0] = NONE, 0
    count = 1
    for lane in range(begin, end):
        is_new = lane_offer[lane] == offer
        for pool in range(count):
            is_new = is_new and pools[0, pool] != lane_resource[lane]
        if is_new:
            pools[0, count], pools[1, count] = lane_resource[lane], lane_over[lane]
            count += 1
    return count


@compiled
def _price(
    c: Arrays,
    st: States,
    offer: int,
    begin: int,
    end: int,
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
    lane_offer, lane_tariff, repeats, is_limited = c.lane_offer, c.lane_tariff, c.repeats, c.is_limited
    package_cost, prices, columns = c.package_cost, c.prices, st.column
    contents, beside, count = listed[0], listed[1], 0
    for lane in range(begin, end):
        if lane_offer[lane] != offer:
            continue
        pool = 0
        while pools[pool] != lane_resource[lane]:
            pool += 1
        if count == 0 or not repeats[lane]:
            count = list_contents(
                c.stride, c.blocks, c.carries, c.kind_cost, c.block_cost, offer, lane, contents, beside
            )
        tariff = lane_tariff[lane]
        opening, of_tariff, lowest = package_cost[lane], prices[tariff], c.tariff_column[tariff]
        column, may_be_too_large = columns[c.tariff_group[tariff]], is_limited[lane]
        for at in range(1, count):
            state = contents[at]
            price = of_tariff[max(column[state], lowest)]
            cost = opening + beside[at] + price
            if price < NEVER and cost < costs[pool, state] and (not may_be_too_large or fits(c, st, lane, state)):
                costs[pool, state], lanes[pool, state] = cost, lane


@compiled
def _add_beside(c: Arrays, offer: int, held: Ints, has_stairs: bool, beside: Ints) -> None:  # noqa: FBT001
    """What a share of each state costs beside its packages: the first one, and the source, do not pay for a split."""
    own = c.source_cost[c.offer_source[offer]] - c.spared
    for state in held:
        beside[state] = own
    if has_stairs:
        for state in held:
            for d in range(len(c.radix)):
                beside[state] += stairs(c, offer, d, state // c.stride[d] % c.radix[d] * c.block_units[d])


@compiled
def _add_single(room: Room, pools: Ints, held: Ints, costs: Ints, lanes: Ints, beside: Ints) -> int:
    """Entries of one package each, but those which another makes superfluous even if all that it takes is scarce."""
    entry_state, entry_cost, entry_lane, entry_resource = (
        room.entry_state,
        room.entry_cost,
        room.entry_lane,
        room.entry_resource,
    )
    end = room.used[ENTRIES]
    if end + len(held) * pools.shape[1] > len(entry_state):
        return NO_ROOM
    for state in held[1:]:
        least, of_least = NEVER, NONE
        for pool in range(pools.shape[1]):
            if lanes[pool, state] != NONE and pools[1, pool] < NEVER and costs[pool, state] + pools[1, pool] < least:
                least, of_least = costs[pool, state] + pools[1, pool], pool
        for pool in range(pools.shape[1]):
            if lanes[pool, state] != NONE and (costs[pool, state] < least or pool == of_least):
                entry_state[end], entry_cost[end] = state, costs[pool, state] + beside[state]
                entry_lane[end], entry_resource[end] = lanes[pool, state], pools[0, pool]
                end += 1
    room.used[ENTRIES] = end
    return DONE


@compiled
def _add_several(
    c: Arrays,
    st: States,
    offer: int,
    lane_resource: Ints,
    counts_packages: Flags,
    held: Ints,
    costs: Ints,
    lanes: Ints,
    beside: Ints,
    room: Room,
) -> int:
    """Entries of one package or several."""
    source = c.offer_source[offer]
    package_minutes, most_minutes = c.source_package_minutes[source], c.source_most_minutes[source]
    found, labels = labels_of(held, c.radix, c.stride, costs, lanes, c.most_packages)
    if found < 0:
        return TOO_MANY_WAYS
    for label in range(found):
        state, packages, lane = labels[label, STATE], labels[label, PACKAGES], labels[label, LANE]
        minutes = packages * package_minutes + st.units[state] * c.source_unit_minutes[source]
        if st.units[state] > c.source_most_units[source] or minutes > most_minutes:
            continue
        if packages > 1 and c.most_packages < st.units[len(st.units) - 1]:
            return PACKAGES_COUPLE
        if packages > 1 and counts_packages[source]:
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
        if not add_entry(room, state, labels[label, COST] + beside[state], lane, resource):
            return NO_ROOM
    return DONE
