"""Every order's best plan at given prices, straight from the wave's case."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.by_rows import plan_by_rows
from solver.waves.engine.cover import Room, clear, plan, write_digits
from solver.waves.engine.entry_prices import price_of_services, price_units
from solver.waves.engine.machine_code import allocating, compiled


def plan_starts(case: WaveCase) -> Ints:
    """[O + 1]: where each order's shares stand in an array with room for as many as any plan can have."""
    units = np.concatenate([[0], np.cumsum(case.part_units)])[case.part_start]
    room = np.minimum(np.diff(units), case.most_shares)
    return np.concatenate([[0], np.cumsum(room)]).astype(np.int64)


@compiled
def price_orders(
    c: WaveCase, room: Room, begin: int, end: int, prices: Ints, used: Ints, plan_start: Ints, shares: Ints, left: Ints
) -> int:
    """Decide orders `begin` to `end`; returns the sum of their prices, adds to `used` what their plans use.

    Writes each plan's entries to `shares` (filled up with -1) and the state it leaves.
    """
    total = 0
    for o in range(begin, end):
        first, stop = plan_start[o], plan_start[o + 1]
        shares[first:stop] = NONE
        left[o] = 0
        if c.row_start[o] == c.row_start[o + 1] and c.order_floor[o] > 0:
            continue
        units, stride = c.part_units[c.part_start[o] : c.part_start[o + 1]], c.part_stride[c.part_start[o] :]
        leave = c.leave_cost[c.leave_start[o] : c.leave_start[o + 1]]
        price_entries(c, room, o, prices)
        price, count, left[o] = plan(
            units, stride, leave, PRICES_PER_MINOR, c.share_cost[o] * PRICES_PER_MINOR, c.most_shares[o], room
        )
        if _meet(c, o, room.shares, count):
            price, count, left[o] = _plan_exactly(c, room, o, prices)
        total += price
        for at in range(count):
            shares[first + at] = room.shares[at]
            add_uses(c, o, room.shares[at], used)
    return total


@compiled
def _meet(c: WaveCase, o: int, shares: Ints, count: int) -> bool:
    """Whether two shares are of one row."""
    for at in range(1, count):
        r = row_of(c, o, shares[at])
        for other in range(at):
            if c.entry_start[r] <= shares[other] < c.entry_start[r + 1]:
                return True
    return False


@allocating
def _plan_exactly(c: WaveCase, room: Room, o: int, prices: Ints) -> tuple[int, int, int]:
    """The order's best plan with one share of each row at most, after `price_entries`."""
    part, parts = c.part_start[o], c.part_start[o + 1] - c.part_start[o]
    first, last = c.entry_start[c.row_start[o]], c.entry_start[c.row_start[o + 1]]
    row, state, price = (
        np.empty(last - first, np.int64),
        np.empty(last - first, np.int64),
        np.empty(last - first, np.int64),
    )
    for r in range(c.row_start[o], c.row_start[o + 1]):
        of_share = price_units(c, part, parts, r, prices, room.unit_price)
        for e in range(c.entry_start[r], c.entry_start[r + 1]):
            of_entry = c.entry_cost[e] * PRICES_PER_MINOR + of_share + price_of_services(c, e, prices)
            for d in range(parts):
                of_entry += room.unit_price[d] * room.digits[c.entry_state[e] * parts + d]
            row[e - first], state[e - first], price[e - first] = r, c.entry_state[e], of_entry
    leave, share = c.leave_cost[c.leave_start[o] : c.leave_start[o + 1]], c.share_cost[o] * PRICES_PER_MINOR
    total, count, left = plan_by_rows(
        row, state, price, leave, room.digits, parts, share, c.most_shares[o], room.shares
    )
    for at in range(count):
        room.shares[at] += first
    return total, count, left


@compiled
def price_entries(c: WaveCase, room: Room, o: int, prices: Ints) -> None:
    """Fill `room.best` and `room.pick` for an order: the cheapest entry for every state, the first among equals."""
    part = c.part_start[o]
    units = c.part_units[part : c.part_start[o + 1]]
    parts, size = len(units), c.leave_start[o + 1] - c.leave_start[o]
    clear(room, size)
    write_digits(units, size, room.digits)
    for r in range(c.row_start[o], c.row_start[o + 1]):
        of_share = price_units(c, part, parts, r, prices, room.unit_price)
        before, of_state = -1, 0
        for e in range(c.entry_start[r], c.entry_start[r + 1]):
            state = c.entry_state[e]
            if state != before:
                before, of_state = state, of_share
                for d in range(parts):
                    of_state += room.unit_price[d] * room.digits[state * parts + d]
            price = c.entry_cost[e] * PRICES_PER_MINOR + of_state + price_of_services(c, e, prices)
            if price < room.best[state]:
                room.best[state], room.pick[state] = price, e


@compiled
def row_of(c: WaveCase, o: int, e: int) -> int:
    """The row of an entry of order `o`."""
    low, high = c.row_start[o], c.row_start[o + 1]
    while high - low > 1:
        middle = (low + high) // 2
        if c.entry_start[middle] <= e:
            low = middle
        else:
            high = middle
    return int(low)


@compiled
def add_uses(c: WaveCase, o: int, e: int, used: Ints) -> None:
    """Add to `used` what a share of order `o` takes."""
    r = row_of(c, o, e)
    source, state, all_units, value = c.row_source[r], c.entry_state[e], 0, 0
    for d in range(c.part_start[o + 1] - c.part_start[o]):
        at = c.part_start[o] + d
        units = state // c.part_stride[at] % (c.part_units[at] + 1)
        all_units += units
        value += units * c.part_value[at]
        _add(c.row_stock[c.stock_start[r] + d], units, used)
    _add(c.source_orders[source], 1, used)
    _add(c.source_units[source], all_units, used)
    _add(c.source_minutes[source], c.row_minutes[r] + c.row_unit_minutes[r] * all_units, used)
    _add(c.source_value[source], value, used)
    _add(c.entry_service[e], 1, used)
    if c.entry_lane[e] < 0:
        way = -1 - c.entry_lane[e]
        for b in range(c.way_start[way], c.way_start[way + 1]):
            _add(c.way_service[b], 1, used)


@compiled
def _add(resource: int, amount: int, used: Ints) -> None:
    if resource != NONE:
        used[resource] += amount
