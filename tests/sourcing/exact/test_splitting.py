"""Large orders are split as the plain partition splits them, from fewer contents and with better prices."""

import random

import numpy as np
import pytest

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.partition import partition
from solver.sourcing.exact.prices import best_prices, rounded
from solver.sourcing.exact.splitting import split_within, spread
from solver.sourcing.exact.undominated import undominated

RADIX = np.array([2, 3, 2, 4], dtype=np.int64)
STRIDE = np.array([1, 2, 6, 12], dtype=np.int64)
BLOCKS = np.arange(48)[:, None] // STRIDE % RADIX


def prices(seed: int) -> Ints:
    """Prices of packages that save by being large; some of them are not to be had."""
    rng = random.Random(seed)
    price = np.array([300 + rng.randint(20, 400) * int(blocks) for blocks in BLOCKS.sum(axis=1)], dtype=np.int64)
    for state in range(48):
        if rng.random() < 0.4:
            price[state] = NEVER
    price[0] = NEVER
    return price


def dual(price: Ints) -> Ints:
    """The best prices of the blocks, whole."""
    states = np.flatnonzero(price != NEVER)
    return rounded(best_prices(RADIX, STRIDE, states, price[states]), RADIX)


@pytest.mark.parametrize("seed", range(40))
def test_it_finds_every_split_that_a_plan_within_the_limit_can_contain(seed: int) -> None:
    price = prices(seed)
    worth = BLOCKS @ dual(price)
    for most in (int(worth[-1]), int(worth[-1]) + 200, int(worth[-1]) + 2000):
        value, last = split_within(RADIX, STRIDE, price, worth, most)
        known, known_last = partition(RADIX, STRIDE, price, np.zeros(48, dtype=np.int64), NEVER)
        within = (known != NEVER) & (known + worth[-1] - worth <= most)
        assert (value[within] == known[within]).all()
        assert (last[within] == known_last[within]).all()
        assert (value >= known).all()


@pytest.mark.parametrize("seed", range(40))
def test_no_package_undercuts_the_prices(seed: int) -> None:
    price = prices(seed)
    assert (BLOCKS @ dual(price) <= price).all()


def test_three_pairs_of_three_parts_are_worth_one_and_a_half_pairs() -> None:
    radix, stride = np.full(3, 2), np.array([1, 2, 4])
    states, costs = np.array([1, 2, 3, 4, 5, 6]), np.array([90, 90, 100, 90, 100, 100])
    assert best_prices(radix, stride, states, costs).sum() == pytest.approx(150)


def test_units_of_one_part_are_worth_what_the_cheapest_mix_of_packages_costs() -> None:
    radix, stride = np.array([6]), np.array([1])  # five units, singly for 40, in pairs for 50, by three for 90
    assert best_prices(radix, stride, np.array([1, 2, 3]), np.array([40, 50, 90])).tolist() == [25]


def test_prices_are_rounded_down_and_stay_within_what_adds_up() -> None:
    assert rounded(np.array([3.999999, 4.0, -2.0, 1e30]), np.full(4, 2)).tolist() == [3, 4, 0, NEVER // 8]


def test_contents_that_two_packages_hold_for_less_are_left_out() -> None:
    radix, stride = np.full(2, 2), np.array([1, 2])
    none = np.zeros(4, dtype=np.int64)
    kept = undominated(radix, stride, np.array([NEVER, 10, 20, 31]), none, 100)
    assert kept.states.tolist() == [1, 2]
    kept = undominated(radix, stride, np.array([NEVER, 10, 20, 30]), none, 100)
    assert (kept.start.tolist(), kept.states.tolist()) == ([0, 1, 3], [1, 2, 3])


def test_contents_beyond_the_most_excess_are_left_out() -> None:
    radix, stride = np.full(2, 2), np.array([1, 2])
    worth = np.array([0, 5, 10, 15], dtype=np.int64)
    kept = undominated(radix, stride, np.array([NEVER, 9, 30, 16]), worth, 4)
    assert (kept.states.tolist(), kept.excess.tolist()) == ([1, 3], [4, 1])


def test_states_within_others_borrow_no_bit_between_parts() -> None:
    code, guard = spread(RADIX, STRIDE)
    for one in range(48):
        for other in range(48):
            is_within = ((code[other] | guard) - code[one]) & guard == guard
            assert is_within == (BLOCKS[one] <= BLOCKS[other]).all()
