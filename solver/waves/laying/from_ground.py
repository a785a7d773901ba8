"""Orders of a snapshot as rows and entries, one after the other."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.leaving import leaving_cost
from solver.sourcing.exact.states import describe
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.decided import arrays_of_order, costs_fit, states_of
from solver.sourcing.snapshot.inner.reach import Stocked, Units, stocked
from solver.waves.case import Numbers
from solver.waves.laying.machine_code import compiled
from solver.waves.laying.room import ENTRIES, PACKAGES, ROWS, Room
from solver.waves.laying.shares import DONE, LARGE_COSTS, NO_ROOM, NONE, add_shares

MOST_STATES = 1 << 12
NEAR_A_LIMIT, TOO_MANY_STATES, BEYOND_TIMETABLE = range(LARGE_COSTS + 1, LARGE_COSTS + 4)
PARTS, STATES, SHELVES = range(3)


class OrderRoom(NamedTuple):
    """What orders have beside their rows: `used` says how many parts, states and shelves there are so far."""

    used: Ints  # [3]
    status: Ints  # [O]; what follows is 0 but for orders that are DONE
    parts: Ints  # [O]: how many, as the next two
    states: Ints  # [O]
    rows: Ints  # [O]
    most_shares: Numbers  # [O]
    share_cost: Ints  # [O]
    part_sku: Numbers
    part_units: Ints
    part_stride: Ints
    leave_cost: Ints
    row_source: Numbers
    row_shelf: Numbers  # for each part of the row's order where its units lie; NONE: nowhere


def new_order_room(orders: int, *, parts: int, states: int, rows: int, shelves: int) -> OrderRoom:
    """Room for so many."""
    return OrderRoom(
        used=np.zeros(3, dtype=np.int64),
        status=np.zeros(orders, dtype=np.int64),
        parts=np.zeros(orders, dtype=np.int64),
        states=np.zeros(orders, dtype=np.int64),
        rows=np.zeros(orders, dtype=np.int64),
        most_shares=np.zeros(orders, dtype=np.int32),
        share_cost=np.zeros(orders, dtype=np.int64),
        part_sku=np.empty(parts, dtype=np.int32),
        part_units=np.empty(parts, dtype=np.int64),
        part_stride=np.empty(parts, dtype=np.int64),
        leave_cost=np.empty(states, dtype=np.int64),
        row_source=np.empty(rows, dtype=np.int32),
        row_shelf=np.empty(shelves, dtype=np.int32),
    )


@compiled
def lay_orders(
    ground: g.Ground,
    stock: Units,
    words: Ints,
    word_start: Ints,
    xyz: g.Floats,
    meters: Ints,
    lane_resource: Numbers,
    lane_over: Ints,
    counts_packages: Flags,
    priority: Ints,
    first: int,
    last: int,
    offset: int,
    orders: OrderRoom,
    room: Room,
) -> int:
    """Lay out orders `first` to `last`; the first for which there was no room or for which exact `meters` are needed.

    In the wave, and in `orders` and `priority`, order i bears the number i + offset.
    `lane_resource[s, v]` is the resource of which a package from source s by service v takes one, at a price of at most
    `lane_over[s, v]`; `priority` what each unfilled unit of an order costs beside its policy. Entries' lanes are
    numbers of services.
    """
    for i in range(first, last):
        of_order, number = words[word_start[i] : word_start[i + 1]], i + offset
        if states_of(of_order) > MOST_STATES:
            orders.status[number] = TOO_MANY_STATES
            continue
        s = stocked(ground, stock, of_order, xyz[i], meters)
        if (s.far == g.NONE).any():
            orders.status[number] = NEAR_A_LIMIT
            return i
        c, ended = arrays_of_order(ground, of_order, s)
        if ended != g.DONE or not costs_fit(ground, c):
            orders.status[number] = LARGE_COSTS if ended == g.DONE else BEYOND_TIMETABLE
            continue
        before = room.used.copy()
        status = _laid(c, s, lane_resource, lane_over, counts_packages, room)
        if status == DONE and not _add_order(
            ground, number, of_order, c, s, before[ROWS], priority[number], orders, room
        ):
            status = NO_ROOM
            room.used[:] = before
        orders.status[number] = status
        if status == NO_ROOM:
            return i
        if status == DONE:
            _name_services(c, before, room)
    return last


@compiled
def _laid(c: Arrays, s: Stocked, lane_resource: Numbers, lane_over: Ints, counts_packages: Flags, room: Room) -> int:
    lanes = len(c.lane_offer)
    resources, over = np.empty(lanes, np.int64), np.empty(lanes, np.int64)
    for lane in range(lanes):
        source, service = s.sources[c.lane_offer[lane]], c.lane_service[lane]
        resources[lane], over[lane] = lane_resource[source, service], lane_over[source, service]
    return add_shares(c, describe(c), resources, over, counts_packages[s.sources], room)


@compiled
def _name_services(c: Arrays, before: Ints, room: Room) -> None:
    """Number the lanes of an order's entries and ways by their services."""
    for at in range(before[ENTRIES], room.used[ENTRIES]):
        lane = room.entry_lane[at]
        if lane >= 0:
            room.entry_lane[at] = c.lane_service[lane]
    for at in range(before[PACKAGES], room.used[PACKAGES]):
        room.way_lane[at] = c.lane_service[room.way_lane[at]]


