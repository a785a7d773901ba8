"""The cheapest way to cover what an order asks with shares, each covering one state, and to leave the rest."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, WaveCase
from solver.waves.engine.machine_code import allocating, compiled


class Room(NamedTuple):
    """Working space for one order at a time. M: the most states, D: the most parts of any order."""

    best: Ints  # [M]: the least price of one share that covers exactly this
    pick: Ints  # [M]: whose that is; -1: nobody's
    value: Ints  # [M]: the least price of shares that cover exactly this together
    last: Ints  # [M]: the last of these shares' states
    added: Ints  # [M]
    unit_price: Ints  # [D]
    digits: Ints  # [M * D]: how many units of each part a state has
    digit: Ints  # [D]: of one state
    shares: Ints  # [units]: whose the shares of the last plan are


def room_for(case: WaveCase) -> Room:
    """Space for any order of the wave."""
    states = int(np.diff(case.leave_start).max(initial=1))
    parts = int(np.diff(case.part_start).max(initial=1))
    units = np.concatenate([[0], np.cumsum(case.part_units)])[case.part_start]
    most = int(np.diff(units).max(initial=1))
    return Room(
        best=np.zeros(states, np.int64),
        pick=np.zeros(states, np.int64),
        value=np.zeros(states, np.int64),
        last=np.zeros(states, np.int64),
        added=np.zeros(states, np.int64),
        unit_price=np.zeros(parts, np.int64),
        digits=np.zeros(states * parts, np.int64),
        digit=np.zeros(parts, np.int64),
        shares=np.zeros(most + 1, np.int64),
    )


@compiled
def clear(room: Room, size: int) -> None:
    """Make ready for the offers of an order of so many states."""
    for state in range(size):
        room.best[state] = NEVER
        room.pick[state] = -1


@compiled
def write_digits(units: Ints, size: int, digits: Ints) -> None:
    """The units of each part in every state, `len(units)` numbers a state. Counted up, as divisions are slow."""
    parts = len(units)
    for d in range(parts):
        digits[d] = 0
    for state in range(1, size):
        is_carried = True
        for d in range(parts):
            digit = digits[(state - 1) * parts + d]
            if is_carried:
                is_carried = digit == units[d]
                digit = 0 if is_carried else digit + 1
            digits[state * parts + d] = digit


@compiled
def cover(units: Ints, stride: Ints, size: int, share_price: int, room: Room) -> None:
    """Fill `value` and `last` from `best`; every share costs `share_price` beside. Ties: the first of the states."""
    for state in range(1, size):
        room.value[state] = NEVER
        room.last[state] = 0
    room.value[0] = 0
    _add_share(units, stride, size, share_price, room, room.value, room.value, room.last)


@compiled
def _add_share(
    units: Ints, stride: Ints, size: int, share_price: int, room: Room, before: Ints, value: Ints, last: Ints
) -> bool:
    """Let covers `before` have one share more in `value`; where both are the same array, any number more.

    A share is added only to covers that reach up to no higher part than it: so shares come in one sequence. Whether
    that made any cheaper.
    """
    best, added, digit = room.best, room.added, room.digit
    parts = len(units)
    for d in range(parts):
        digit[d] = 0
    top, is_cheaper = 0, False
    for state in range(size - 1):
        if before[state] != NEVER:
            while top + 1 < parts and state >= stride[top + 1]:
                top += 1
            begin, count = _complements(units, stride, digit, top, added)
            so_far = before[state] + share_price
            for at in range(begin, count):
                more = added[at]
                if best[more] != NEVER and so_far + best[more] < value[state + more]:
                    value[state + more] = so_far + best[more]
                    last[state + more] = more
                    is_cheaper = True
        _count_up(units, digit)
    return is_cheaper


@compiled
def _count_up(units: Ints, digit: Ints) -> None:
    """From one state's digits to the next one's."""
    for d in range(len(units)):
        if digit[d] < units[d]:
            digit[d] += 1
            return
        digit[d] = 0


@compiled
def _complements(units: Ints, stride: Ints, digit: Ints, top: int, added: Ints) -> tuple[int, int]:
    """As `exact.partition.complements`: what can be added to a state; from `begin` on with some of `top` or later."""
    added[0] = 0
    count = begin = 1
    for d in range(len(units)):
        if d == top:
            begin = count
        width = count
        for more in range(1, units[d] - digit[d] + 1):
            step = more * stride[d]
            for at in range(width):
                added[count] = added[at] + step
                count += 1
    return begin, count


@compiled
def plan(
    units: Ints, stride: Ints, leave: Ints, leave_price: int, share_price: int, most_shares: int, room: Room
) -> tuple[int, int, int]:
    """The cheapest plan from `best`: its price, how many shares it has (in `room.shares`), and the state it leaves.

    `leave_price` is what a minor unit of `leave` weighs. Ties: the least state left, then as in `cover`.
    """
    size = len(leave)
    whole = size - 1
    if size == 2:  # one unit: the commonest order
        room.shares[0] = room.pick[1]
        if room.best[1] != NEVER and (leave[1] == NEVER or room.best[1] <= leave[1] * leave_price):
            return room.best[1], 1, 0
        return (leave[1] * leave_price if leave[1] != NEVER else NEVER), 0, 1
    asked = 0
    for d in range(len(units)):
        asked += units[d]
    if most_shares < asked:
        return _plan_of_few(units, stride, leave, leave_price, share_price, most_shares, room)
    cover(units, stride, size, share_price, room)
    total, left = _best_to_leave(room.value, leave, leave_price, share_price)
    state, count = whole - left, 0
    while state > 0:
        room.shares[count] = room.pick[room.last[state]]
        count += 1
        state -= room.last[state]
    return total, count, left


@compiled
def _best_to_leave(value: Ints, leave: Ints, leave_price: int, share_price: int) -> tuple[int, int]:
    """The least price of covering some and leaving the rest, and that rest; the first share has no share price."""
    whole = len(leave) - 1
    total, left = NEVER, whole
    for state in range(len(leave)):
        covered = value[whole - state]
        if leave[state] == NEVER or covered == NEVER:
            continue
        price = leave[state] * leave_price + covered - (share_price if state < whole else 0)
        if price < total:
            total, left = price, state
    return total, left


@allocating
def _plan_of_few(
    units: Ints, stride: Ints, leave: Ints, leave_price: int, share_price: int, most_shares: int, room: Room
) -> tuple[int, int, int]:
    """As `plan`, of at most so many shares: value[n] is of n shares at most."""
    size, whole = len(leave), len(leave) - 1
    value = np.full((most_shares + 1, size), NEVER, np.int64)
    last = np.zeros((most_shares + 1, size), np.int64)
    value[0, 0] = 0
    n, is_cheaper = 0, True
    while n < most_shares and is_cheaper:
        value[n + 1] = value[n]
        last[n + 1] = -1  # as with one share fewer
        is_cheaper = _add_share(units, stride, size, share_price, room, value[n], value[n + 1], last[n + 1])
        n += 1
    total, left = _best_to_leave(value[n], leave, leave_price, share_price)
    state, count = whole - left, 0
    while state > 0:
        if last[n, state] > 0:
            room.shares[count] = room.pick[last[n, state]]
            count += 1
            state -= last[n, state]
        n -= 1
    return total, count, left
