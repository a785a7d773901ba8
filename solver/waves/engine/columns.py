"""All plans of an order that cost at most so much more than its best at given prices."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR
from solver.waves.engine.cover import Room, clear, cover, write_digits
from solver.waves.engine.machine_code import allocating, compiled
from solver.waves.engine.settle import is_within, next_row, rest_prices
from solver.waves.engine.shortlist import Shortlist

_MOST_STEPS = 4000  # of the search for the plans of one order
_MOST_TRIES = 30  # to find its best plan


class Columns(NamedTuple):
    """Plans of orders, in any sequence. N plans, W: the most shares of any order."""

    order: Ints  # [N]
    shares: Ints  # [N, W]: entries of the shortlist, ascending, filled up with NONE
    left: Ints  # [N]: the state that stays unfilled
    regret: Ints  # [N]: how much dearer than the order's best, thousandths


def columns_for(orders: int, widest: int, most: int) -> Columns:
    """Room for `most` plans of each order."""
    return Columns(
        order=np.zeros(orders * most, np.int64),
        shares=np.full((orders * most, widest), NONE, np.int64),
        left=np.zeros(orders * most, np.int64),
        regret=np.zeros(orders * most, np.int64),
    )


def first_columns(columns: Columns, kept: Ints) -> Columns:
    """Some of the plans."""
    return Columns(*(values[kept] for values in columns))


def joined(several: list[Columns]) -> Columns:
    """All plans of several, each once: by order, then by their shares and what they leave."""
    order, shares, left, regret = (np.concatenate(values) for values in zip(*several, strict=True))
    keys = np.concatenate([order[:, None], shares, left[:, None]], axis=1)
    _, at = np.unique(keys, axis=0, return_index=True)
    return Columns(order[at], shares[at], left[at], regret[at])


@allocating
def list_columns(
    s: Shortlist, room: Room, begin: int, end: int, prices: Ints, within: int, most: int, out: Columns
) -> int:
    """Write the plans of orders `begin` to `end` of a regret up to `within`, at most `most` of each; returns how many.

    They are found in the sequence of their rows.
    """
    written = 0
    for o in range(begin, end):
        units, stride = s.part_units[s.part_start[o] : s.part_start[o + 1]], s.part_stride[s.part_start[o] :]
        leave = s.leave_cost[s.leave_start[o] : s.leave_start[o + 1]]
        fixed = np.empty(s.start[o + 1] - s.start[o], np.int64)
        clear(room, len(leave))
        for x in range(s.start[o], s.start[o + 1]):
            price = _price(s, x, prices)
            fixed[x - s.start[o]] = price
            if price < room.best[s.state[x]]:
                room.best[s.state[x]] = price
        share = s.share_cost[o] * PRICES_PER_MINOR
        cover(units, stride, len(leave), share, room)
        write_digits(units, stride, len(leave), room.digits)
        rest = rest_prices(leave, room, len(units))
        written += _list_within(s, room.digits, len(units), o, fixed, rest, leave, within, most, out, written)
    return written


@compiled
def _price(s: Shortlist, x: int, prices: Ints) -> int:
    price = s.cost[x] * PRICES_PER_MINOR
    for n in range(s.use_start[x], s.use_start[x + 1]):
        price += prices[s.resource[n]] * s.amount[n]
    return int(price)


@compiled
def _list_within(
    s: Shortlist,
    digits: Ints,
    parts: int,
    o: int,
    fixed: Ints,
    rest: Ints,
    leave: Ints,
    within: int,
    most: int,
    out: Columns,
    first: int,
) -> int:
    """Write one order's plans; returns how many. Where there are too many, the regret allowed is halved until they fit.

    `rest` lets shares of one row meet, so the order's best plan may cost more than it says: that is looked for first.
    """
    allowed, found = within, 0
    for _ in range(_MOST_TRIES):
        found = _list_of_order(s, digits, parts, o, fixed, rest, leave, allowed, most, out, first)
        if found != 0:
            break
        allowed = 2 * allowed + PRICES_PER_MINOR
    if found == 0:
        return 0
    best = 0
    if found > 0:
        best = _least_regret(out, first, found)
        if best > 0:
            allowed = best + within
            found = _list_of_order(s, digits, parts, o, fixed, rest, leave, allowed, most, out, first)
    while found < 0 and allowed > best:
        allowed = best + (allowed - best) // 2
        found = _list_of_order(s, digits, parts, o, fixed, rest, leave, allowed, most, out, first)
    if found > 0:
        best = _least_regret(out, first, found)
    for row in range(first, first + max(0, found)):
        out.regret[row] -= best
    return max(0, found)


@compiled
def _least_regret(out: Columns, first: int, count: int) -> int:
    least = out.regret[first]
    for row in range(first + 1, first + count):
        least = min(least, out.regret[row])
    return int(least)


@allocating
def _list_of_order(
    s: Shortlist,
    digits: Ints,
    parts: int,
    o: int,
    fixed: Ints,
    rest: Ints,
    leave: Ints,
    allowed: int,
    most: int,
    out: Columns,
    first: int,
) -> int:
    """Write the plans of one order from row `first` of `out` on; returns how many, -1 where they are too many."""
    share = s.share_cost[o] * PRICES_PER_MINOR
    deepest = min(s.most_shares[o], out.shares.shape[1])
    size = len(leave)
    at, to_do = np.zeros(deepest + 1, np.int64), np.zeros(deepest + 1, np.int64)
    price, chosen = np.zeros(deepest + 1, np.int64), np.zeros(deepest + 1, np.int64)
    at[0], to_do[0] = s.start[o], size - 1
    limit = rest[size - 1] + allowed  # each share counts its share cost, as in `rest`
    depth, count = 0, 0
    if leave[size - 1] != NEVER and leave[size - 1] * PRICES_PER_MINOR <= limit:
        count = _write(out, first, o, chosen, 0, size - 1, leave[size - 1] * PRICES_PER_MINOR - rest[size - 1])
    for _ in range(_MOST_STEPS):
        x = at[depth]
        if x == s.start[o + 1] or depth == deepest:
            if depth == 0:
                return count
            depth -= 1
            continue
        at[depth] += 1
        state, open_state = s.state[x], to_do[depth]
        if not is_within(digits, parts, state, open_state) or rest[open_state - state] == NEVER:
            continue
        so_far = price[depth] + fixed[x - s.start[o]] + share
        if so_far + rest[open_state - state] > limit:
            continue
        chosen[depth] = x
        depth += 1
        price[depth], to_do[depth] = so_far, open_state - state
        at[depth] = next_row(s, x, s.start[o + 1])
        total = leave[open_state - state]
        if total != NEVER and so_far + total * PRICES_PER_MINOR <= limit:
            if count == most:
                return -1
            regret = so_far + total * PRICES_PER_MINOR - rest[size - 1]
            count += _write(out, first + count, o, chosen, depth, open_state - state, regret)
    return -1


@compiled
def _write(out: Columns, row: int, o: int, chosen: Ints, count: int, left: int, regret: int) -> int:
    out.order[row], out.left[row], out.regret[row] = o, left, regret
    for j in range(out.shares.shape[1]):
        out.shares[row, j] = chosen[j] if j < count else NONE
    return 1
