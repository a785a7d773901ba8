"""Plans put together anew out of columns: blocks of orders side by side, each with its part of what is free."""

import numpy as np
import pytest

from solver.sourcing.case import Ints
from solver.waves.case import NEVER
from solver.waves.engine.columns import Columns, columns_for, first_columns, list_columns
from solver.waves.engine.cover import room_for
from solver.waves.engine.crew import crew_of
from solver.waves.engine.holding import Holding, copy_of, empty_holding, take_up
from solver.waves.engine.master import improve
from solver.waves.engine.pricing import plan_starts
from solver.waves.engine.settle import settle
from solver.waves.engine.shortlist import Shortlist, shortlist
from tests.waves.engine.cases import random_case

ORDERS = 40
NODES = 50


def _made(seed: int) -> tuple[Shortlist, Holding, Columns]:
    """A wave's whole list, every order in turn at its best on what is left, and all its plans of small regret."""
    case = random_case(seed, orders=ORDERS, sources=6, skus=12)
    s = shortlist(case, np.arange(len(case.entry_cost)))
    h = empty_holding(s, plan_starts(case))
    room, nothing = room_for(case), np.zeros(len(s.capacity), np.int64)
    for o in range(ORDERS):
        count, left = settle(s, h, room, o, nothing)
        take_up(s, h, o, room.shares, count, left)
    out = columns_for(ORDERS, int(np.diff(h.plan_start).max()), 30)
    count = list_columns(s, room, 0, ORDERS, nothing, 2_000_000, 30, out)
    return s, h, first_columns(out, np.arange(count))


def _cost(s: Shortlist, h: Holding) -> int:
    """What all plans cost, counted from what is held."""
    count = np.array([(h.shares[h.plan_start[o] : h.plan_start[o + 1]] >= 0).sum() for o in range(ORDERS)])
    held = h.shares[h.shares >= 0]
    soft = np.where(s.over_cost == NEVER, 0, s.over_cost)
    return int(
        s.cost[held].sum()
        + (s.share_cost * np.maximum(0, count - 1)).sum()
        + s.leave_cost[s.leave_start[:-1] + h.left].sum()
        + (soft * np.maximum(0, h.used - s.capacity)).sum()
        + (s.under_cost * np.maximum(0, s.least - h.used)).sum()
    )


def _used(s: Shortlist, h: Holding) -> Ints:
    used = np.zeros(len(s.capacity), np.int64)
    for x in h.shares[h.shares >= 0].tolist():
        uses = slice(s.use_start[x], s.use_start[x + 1])
        np.add.at(used, s.resource[uses], s.amount[uses])
    return used


@pytest.mark.parametrize("seed", range(12))
def test_blocks_side_by_side_stay_within_limits_and_save_what_they_say(seed: int) -> None:
    s, h, columns = _made(seed)
    before = _cost(s, h)
    blocks = [np.arange(0, ORDERS, 2), np.arange(1, ORDERS, 2)]
    with crew_of(ORDERS) as crew:
        change = improve(s, h, columns, blocks, crew, seconds=None, nodes=NODES)
    assert change <= 0
    assert _cost(s, h) == before + change
    assert (_used(s, h) == h.used).all()
    assert not ((h.used > s.capacity) & (s.over_cost == NEVER)).any()


def test_all_orders_at_once_save_at_least_what_halves_save() -> None:
    saved = []
    for seed in range(6):
        s, h, columns = _made(seed)
        halves = copy_of(h)
        with crew_of(ORDERS) as crew:
            whole = improve(s, h, columns, [np.arange(ORDERS)], crew, seconds=None, nodes=1000)
            parts = [np.arange(ORDERS // 2), np.arange(ORDERS // 2, ORDERS)]
            assert whole <= improve(s, halves, columns, parts, crew, seconds=None, nodes=1000)
        saved.append(-whole)
    assert sum(saved) > 0


def test_orders_of_no_block_keep_their_plans() -> None:
    s, h, columns = _made(3)
    first = slice(int(h.plan_start[0]), int(h.plan_start[ORDERS // 2]))
    held, left = h.shares[first].copy(), h.left[: ORDERS // 2].copy()
    with crew_of(ORDERS) as crew:
        improve(s, h, columns, [np.arange(ORDERS // 2, ORDERS)], crew, seconds=None, nodes=NODES)
    assert (h.shares[first] == held).all()
    assert (h.left[: ORDERS // 2] == left).all()