@compiled
def _add_order(
    ground: g.Ground,
    number: int,
    words: Ints,
    c: Arrays,
    s: Stocked,
    first_row: int,
    priority: int,
    orders: OrderRoom,
    room: Room,
) -> bool:
    """Write what the order has beside its entries; False where there is no more room."""
    parts, states, rows = len(c.radix), c.stride[-1] * c.radix[-1] if len(c.radix) else 1, room.used[ROWS] - first_row
    part, state, shelf = orders.used[PARTS], orders.used[STATES], orders.used[SHELVES]
    if (
        part + parts > len(orders.part_sku)
        or state + states > len(orders.leave_cost)
        or shelf + rows * parts > len(orders.row_shelf)
    ):
        return False
    orders.parts[number], orders.states[number], orders.rows[number] = parts, states, rows
    orders.most_shares[number] = min(c.most_packages, c.most_sources, max(1, (c.radix - 1).sum()))
    orders.share_cost[number] = c.spared
    orders.part_sku[part : part + parts] = s.skus
    orders.part_units[part : part + parts] = c.radix - 1
    orders.part_stride[part : part + parts] = c.stride
    orders.leave_cost[state : state + states] = _leaving(words, c, priority)
    shelf_of = _shelves_of(ground, s)
    for row in range(first_row, room.used[ROWS]):
        offer = room.row_offer[row]
        orders.row_source[row] = s.sources[offer]
        for d in range(parts):
            orders.row_shelf[shelf] = shelf_of[offer, d] if c.blocks[offer, d] > 0 else NONE
            shelf += 1
    orders.used[PARTS], orders.used[STATES], orders.used[SHELVES] = part + parts, state + states, shelf
    return True


@compiled
def _leaving(words: Ints, c: Arrays, priority: int) -> Ints:
    """What every state costs to leave; NEVER where it may not be."""
    if priority > 0:
        line = g.HEAD + g.PART_WORDS * len(c.radix)
        for k in range(len(c.line_cost)):
            units = words[line + g.QUANTITY] if words[line + g.LINE_COMPLETE] > 0 else 1
            c.line_cost[k] += priority * units
            line += g.LINE_WORDS
    leave = leaving_cost(c, len(c.line_state))
    if c.complete:
        leave[1:-1] = NEVER
    return leave


@compiled
def _shelves_of(ground: g.Ground, s: Stocked) -> Numbers:
    """Where each of these sources has each SKU, [N, D]."""
    row_of = np.full(len(ground.xyz), NONE, np.int64)
    for n in range(len(s.sources)):
        row_of[s.sources[n]] = n
    shelf_of = np.full((len(s.sources), len(s.skus)), NONE, np.int32)
    for d in range(len(s.skus)):
        for at in range(ground.stock_start[s.skus[d]], ground.stock_start[s.skus[d] + 1]):
            row = row_of[ground.stock_source[at]]
            if row != NONE:
                shelf_of[row, d] = at
    return shelf_of
