"""Local search over a wave's plans by ejection chains, accepted as in simulated annealing.

A move lets one order have what it wants, whoever holds it. Those who held it look again on what is left, or now and
then take what they want in their turn. What the chain costs is accepted if it saves, or by chance if it is not much.
"""

from math import log
from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR
from solver.waves.engine.by_rows import plan_by_rows
from solver.waves.engine.chance import MODULUS, below, drawn
from solver.waves.engine.cover import Room, clear, plan, write_digits
from solver.waves.engine.holding import Holding, put_down, take_up
from solver.waves.engine.machine_code import allocating, compiled
from solver.waves.engine.settle import settle
from solver.waves.engine.shortlist import Shortlist

LONGEST_CHAIN = 8  # orders
_PASS_ON = 25  # per cent: how often who is evicted evicts in turn
_SOFT_AS_HARD = 50  # per cent: how often a chain goes beyond no limit at all


class Chain(NamedTuple):
    """The orders that one move has touched, and the plans that they had. W: the most shares of any order."""

    touched: Ints  # [1]: how many
    orders: Ints  # [LONGEST_CHAIN]
    shares: Ints  # [LONGEST_CHAIN, W]
    left: Ints  # [LONGEST_CHAIN]
    waiting: Ints  # [LONGEST_CHAIN]: touched, and without a plan


def chain_for(h: Holding) -> Chain:
    """Space for one chain."""
    widest = int(np.diff(h.plan_start).max(initial=1))
    return Chain(
        touched=np.zeros(1, np.int64),
        orders=np.zeros(LONGEST_CHAIN, np.int64),
        shares=np.zeros((LONGEST_CHAIN, widest), np.int64),
        left=np.zeros(LONGEST_CHAIN, np.int64),
        waiting=np.zeros(LONGEST_CHAIN, np.int64),
    )


@compiled
def anneal(
    s: Shortlist,
    h: Holding,
    room: Room,
    chain: Chain,
    movable: Ints,
    prices: Ints,
    steer: Ints,
    chance: Ints,
    moves: int,
    warmth: float,
    cooling: float,
) -> int:
    """Make so many moves that start at one of the `movable` orders; returns by how much the cost changed.

    `warmth` is in minor units; it is multiplied by `cooling` after every move.
    """
    change = 0
    for _ in range(moves):
        warmth *= cooling
        chain.touched[0] = 0
        delta = _touch(s, h, chain, movable[below(chance, len(movable))])
        is_strict = below(chance, 100) < _SOFT_AS_HARD
        waiting, is_complete = 1, True
        chain.waiting[0] = chain.orders[0]
        while waiting > 0 and is_complete:
            at = below(chance, waiting)
            o = chain.waiting[at]
            waiting -= 1
            chain.waiting[at] = chain.waiting[waiting]
            before = chain.touched[0]
            if before == 1 or below(chance, 100) < _PASS_ON:
                count, left = wish(s, room, o, prices, chance)
                if before == 1 and _has_changed_nothing(chain, room.shares, count, left):
                    is_complete = False
                    break
                delta += take_up(s, h, o, room.shares, count, left)
                for j in range(count):
                    gained = _make_way(s, h, chain, o, room.shares[j], is_strict, chance)
                    is_complete = is_complete and gained != NEVER
                    delta += gained
                    if not is_complete:
                        break
            else:
                count, left = settle(s, h, room, o, steer)
                delta += take_up(s, h, o, room.shares, count, left)
            for j in range(before, chain.touched[0]):
                chain.waiting[waiting] = chain.orders[j]
                waiting += 1
        if is_complete and (delta <= 0 or delta < -warmth * log(drawn(chance) / MODULUS)):
            change += delta
        else:
            _undo(s, h, chain)
    return change


@compiled
def wish(s: Shortlist, room: Room, o: int, prices: Ints, chance: Ints) -> tuple[int, int]:
    """A plan that an order would like if nobody else held anything, at prices varied by chance: shares, state left.

    The prices are those by which the list is ranked.
    """
    units, stride = s.part_units[s.part_start[o] : s.part_start[o + 1]], s.part_stride[s.part_start[o] :]
    leave = s.leave_cost[s.leave_start[o] : s.leave_start[o + 1]]
    clear(room, len(leave))
    for g in range(s.group_start[o], s.group_start[o + 1]):
        best, pick = NEVER, NONE
        for at in range(s.ranked_start[g], s.ranked_start[g + 1]):
            if s.floor[at] >= best:
                break
            price = s.cost[s.ranked[at]] * PRICES_PER_MINOR + _varied(s.extra[at], chance)
            if price < best:
                best, pick = price, s.ranked[at]
        room.best[s.group_state[g]], room.pick[s.group_state[g]] = best, pick
    share = s.share_cost[o] * PRICES_PER_MINOR
    _, count, left = plan(units, stride, leave, PRICES_PER_MINOR, share, s.most_shares[o], room)
    for at in range(count):
        for other in range(at):
            if s.row[room.shares[at]] == s.row[room.shares[other]]:
                return _wish_by_rows(s, room, o, prices, chance)
    return count, left


