"""All plans of an order that cost at most so much more than its best at given prices."""

from typing import Any, NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR, Numbers
from solver.waves.engine.cover import Room, write_digits
from solver.waves.engine.machine_code import allocating, compiled
from solver.waves.engine.settle import is_within, next_row
from solver.waves.engine.shortlist import Shortlist

_MOST_STEPS = 4000  # of the search for the plans of one order
_MOST_TRIES = 40  # with other regrets allowed


class Columns(NamedTuple):
    """Plans of orders, in any sequence. N plans, W: the most shares of any order."""

    order: Numbers  # [N]
    shares: Numbers  # [N, W]: entries of the shortlist, ascending, filled up with NONE
    left: Numbers  # [N]: the state that stays unfilled
    regret: Ints  # [N]: how much dearer than the order's best, thousandths


def columns_for(orders: int, widest: int, most: int) -> Columns:
    """Room for `most` plans of each order."""
    return Columns(
        order=np.zeros(orders * most, np.int32),
        shares=np.full((orders * most, widest), NONE, np.int32),
        left=np.zeros(orders * most, np.int32),
        regret=np.zeros(orders * most, np.int64),
    )


def first_columns(columns: Columns, kept: Ints) -> Columns:
    """Some of the plans."""
    some: list[Any] = [values[kept] for values in columns]
    return Columns(*some)


def joined(several: list[Columns]) -> Columns:
    """All plans of several, each once: by order, then by their shares and what they leave."""
    every = Columns(*(np.concatenate(values) for values in zip(*several, strict=True)))
    return first_columns(every, _first_of_each(every))


def _first_of_each(columns: Columns) -> Ints:
    """Where each plan first stands: by order, then by its shares and what they leave."""
    keys = [columns.order, *columns.shares.T, columns.left]
    keys = [key for key in keys if len(key) and key.min() != key.max()]  # most plans have few shares
    if not keys:
        return np.arange(min(1, len(columns.order)))
    sequence = np.lexsort(keys[::-1])
    is_new = np.ones(len(sequence), dtype=np.bool_)
    is_new[1:] = np.any([key[sequence[1:]] != key[sequence[:-1]] for key in keys], axis=0)
    return sequence[is_new]


@allocating
def list_columns(
    s: Shortlist, room: Room, begin: int, end: int, prices: Ints, within: int, most: int, out: Columns
) -> int:
    """Write the plans of orders `begin` to `end` of a regret up to `within`, at most `most` of each; returns how many.

    They are found in the sequence of their rows; where there are too many, the regret allowed is halved until they fit,
    and where limits on shares leave none, it is doubled.
    """
    written = 0
    for o in range(begin, end):
        units = s.part_units[s.part_start[o] : s.part_start[o + 1]]
        leave = s.leave_cost[s.leave_start[o] : s.leave_start[o + 1]]
        write_digits(units, len(leave), room.digits)
        fixed = np.empty(s.start[o + 1] - s.start[o], np.int64)
        for x in range(s.start[o], s.start[o + 1]):
            fixed[x - s.start[o]] = _price(s, x, prices) + s.share_cost[o] * PRICES_PER_MINOR
        group = np.zeros(len(fixed), np.int64)
        for at in range(1, len(fixed)):
            group[at] = group[at - 1] + (s.row[s.start[o] + at] != s.row[s.start[o] + at - 1])
        rest = _rest_by_rows(s, room.digits, len(units), o, fixed, group, leave)
        allowed, found = within, 0
        for _ in range(_MOST_TRIES):
            found = _list_of_order(
                s, room.digits, len(units), o, fixed, group, rest, leave, allowed, most, out, written
            )
            if found > 0:
                break
            allowed = 2 * allowed + PRICES_PER_MINOR if found == 0 else allowed // 2
        written += max(0, found)
    return written


@compiled
def _price(s: Shortlist, x: int, prices: Ints) -> int:
    price = s.cost[x] * PRICES_PER_MINOR
    for n in range(s.use_start[x], s.use_start[x + 1]):
        price += prices[s.resource[n]] * s.amount[n]
    return int(price)


@allocating
def _rest_by_rows(s: Shortlist, digits: Ints, parts: int, o: int, fixed: Ints, group: Ints, leave: Ints) -> Ints:
    """[rows + 1, states]: the least price of dealing with a state by this row and later ones, a share of each at most,
    and leaving the rest.
    """
    size, rows = len(leave), group[-1] + 1 if len(group) else 0
    rest = np.full((rows + 1, size), NEVER, np.int64)
    for state in range(size):
        if leave[state] != NEVER:
            rest[rows, state] = leave[state] * PRICES_PER_MINOR
    at = len(fixed)
    for row in range(rows - 1, -1, -1):
        rest[row] = rest[row + 1]
        while at > 0 and group[at - 1] == row:
            at -= 1
            more = s.state[s.start[o] + at]
            for state in range(more, size):
                after = rest[row + 1, state - more]
                if after != NEVER and fixed[at] + after < rest[row, state] and is_within(digits, parts, more, state):
                    rest[row, state] = fixed[at] + after
    return rest


@allocating
def _list_of_order(
    s: Shortlist,
    digits: Ints,
    parts: int,
    o: int,
    fixed: Ints,
    group: Ints,
    rest: Ints,
    leave: Ints,
    allowed: int,
    most: int,
    out: Columns,
    first: int,
) -> int:
    """Write the plans of one order from row `first` of `out` on; returns how many, -1 where they are too many."""
    deepest = min(s.most_shares[o], out.shares.shape[1])
    whole = len(leave) - 1
    at, to_do = np.zeros(deepest + 1, np.int64), np.zeros(deepest + 1, np.int64)
    price, chosen = np.zeros(deepest + 1, np.int64), np.zeros(deepest + 1, np.int64)
    to_do[0] = whole
    best = rest[0, whole]
    depth, count = 0, 0
    if leave[whole] != NEVER and leave[whole] * PRICES_PER_MINOR <= best + allowed:
        count = _write(out, first, o, chosen, 0, whole, leave[whole] * PRICES_PER_MINOR - best)
    for _ in range(_MOST_STEPS):
        x = at[depth]
        if x == len(fixed) or depth == deepest or price[depth] + rest[group[x], to_do[depth]] > best + allowed:
            if depth == 0:
                return count
            depth -= 1
            continue
        at[depth] += 1
        state, open_state = s.state[s.start[o] + x], to_do[depth]
        if not is_within(digits, parts, state, open_state) or rest[group[x] + 1, open_state - state] == NEVER:
            continue
        so_far = price[depth] + fixed[x]
        if so_far + rest[group[x] + 1, open_state - state] > best + allowed:
            continue
        chosen[depth] = s.start[o] + x
        depth += 1
        price[depth], to_do[depth] = so_far, open_state - state
        at[depth] = next_row(s, s.start[o] + x, s.start[o + 1]) - s.start[o]
        total = leave[open_state - state]
        if total != NEVER and so_far + total * PRICES_PER_MINOR <= best + allowed:
            if count == most:
                return -1
            count += _write(
                out, first + count, o, chosen, depth, open_state - state, so_far + total * PRICES_PER_MINOR - best
            )
    return -1


@compiled
def _write(out: Columns, row: int, o: int, chosen: Ints, count: int, left: int, regret: int) -> int:
    out.order[row], out.left[row], out.regret[row] = o, left, regret
    for j in range(out.shares.shape[1]):
        out.shares[row, j] = chosen[j] if j < count else NONE
    return 1
