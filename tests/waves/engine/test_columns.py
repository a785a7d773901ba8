"""The plans that become columns, against every plan that an order has."""

import numpy as np
import pytest

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.columns import columns_for, list_columns
from solver.waves.engine.cover import room_for
from solver.waves.engine.shortlist import shortlist
from tests.waves.engine.cases import options, random_case

_WITHIN = 15_000  # thousandths


def _prices(case: WaveCase, seed: int) -> Ints:
    rng = np.random.default_rng([seed, 2])
    high = np.where(case.over_cost == NEVER, 20, case.over_cost) * PRICES_PER_MINOR
    prices: Ints = rng.integers(0, high + 1) * rng.integers(0, 2, len(high))
    return prices


def _listed(case: WaveCase, prices: Ints, *, within: int, most: int) -> dict[tuple[int, tuple[int, ...], int], int]:
    """Regrets by order, entries and what is left."""
    s = shortlist(case, np.arange(len(case.entry_cost)))
    asked = np.add.reduceat(case.part_units, case.part_start[:-1])
    room = columns_for(case.orders, int(asked.max()), most)
    count = list_columns(s, room_for(case), 0, case.orders, prices, within, most, room)
    assert len({(int(o), tuple(e), int(x)) for o, e, x in zip(*room[:3], strict=True)}) >= count
    return {
        (int(room.order[n]), tuple(e for e in room.shares[n].tolist() if e >= 0), int(room.left[n])): int(
            room.regret[n]
        )
        for n in range(count)
    }


def _regrets(case: WaveCase, prices: Ints, order: int) -> dict[tuple[int, tuple[int, ...], int], int]:
    costs = {
        (order, one.entries, one.left): PRICES_PER_MINOR * one.cost
        + sum(int(prices[q]) * n for q, n in one.uses.items())
        for one in options(case, order)
    }
    return {plan: cost - min(costs.values()) for plan, cost in costs.items()}


@pytest.mark.parametrize("seed", range(25))
def test_all_plans_of_little_regret_are_listed_and_no_others(seed: int) -> None:
    case = random_case(seed, orders=8)
    case = case._replace(most_shares=case.most_shares + 9)
    prices = _prices(case, seed)
    every = [_regrets(case, prices, order) for order in range(case.orders)]
    expected = {plan: regret for one in every for plan, regret in one.items() if regret <= _WITHIN}
    assert _listed(case, prices, within=_WITHIN, most=500) == expected


@pytest.mark.parametrize("seed", range(10))
def test_where_there_are_too_many_those_of_least_regret_are_kept_and_limits_on_shares_hold(seed: int) -> None:
    case = random_case(seed, orders=8)
    prices = _prices(case, seed)
    listed = _listed(case, prices, within=_WITHIN, most=6)
    for order in range(case.orders):
        every = _regrets(case, prices, order)
        mine = [plan for plan in listed if plan[0] == order]
        assert len(mine) <= 6
        assert set(mine) <= set(every)
        ties = sum(regret == 0 for regret in every.values())
        assert ties > 6 or any(every[plan] == 0 for plan in mine)