@allocating
def _wish_by_rows(s: Shortlist, room: Room, o: int, prices: Ints, chance: Ints) -> tuple[int, int]:
    """As `wish`, with one share of each row at most."""
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
        extra = 0
        for n in range(s.use_start[x], s.use_start[x + 1]):
            extra += prices[s.resource[n]] * s.amount[n]
        row[x - first], state[x - first] = s.row[x], s.state[x]
        price[x - first] = s.cost[x] * PRICES_PER_MINOR + _varied(extra, chance)
    share = s.share_cost[o] * PRICES_PER_MINOR
    _, count, left = plan_by_rows(
        row, state, price, leave, room.digits, len(units), share, s.most_shares[o], room.shares
    )
    for at in range(count):
        room.shares[at] += first
    return count, left


@compiled
def _varied(extra: int, chance: Ints) -> int:
    """What an entry takes at the prices, varied by half."""
    return int(extra * (512 + below(chance, 1024)) // 1024)


@compiled
def _has_changed_nothing(chain: Chain, shares: Ints, count: int, left: int) -> bool:
    """Whether the first order touched would have the plan again that it had."""
    is_same = left == chain.left[0]
    for at in range(chain.shares.shape[1]):
        is_same = is_same and chain.shares[0, at] == (shares[at] if at < count else NONE)
    return bool(is_same)


@compiled
def _make_way(s: Shortlist, h: Holding, chain: Chain, o: int, x: int, is_strict: bool, chance: Ints) -> int:  # noqa: FBT001 - numba has no keyword-only arguments
    """Put down other orders until a held entry is within the limits; returns the change of cost.

    NEVER where the chain would grow too long or the entry is beyond a limit by itself.
    """
    change = 0
    for n in range(s.use_start[x], s.use_start[x + 1]):
        q = s.resource[n]
        if s.over_cost[q] != NEVER and not is_strict:
            continue
        while h.used[q] > s.capacity[q]:
            other = _holder(h, q, o, chance)
            if other == NONE or chain.touched[0] == LONGEST_CHAIN:
                if s.over_cost[q] != NEVER:
                    break
                return NEVER
            change += _touch(s, h, chain, other)
    return change


@compiled
def _holder(h: Holding, q: int, o: int, chance: Ints) -> int:
    """Some other order that holds a resource; NONE: there is none."""
    begin, end = h.user_start[q], h.user_start[q + 1]
    start = below(chance, end - begin)
    for step in range(end - begin):
        at = begin + start + step
        x = h.users[at if at < end else at - (end - begin)]
        if h.is_held[x] > 0 and h.order[x] != o:
            return int(h.order[x])
    return NONE


@compiled
def _touch(s: Shortlist, h: Holding, chain: Chain, o: int) -> int:
    """Put down an order and remember its plan, if it is not remembered yet; returns the change of cost."""
    place = chain.touched[0]
    for at in range(chain.touched[0]):
        if chain.orders[at] == o:
            place = at
    if place == chain.touched[0]:
        chain.touched[0] += 1
        chain.orders[place] = o
        chain.shares[place, :] = NONE
        first = h.plan_start[o]
        for at in range(h.plan_start[o + 1] - first):
            chain.shares[place, at] = h.shares[first + at]
        chain.left[place] = h.left[o]
    return put_down(s, h, o)


@compiled
def _undo(s: Shortlist, h: Holding, chain: Chain) -> None:
    """Give every touched order the plan again that it had."""
    for at in range(chain.touched[0]):
        put_down(s, h, chain.orders[at])
    for at in range(chain.touched[0]):
        count = 0
        while count < chain.shares.shape[1] and chain.shares[at, count] != NONE:
            count += 1
        take_up(s, h, chain.orders[at], chain.shares[at], count, chain.left[at])
