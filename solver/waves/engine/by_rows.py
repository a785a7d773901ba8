"""An order's cheapest plan with one share of each row at most, exactly: for orders in which `cover` lets two meet."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR
from solver.waves.engine.machine_code import allocating, compiled


@allocating
def plan_by_rows(
    row: Ints, state: Ints, price: Ints, leave: Ints, digits: Ints, parts: int, share: int, most_shares: int, out: Ints
) -> tuple[int, int, int]:
    """As `cover.plan` of an order's entries, row after row: the price, how many shares are in `out`, the state left.

    A dynamic program over rows: the least price of covering each state out of the rows so far, and with each number of
    shares where these are limited. `digits` as `write_digits` has them; `out` gets numbers of entries, counted from the
    order's first. Ties: the least state left, the fewest shares, the earlier rows.
    """
    size, rows = len(leave), row[-1] - row[0] + 1
    layers = _layers(digits, parts, size, most_shares)
    step = size if layers > 1 else 0  # from a number of shares to the next
    value = np.full(layers * size, NEVER, np.int64)
    value[0] = 0
    taken = np.full((rows, layers * size), NONE, np.int32)  # the entry of the row in the best cover so far
    begin = 0
    for at in range(len(row)):
        if at + 1 == len(row) or row[at + 1] != row[at]:
            _add_row(state, price, begin, at + 1, digits, parts, size, share, step, value, taken[row[at] - row[0]])
            begin = at + 1
    total, left, end = _best_end(leave, value, share)
    count = 0
    for number in range(rows - 1, -1, -1):
        e = taken[number, end]
        if e != NONE:
            out[count] = e
            count += 1
            end -= state[e] + step
    return total, count, left


@compiled
def _layers(digits: Ints, parts: int, size: int, most_shares: int) -> int:
    """How many numbers of shares are told apart: one where they are not limited."""
    asked = 0
    for d in range(parts):
        asked += digits[(size - 1) * parts + d]
    return int(most_shares + 1) if most_shares < asked else 1


@compiled
def _add_row(
    state: Ints,
    price: Ints,
    begin: int,
    end: int,
    digits: Ints,
    parts: int,
    size: int,
    share: int,
    step: int,
    value: Ints,
    taken: Ints,
) -> None:
    """Let covers have one of the entries `begin` to `end`; from the largest state down, so that none has two."""
    for at in range(len(value) - 1, 0, -1):
        whole = at % size
        for e in range(begin, end):
            more = state[e]
            if more > whole or at < more + step or price[e] == NEVER:
                continue
            before = value[at - more - step]
            if before == NEVER or before + price[e] + share >= value[at]:
                continue
            if is_part(digits, parts, more, whole):
                value[at] = before + price[e] + share
                taken[at] = e


@compiled
def is_part(digits: Ints, parts: int, small: int, large: int) -> bool:
    """Whether a state asks for at most as much of every part as the other."""
    is_less = True
    for d in range(parts):
        is_less = is_less and digits[small * parts + d] <= digits[large * parts + d]
    return is_less


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
