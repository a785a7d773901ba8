"""Blocks of orders that compete for the same resources."""

import numpy as np

from solver.waves.engine.linked import linked_blocks
from solver.waves.engine.shortlist import shortlist
from tests.waves.engine.cases import random_case

ORDERS, SIZE = 2100, 300  # more than are looked at together


def test_every_order_that_wants_something_scarce_is_in_one_block() -> None:
    case = random_case(1, orders=ORDERS, sources=6, skus=150)
    s = shortlist(case, np.arange(len(case.entry_cost)))
    prices = np.zeros(len(s.capacity), np.int64)
    prices[::5] = 1000
    wants = {
        order
        for order in range(ORDERS)
        if (prices[s.resource[s.use_start[s.start[order]] : s.use_start[s.start[order + 1]]]] > 0).any()
    }
    blocks = linked_blocks(s, prices, SIZE, (1, 2))
    assert sorted(np.concatenate(blocks).tolist()) == sorted(wants)
    assert 0 < len(wants) < ORDERS
    assert all(0 < len(block) <= SIZE for block in blocks)
    together = linked_blocks(s, prices, ORDERS, (1, 2))
    assert [block.tolist() for block in together] == [sorted(wants)]
