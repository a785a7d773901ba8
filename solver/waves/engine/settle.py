"""An order's best plan on what the others leave."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR
from solver.waves.engine.by_rows import plan_by_rows
from solver.waves.engine.cover import Room, clear, cover, plan, write_digits
from solver.waves.engine.holding import Holding, fits, take
from solver.waves.engine.machine_code import allocating, compiled
from solver.waves.engine.shortlist import Shortlist


@compiled
def settle(s: Shortlist, h: Holding, room: Room, o: int, prices: Ints) -> tuple[int, int]:
    """The best plan of an order that holds nothing, at these prices of what is free: how many shares, the state left.

    The shares are in `room.shares`. Beyond a limit its own price counts instead. The prices are those that the list is
    ranked for.
    """
    units, stride = s.part_units[s.part_start[o] : s.part_start[o + 1]], s.part_stride[s.part_start[o] :]
    leave = s.leave_cost[s.leave_start[o] : s.leave_start[o + 1]]
    clear(room, len(leave))
    for g in range(s.group_start[o], s.group_start[o + 1]):
        best, pick = NEVER, NONE
        for at in range(s.ranked_start[g], s.ranked_start[g + 1]):
            if s.floor[at] >= best:
                break
            price = price_now(s, h, s.ranked[at], prices)
            if price < best:
                best, pick = price, s.ranked[at]
        room.best[s.group_state[g]], room.pick[s.group_state[g]] = best, pick
    share = s.share_cost[o] * PRICES_PER_MINOR
    _, count, left = plan(units, stride, leave, PRICES_PER_MINOR, share, s.most_shares[o], room)
    if count < 2 or _stand_together(s, h, room.shares, count):
        return count, left
    count, left = _by_rows(s, h, room, o, prices)
    if _stand_together(s, h, room.shares, count):
        return count, left
    return _one_by_one(s, h, room, o, prices)


@compiled
def _price_all(s: Shortlist, h: Holding, room: Room, o: int, prices: Ints, taken: Ints, count: int) -> None:
    """Fill `best` and `pick` with what is free now, but for the rows of the entries taken."""
    clear(room, s.leave_start[o + 1] - s.leave_start[o])
    for x in range(s.start[o], s.start[o + 1]):
        is_free = True
        for at in range(count):
            is_free = is_free and s.row[taken[at]] != s.row[x]
        if is_free:
            price = price_now(s, h, x, prices)
            if price < room.best[s.state[x]]:
                room.best[s.state[x]] = price
                room.pick[s.state[x]] = x


@allocating
def _by_rows(s: Shortlist, h: Holding, room: Room, o: int, prices: Ints) -> tuple[int, int]:
    """The best plan with one share of each row at most, each at what it costs by itself."""
    first, last = s.start[o], s.start[o + 1]
    units = s.part_units[s.part_start[o] : s.part_start[o + 1]]
    leave = s.leave_cost[s.leave_start[o] : s.leave_start[o + 1]]
    write_digits(units, len(leave), room.digits)
    row, state, price = (
        np.empty(last - first, np.int64),
        np.empty(last - first, np.int64),
        np.empty(last - first, np.int64),
    )
    for x in range(first, last):
        row[x - first], state[x - first], price[x - first] = s.row[x], s.state[x], price_now(s, h, x, prices)
    share = s.share_cost[o] * PRICES_PER_MINOR
    _, count, left = plan_by_rows(
        row, state, price, leave, room.digits, len(units), share, s.most_shares[o], room.shares
    )
    for at in range(count):
        room.shares[at] += first
    return count, left


@allocating
def _one_by_one(s: Shortlist, h: Holding, room: Room, o: int, prices: Ints) -> tuple[int, int]:
    """A good plan where the best one's shares stand in each other's way: one share at a time, of what is free then."""
    part = s.part_start[o]
    units, stride = s.part_units[part : s.part_start[o + 1]], s.part_stride[part:]
    leave = s.leave_cost[s.leave_start[o] : s.leave_start[o + 1]]
    size, parts = len(leave), len(units)
    share = s.share_cost[o] * PRICES_PER_MINOR
    write_digits(units, size, room.digits)
    taken = np.empty(len(room.shares), np.int64)
    count, to_do = 0, size - 1
    while to_do > 0 and count < s.most_shares[o]:
        _price_all(s, h, room, o, prices, taken, count)
        cover(units, stride, size, share, room)
        least, covered = NEVER, 0
        for left in range(to_do + 1):
            value = room.value[to_do - left]
            if leave[left] != NEVER and value != NEVER and is_within(room.digits, parts, left, to_do):
                price = leave[left] * PRICES_PER_MINOR + value
                if price < least:
                    least, covered = price, to_do - left
        if covered == 0:
            break
        state = room.last[covered]
        taken[count] = room.pick[state]
        take(s, h, taken[count], 1)
        count += 1
        to_do -= state
    for at in range(count):
        take(s, h, taken[at], -1)
        room.shares[at] = taken[at]
    return (count, to_do) if leave[to_do] != NEVER else (0, size - 1)


@compiled
def price_now(s: Shortlist, h: Holding, x: int, prices: Ints) -> int:
    """What an entry costs now, thousandths; NEVER beyond a hard limit."""
    price = s.cost[x] * PRICES_PER_MINOR
    for n in range(s.use_start[x], s.use_start[x + 1]):
        q, amount = s.resource[n], s.amount[n]
        free = s.capacity[q] - h.used[q]
        if free < amount:
            if s.over_cost[q] == NEVER:
                return NEVER
            beyond = min(amount, amount - free)
            price += s.over_cost[q] * PRICES_PER_MINOR * beyond
            amount -= beyond
        short = s.least[q] - h.used[q]
        if short > 0:
            price -= s.under_cost[q] * PRICES_PER_MINOR * min(short, amount)
            amount -= min(short, amount)
        price += prices[q] * amount
        if h.used[q] == 0:
            price += s.fixed_cost[q] * PRICES_PER_MINOR
    return int(price)


@compiled
def _stand_together(s: Shortlist, h: Holding, shares: Ints, count: int) -> bool:
    """Whether the shares are of different rows and take no more than there is."""
    for at in range(count):
        for other in range(at):
            if s.row[shares[at]] == s.row[shares[other]]:
                return False
    taken = 0
    while taken < count and fits(s, h, shares[taken]):
        take(s, h, shares[taken], 1)
        taken += 1
    for at in range(taken):
        take(s, h, shares[at], -1)
    return taken == count


@compiled
def next_row(s: Shortlist, x: int, end: int) -> int:
    """The first entry after x, before `end`, that is of another row."""
    other = x + 1
    while other < end and s.row[other] == s.row[x]:
        other += 1
    return other


@allocating
def rest_prices(leave: Ints, room: Room, parts: int) -> Ints:
    """For every state, the least price of dealing with it by shares (after `cover`) and leaving."""
    size = len(leave)
    rest = np.full(size, NEVER, np.int64)
    for state in range(size):
        for left in range(state + 1):
            if leave[left] == NEVER or room.value[state - left] == NEVER:
                continue
            price = leave[left] * PRICES_PER_MINOR + room.value[state - left]
            if price < rest[state] and is_within(room.digits, parts, left, state):
                rest[state] = price
    return rest


@compiled
def is_within(digits: Ints, parts: int, small: int, large: int) -> bool:
    """Whether a state asks for at most as much of every part as the other; `digits` as `write_digits` has them."""
    is_less = True
    for d in range(parts):
        is_less = is_less and digits[small * parts + d] <= digits[large * parts + d]
    return is_less
