"""The plans of all orders at one moment of the search, and what they use."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, Numbers
from solver.waves.engine.machine_code import compiled
from solver.waves.engine.shortlist import Shortlist


class Holding(NamedTuple):
    """Mutable. X entries, N uses."""

    used: Ints  # [Q]
    plan_start: Ints  # [O + 1] -> shares
    shares: Ints  # entries of the shortlist, filled up with NONE
    left: Ints  # [O]: the state that stays unfilled
    is_held: NDArray[np.int8]  # [X]: 1 where a plan has this entry
    order: Numbers  # [X]: whose entry this is
    user_start: Ints  # [Q + 1] -> users
    users: Numbers  # [N]: the entries that take some of a resource


def empty_holding(s: Shortlist, plan_start: Ints) -> Holding:
    """Every order is left whole."""
    entries, resources = len(s.number), len(s.capacity)
    whole = s.leave_start[1:] - s.leave_start[:-1] - 1
    user_start = np.zeros(resources + 1, np.int64)
    _count_users(s, user_start[1:])
    np.cumsum(user_start, out=user_start)
    users = np.empty(len(s.resource), np.int32)
    _write_users(s, user_start[:-1].copy(), users)
    return Holding(
        used=np.zeros(resources, np.int64),
        plan_start=plan_start,
        shares=np.full(int(plan_start[-1]), NONE, np.int64),
        left=whole.astype(np.int64),
        is_held=np.zeros(entries, np.int8),
        order=np.repeat(np.arange(s.orders, dtype=np.int32), np.diff(s.start)),
        user_start=user_start,
        users=users,
    )


@compiled
def _count_users(s: Shortlist, counts: Ints) -> None:
    for n in range(len(s.resource)):
        counts[s.resource[n]] += 1


@compiled
def _write_users(s: Shortlist, place: Ints, users: Numbers) -> None:
    """Write every entry to the place of each resource that it takes; `place` moves on."""
    for x in range(len(s.number)):
        for n in range(s.use_start[x], s.use_start[x + 1]):
            users[place[s.resource[n]]] = x
            place[s.resource[n]] += 1


def emptied(s: Shortlist, h: Holding) -> Holding:
    """Every order is left whole; `h`, of the same list, stays as it is."""
    whole = s.leave_start[1:] - s.leave_start[:-1] - 1
    return h._replace(
        used=np.zeros_like(h.used),
        shares=np.full_like(h.shares, NONE),
        left=whole.astype(np.int64),
        is_held=np.zeros_like(h.is_held),
    )


def copy_of(h: Holding) -> Holding:
    """The same plans, to be changed without changing these."""
    return h._replace(used=h.used.copy(), shares=h.shares.copy(), left=h.left.copy(), is_held=h.is_held.copy())


@compiled
def cost_beyond(s: Shortlist, q: int, used: int) -> int:
    """What this use of a resource costs for itself, minor units; nothing beyond a hard limit, which others see to."""
    cost = s.fixed_cost[q] if used > 0 else 0
    if used > s.capacity[q] and s.over_cost[q] != NEVER:
        cost += s.over_cost[q] * (used - s.capacity[q])
    if used < s.least[q]:
        cost += s.under_cost[q] * (s.least[q] - used)
    return int(cost)


@compiled
def take(s: Shortlist, h: Holding, x: int, times: int) -> int:
    """Take up (times 1) or give back (-1) an entry; returns by how much the wave's cost changes, minor units."""
    change = times * s.cost[x]
    for n in range(s.use_start[x], s.use_start[x + 1]):
        q = s.resource[n]
        before = h.used[q]
        h.used[q] = before + times * s.amount[n]
        change += cost_beyond(s, q, h.used[q]) - cost_beyond(s, q, before)
    h.is_held[x] += times
    return int(change)


@compiled
def fits(s: Shortlist, h: Holding, x: int) -> bool:
    """Whether no hard limit forbids this entry now."""
    for n in range(s.use_start[x], s.use_start[x + 1]):
        q = s.resource[n]
        if h.used[q] + s.amount[n] > s.capacity[q] and s.over_cost[q] == NEVER:
            return False
    return True


@compiled
def put_down(s: Shortlist, h: Holding, o: int) -> int:
    """Take an order's plan away; it is left whole. Returns by how much the cost changes."""
    change, count = 0, 0
    leave = s.leave_start[o]
    whole = s.leave_start[o + 1] - leave - 1
    for at in range(h.plan_start[o], h.plan_start[o + 1]):
        if h.shares[at] == NONE:
            break
        change += take(s, h, h.shares[at], -1)
        h.shares[at] = NONE
        count += 1
    change -= s.share_cost[o] * max(0, count - 1) + s.leave_cost[leave + h.left[o]]
    h.left[o] = whole
    return int(change + s.leave_cost[leave + whole])


@compiled
def take_up(s: Shortlist, h: Holding, o: int, shares: Ints, count: int, left: int) -> int:
    """Give an order that is left whole this plan. Returns by how much the cost changes."""
    leave = s.leave_start[o]
    change = s.leave_cost[leave + left] - s.leave_cost[leave + h.left[o]] + s.share_cost[o] * max(0, count - 1)
    for at in range(count):
        change += take(s, h, shares[at], 1)
        h.shares[h.plan_start[o] + at] = shares[at]
    h.left[o] = left
    return int(change)


@compiled
def take_up_all(s: Shortlist, h: Holding, shares: Ints, left: Ints) -> None:
    """Give all orders, which are left whole, these plans; `shares` as in a holding."""
    for o in range(len(left)):
        first, count = h.plan_start[o], 0
        while first + count < h.plan_start[o + 1] and shares[first + count] != NONE:
            count += 1
        take_up(s, h, o, shares[first:], count, left[o])
