"""The knapsack against everything that could be packed, and its two ways against each other."""

from itertools import product

import numpy as np
import pytest

from solver.waves.single_source.knapsack import _tabled, fill


@pytest.mark.parametrize("seed", range(30))
def test_no_packing_is_worth_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    worth, weight = rng.integers(-5, 40, 9), rng.integers(0, 12, 9)
    capacity = int(rng.integers(0, 40))
    taken = np.zeros(9, dtype=np.int64)
    most = fill(worth, weight, capacity, taken)
    every = [np.array(one) for one in product((0, 1), repeat=9)]
    assert most == max(int(worth @ one) for one in every if weight @ one <= capacity)
    assert worth @ taken == most
    assert weight @ taken <= capacity


@pytest.mark.parametrize("seed", range(5))
def test_the_table_and_the_branches_agree_on_many_things(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weight = rng.integers(5, 60, 120)
    worth = 1000 * weight + rng.integers(1, 3000, 120)
    one, two = np.zeros(120, dtype=np.int64), np.zeros(120, dtype=np.int64)
    capacity = int(weight.sum()) // 3
    most = fill(worth, weight, capacity, one)
    assert most == _tabled(worth, weight, capacity, np.arange(120), two)
    assert most == worth @ one == worth @ two
    assert max(weight @ one, weight @ two) <= capacity
