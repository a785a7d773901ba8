"""The entries of a wave that a good plan may want: those that cost little more than an order's best at given prices."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.cover import Room, cover, room_for
from solver.waves.engine.crew import Crew
from solver.waves.engine.entry_prices import price_of_services, price_units
from solver.waves.engine.machine_code import allocating
from solver.waves.engine.pricing import price_entries
from solver.waves.engine.settle import rest_prices

_ENTRIES_PER_UNIT = 20  # and once more for each order


def promising_entries(case: WaveCase, crew: Crew, prices: Ints) -> Ints:
    """Of every order the entries that promise most at these prices, ascending."""
    units = np.diff(np.concatenate([[0], np.cumsum(case.part_units)])[case.part_start])
    most = _ENTRIES_PER_UNIT * (1 + units)
    widths = np.diff(case.entry_start[case.row_start])

    def keep(_: int, begin: int, end: int) -> Ints:
        kept = np.empty(int(np.minimum(widths, most)[begin:end].sum()), np.int64)
        count = promising(case, room_for(case), begin, end, prices, most, kept)
        return kept[:count]

    return np.concatenate(crew.each(keep))


@allocating
def regrets_of_order(c: WaveCase, room: Room, o: int, prices: Ints, regret: Ints) -> int:
    """Write, for every entry of an order, by how much the best plan with it is dearer than the best of all.

    Returns how many entries there are. What a plan has beside the entry may be of the same row.
    """
    part = c.part_start[o]
    units, stride = c.part_units[part : c.part_start[o + 1]], c.part_stride[part:]
    leave = c.leave_cost[c.leave_start[o] : c.leave_start[o + 1]]
    size, parts = len(leave), len(units)
    first = c.entry_start[c.row_start[o]]
    price_entries(c, room, o, prices)
    share = c.share_cost[o] * PRICES_PER_MINOR
    cover(units, stride, size, share, room)
    rest = rest_prices(leave, room, parts)
    whole = size - 1
    for r in range(c.row_start[o], c.row_start[o + 1]):
        of_share = price_units(c, part, parts, r, prices, room.unit_price)
        for e in range(c.entry_start[r], c.entry_start[r + 1]):
            state = c.entry_state[e]
            price = c.entry_cost[e] * PRICES_PER_MINOR + of_share + price_of_services(c, e, prices) + share
            for d in range(parts):
                price += room.unit_price[d] * room.digits[state * parts + d]
            with_it = rest[whole - state]
            regret[e - first] = NEVER if with_it == NEVER else max(0, price + with_it - rest[whole])
    return int(c.entry_start[c.row_start[o + 1]] - first)


@allocating
def promising(c: WaveCase, room: Room, begin: int, end: int, prices: Ints, most: Ints, kept: Ints) -> int:
    """Write to `kept` the entries of orders `begin` to `end`, ascending, at most `most[o]` of each; returns how many.

    Those of the least regret are kept; ties: the first.
    """
    longest = 0
    for o in range(begin, end):
        longest = max(longest, c.entry_start[c.row_start[o + 1]] - c.entry_start[c.row_start[o]])
    regret = np.empty(longest, np.int64)
    count = 0
    for o in range(begin, end):
        first = c.entry_start[c.row_start[o]]
        entries = c.entry_start[c.row_start[o + 1]] - first
        limit, at_limit = NEVER, 0
        if entries > most[o]:
            regrets_of_order(c, room, o, prices, regret)
            limit = np.partition(regret[:entries], most[o] - 1)[most[o] - 1]
            at_limit = most[o] - np.sum(regret[:entries] < limit)
        else:
            regret[:entries] = 0
        for at in range(entries):
            if regret[at] == limit:
                at_limit -= 1
            if regret[at] < limit or (regret[at] == limit and at_limit >= 0):
                kept[count] = first + at
                count += 1
    return count
