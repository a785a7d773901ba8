"""What the search knows of a wave's entries: what they take, and what they cost at least."""

import numpy as np
import pytest

from solver.waves.case import NONE, WaveCase
from solver.waves.engine.chance import below, chance_of
from solver.waves.engine.holding import emptied, empty_holding, take
from solver.waves.engine.pricing import plan_starts
from solver.waves.engine.settle import price_now
from solver.waves.engine.shortlist import Shortlist, shortlist
from tests.waves.engine.cases import options, random_case


def _listed(seed: int) -> tuple[WaveCase, Shortlist, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    case = random_case(seed, orders=8, opening=seed % 3 == 0)
    rng = np.random.default_rng([seed, 2])
    low = np.where(case.least > 0, -1000 * case.under_cost, 0)
    prices = rng.integers(low, 1000 * np.minimum(case.over_cost, 30) + 1)
    s = shortlist(case, np.arange(len(case.entry_cost)), prices)
    return case, s, np.concatenate([prices, np.zeros(len(s.capacity) - case.resources, np.int64)])


@pytest.mark.parametrize("seed", range(20))
def test_an_entry_takes_what_a_plan_of_it_alone_uses(seed: int) -> None:
    case, s, _ = _listed(seed)
    looked_at = 0
    for order in range(case.orders):
        for one in options(case, order):
            if len(one.entries) == 1:
                taken = np.zeros(len(s.capacity), np.int64)
                uses = slice(s.use_start[one.entries[0]], s.use_start[one.entries[0] + 1])
                np.add.at(taken, s.resource[uses], s.amount[uses])
                assert {q: n for q, n in enumerate(taken[: case.resources].tolist()) if n} == {
                    q: n for q, n in one.uses.items() if n
                }
                looked_at += 1
    assert looked_at > 10


@pytest.mark.parametrize("seed", range(30))
def test_nothing_costs_less_than_its_floor_whatever_is_held(seed: int) -> None:
    case, s, prices = _listed(seed)
    h = empty_holding(s, plan_starts(case))
    rng, chance = np.random.default_rng([seed, 3]), chance_of(seed)
    for x in rng.choice(len(s.number), size=min(6, len(s.number)), replace=False).tolist():
        take(s, h, x, 1)
        for at, y in enumerate(s.ranked.tolist()):
            assert price_now(s, h, y, prices) >= s.floor[at]
            assert price_now(s, h, y, (prices * 0.5).astype(np.int64)) >= s.floor[at]
            assert s.cost[y] * 1000 + s.extra[at] * (512 + below(chance, 1024)) // 1024 >= s.floor[at]


@pytest.mark.parametrize("seed", range(5))
def test_the_entries_of_each_state_of_an_order_are_ranked_by_their_floors(seed: int) -> None:
    case, s, _ = _listed(seed)
    assert sorted(s.ranked.tolist()) == list(range(len(s.number)))
    for order in range(case.orders):
        states = s.group_state[s.group_start[order] : s.group_start[order + 1]].tolist()
        assert states == sorted(set(s.state[s.start[order] : s.start[order + 1]].tolist()))
        for g in range(s.group_start[order], s.group_start[order + 1]):
            places = slice(s.ranked_start[g], s.ranked_start[g + 1])
            assert set(s.state[s.ranked[places]].tolist()) == {s.group_state[g]}
            assert s.floor[places].tolist() == sorted(s.floor[places].tolist())
            assert all(s.start[order] <= x < s.start[order + 1] for x in s.ranked[places].tolist())


def test_a_list_of_nothing_has_no_groups() -> None:
    case = random_case(1)
    s = shortlist(case, np.zeros(0, np.int64))
    assert (len(s.ranked), s.group_start.tolist()) == (0, [0] * (case.orders + 1))
    assert (empty_holding(s, plan_starts(case)).shares == NONE).all()


def test_a_holding_is_emptied_without_changing_the_one_that_it_came_from() -> None:
    case, s, _ = _listed(1)
    fresh, held = empty_holding(s, plan_starts(case)), empty_holding(s, plan_starts(case))
    take(s, held, 0, 1)
    used = held.used.copy()
    for name, values in emptied(s, held)._asdict().items():
        assert np.array_equal(values, getattr(fresh, name)), name
    assert used.any()
    assert np.array_equal(held.used, used)
