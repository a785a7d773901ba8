"""A wave's plans put together anew out of columns, block of orders by block; all other orders stay as they are."""

from functools import partial
from typing import NamedTuple

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.waves.case import NEVER, NONE, Numbers
from solver.waves.engine.columns import Columns, first_columns, joined
from solver.waves.engine.crew import Crew
from solver.waves.engine.holding import Holding, put_down, take_up
from solver.waves.engine.program import Choices, chosen
from solver.waves.engine.shortlist import Shortlist


def improve(
    s: Shortlist, h: Holding, columns: Columns, blocks: list[Ints], crew: Crew, *, seconds: float | None, nodes: int
) -> int:
    """Choose anew for these blocks of orders, side by side, among `columns` and what they hold.

    Each block has what it uses and its part of what is free. Returns the change of cost, never above 0.
    """
    asked = [
        _program(s._replace(capacity=capacity), h, columns, block)
        for block, capacity in zip(blocks, _capacities(s, h, len(blocks)), strict=True)
    ]
    found: list[Ints | None] = [None] * len(blocks)

    def choose(number: int) -> None:
        one = asked[number]
        found[number] = chosen(one.choices, start=one.start, seconds=seconds, nodes=nodes)

    crew.all_of([partial(choose, number) for number in range(len(blocks))])
    change = 0
    for block, one, taken in zip(blocks, asked, found, strict=True):
        change += 0 if taken is None else _changed(s, h, block, first_columns(one.columns, taken))
    return change


class _Program(NamedTuple):
    """A program, and the plans that its columns are."""

    choices: Choices
    columns: Columns
    start: Ints  # the columns that the orders hold


def _program(s: Shortlist, h: Holding, columns: Columns, orders: Ints) -> _Program:
    mine = np.zeros(s.orders, dtype=np.bool_)
    mine[orders] = True
    pool = with_held(h, first_columns(columns, np.flatnonzero(mine[columns.order])), orders)
    choices, kept = _choices(s, h, pool, orders)
    pool = first_columns(pool, kept)
    return _Program(choices, pool, np.flatnonzero(pool.regret == NONE))


