"""An order's cheapest plan with one share of each row at most, exactly: for orders in which `cover` lets two meet."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.cover import Room
from solver.waves.engine.entry_prices import price_of_services, price_units
from solver.waves.engine.machine_code import allocating, compiled
from solver.waves.engine.settle import is_within


@allocating
def plan_by_rows(c: WaveCase, room: Room, o: int, prices: Ints) -> tuple[int, int, int]:
    """As `cover.plan`: its price, how many shares it has (in `room.shares`), and the state it leaves.

    A dynamic program over rows: the least price of covering each state out of the rows so far, and with each number of
    shares where these are limited. `room.digits` has the order's digits. Ties: the least state left, the fewest shares,
    the earlier rows.
    """
    leave = c.leave_cost[c.leave_start[o] : c.leave_start[o + 1]]
    size, first, rows = len(leave), c.row_start[o], c.row_start[o + 1] - c.row_start[o]
    share = c.share_cost[o] * PRICES_PER_MINOR
    layers = _layers(c, o)
    step = size if layers > 1 else 0  # from a number of shares to the next
    value = np.full(layers * size, NEVER, np.int64)
    value[0] = 0
    taken = np.full((rows, layers * size), NONE, np.int32)  # the entry of the row in the best cover so far
    price, entry = np.full(size, NEVER, np.int64), np.zeros(size, np.int64)
    for row in range(rows):
        _price_row(c, room, o, first + row, prices, price, entry)
        _add_row(c, room, o, first + row, price, entry, share, step, value, taken[row])
    total, left, at = _best_end(leave, value, share)
    count = 0
    for row in range(rows - 1, -1, -1):
        e = taken[row, at]
        if e != NONE:
            room.shares[count] = e
            count += 1
            at -= c.entry_state[e] + step
    return total, count, left


@compiled
def _layers(c: WaveCase, o: int) -> int:
    """How many numbers of shares are told apart: one where they are not limited."""
    asked = 0
    for d in range(c.part_start[o], c.part_start[o + 1]):
        asked += c.part_units[d]
    return int(c.most_shares[o] + 1) if c.most_shares[o] < asked else 1


@compiled
def _price_row(c: WaveCase, room: Room, o: int, r: int, prices: Ints, price: Ints, entry: Ints) -> None:
    """Write the cheapest entry of every state that the row can ship, the first among equals."""
    part, parts = c.part_start[o], c.part_start[o + 1] - c.part_start[o]
    of_share = price_units(c, part, parts, r, prices, room.unit_price)
    for e in range(c.entry_start[r], c.entry_start[r + 1]):
        price[c.entry_state[e]] = NEVER
    for e in range(c.entry_start[r], c.entry_start[r + 1]):
        state = c.entry_state[e]
        of_entry = c.entry_cost[e] * PRICES_PER_MINOR + of_share + price_of_services(c, e, prices)
        for d in range(parts):
            of_entry += room.unit_price[d] * room.digits[state * parts + d]
        if of_entry < price[state]:
            price[state], entry[state] = of_entry, e


@compiled
def _add_row(
    c: WaveCase, room: Room, o: int, r: int, price: Ints, entry: Ints, share: int, step: int, value: Ints, taken: Ints
) -> None:
    """Let covers have a share of this row; from the largest state down, so that none has two."""
    size, parts = len(price), c.part_start[o + 1] - c.part_start[o]
    for at in range(len(value) - 1, 0, -1):
        state, before = at % size, 0
        for e in range(c.entry_start[r], c.entry_start[r + 1]):
            more = c.entry_state[e]
            if e != entry[more] or at < more + step or more > state:
                continue
            before = value[at - more - step]
            if before == NEVER or before + price[more] + share >= value[at]:
                continue
            if is_within(room.digits, parts, more, state):
                value[at] = before + price[more] + share
                taken[at] = e


@compiled
def _best_end(leave: Ints, value: Ints, share: int) -> tuple[int, int, int]:
    """The least price of covering some and leaving the rest, that rest, and where the cover stands in `value`."""
    size = len(leave)
    total, left, end = NEVER, size - 1, 0
    for state in range(size):
        if leave[state] == NEVER:
            continue
        for at in range(size - 1 - state, len(value), size):
            if value[at] == NEVER:
                continue
            price = leave[state] * PRICES_PER_MINOR + value[at] - (share if state < size - 1 else 0)
            if price < total:
                total, left, end = price, state, at
    return total, left, end