def _capacities(s: Shortlist, h: Holding, count: int) -> list[Ints]:
    """What there is of every resource for each block, if the other blocks have what they use and their parts.

    What is free is shared out, odd units by turns; so is what is beyond a limit, so that no two save the same.
    """
    free, number = s.capacity - h.used, np.arange(len(s.capacity))
    parts = [free // count + ((number + block) % count < free % count) for block in range(count)]
    return [np.where(s.capacity >= NO_LIMIT, s.capacity, h.used + part) for part in parts]


def _changed(s: Shortlist, h: Holding, orders: Ints, plans: Columns) -> int:
    """Give the orders these plans, unless that costs more; returns the change of cost."""
    before = _plans(h, orders)
    change = _replace(s, h, orders, plans.shares.astype(np.int64), plans.left.astype(np.int64))
    if change > 0 or not _is_allowed(s, h):
        _replace(s, h, orders, *before)
        return 0
    return change


def with_held(h: Holding, columns: Columns, orders: Ints) -> Columns:
    """The columns with those that the orders hold, which alone have the regret NONE; every column once."""
    return joined([held_columns(h, orders), columns._replace(regret=np.maximum(0, columns.regret))])


def held_columns(h: Holding, orders: Ints) -> Columns:
    """What these orders hold, with the regret NONE."""
    shares, left = _plans(h, orders)
    regret = np.full(len(orders), NONE, np.int64)
    return Columns(orders.astype(np.int32), _ascending(shares).astype(np.int32), left.astype(np.int32), regret)


def _ascending(shares: Ints) -> Ints:
    """Rows sorted, with what is missing at their end."""
    ordered = np.sort(np.where(shares == NONE, NO_LIMIT, shares), axis=1)
    return np.where(ordered == NO_LIMIT, NONE, ordered)


def _plans(h: Holding, orders: Ints) -> tuple[Ints, Ints]:
    widest = int(np.diff(h.plan_start).max(initial=1))
    places = h.plan_start[orders][:, None] + np.arange(widest)
    there = places < h.plan_start[orders + 1][:, None]
    shares = np.full(there.shape, NONE, dtype=np.int64)
    shares[there] = h.shares[places[there]]
    return shares, h.left[orders].copy()


def _replace(s: Shortlist, h: Holding, orders: Ints, shares: Ints, left: Ints) -> int:
    change = sum(int(put_down(s, h, o)) for o in orders.tolist())
    counts = (shares != NONE).sum(axis=1)
    for at, o in enumerate(orders.tolist()):
        change += int(take_up(s, h, o, shares[at], counts[at], left[at]))
    return change


def _is_allowed(s: Shortlist, h: Holding) -> bool:
    return not ((h.used > s.capacity) & (s.over_cost == NEVER)).any()


def _choices(s: Shortlist, h: Holding, pool: Columns, orders: Ints) -> tuple[Choices, Ints]:
    """The program over the pool's columns that do not take more than there is by themselves, and which these are."""
    others = h.used - _used_by(s, _plans(h, orders)[0], len(h.used))
    column, row, amount = _uses(s, pool.shares)
    too_much = (amount > (s.capacity - others)[row]) & (s.over_cost[row] == NEVER)
    kept = np.setdiff1d(np.arange(len(pool.order)), column[too_much])
    number = np.full(len(pool.order), NONE)
    number[kept] = np.arange(len(kept))
    there = number[column] != NONE
    column, row, amount = number[column[there]], row[there], amount[there]
    most = np.zeros(len(h.used), np.int64)
    np.add.at(most, row, amount)
    matters = (most > s.capacity - others) | (s.least > others) | ((s.fixed_cost > 0) & (others == 0))
    rows = np.flatnonzero(matters & (most > 0))
    place = np.full(len(h.used), NONE)
    place[rows] = np.arange(len(rows))
    there = place[row] != NONE
    entries = pool.shares[kept]
    shares = (entries != NONE).sum(axis=1)
    of_shares = np.where(entries != NONE, s.cost[entries], 0).sum(axis=1)
    order = pool.order[kept]
    leaving = s.leave_cost[s.leave_start[order] + pool.left[kept]]
    capacity, free = s.capacity[rows], (s.capacity - others)[rows]
    choices = Choices(
        order=np.searchsorted(orders, order),
        cost=of_shares + leaving + s.share_cost[order] * np.maximum(0, shares - 1),
        row=place[row[there]],
        column=column[there],
        amount=amount[there],
        capacity=np.where(capacity >= NO_LIMIT, NO_LIMIT, np.maximum(0, free)),
        least=np.maximum(0, s.least[rows] - others[rows]),
        over_cost=np.where(s.over_cost[rows] == NEVER, NONE, s.over_cost[rows]),
        under_cost=s.under_cost[rows],
        fixed_cost=np.where(others[rows] == 0, s.fixed_cost[rows], 0),
    )
    return choices, kept


def _uses(s: Shortlist, shares: Ints | Numbers) -> tuple[Ints, Ints, Ints]:
    """What rows of shares take: the number of the row, the resource, how much; each pair once."""
    row, place = np.nonzero(shares != NONE)
    entry = shares[row, place]
    width = s.use_start[entry + 1] - s.use_start[entry]
    at = np.repeat(s.use_start[entry] - np.cumsum(width) + width, width) + np.arange(int(width.sum()))
    keys = np.repeat(row, width) * len(s.capacity) + s.resource[at]
    pairs, inverse = np.unique(keys, return_inverse=True)
    amounts = np.zeros(len(pairs), np.int64)
    np.add.at(amounts, inverse, s.amount[at])
    return pairs // len(s.capacity), pairs % len(s.capacity), amounts


def _used_by(s: Shortlist, shares: Ints, resources: int) -> Ints:
    used = np.zeros(resources, np.int64)
    _, resource, amount = _uses(s, shares)
    np.add.at(used, resource, amount)
    return used
