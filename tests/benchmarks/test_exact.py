"""What the table of single decisions compares: the program itself, on the same orders, from a seed."""

import random

import pytest

from benchmarks.exact import measure
from benchmarks.snapshots import order, world
from solver.orders.model import Order
from solver.sourcing.heuristics import baselines


def test_the_program_is_timed_without_the_rules_of_thumb(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: object) -> None:
        raise AssertionError("a rule of thumb")

    for name in ("greedy", "fullest", "in_order", "nothing"):
        monkeypatch.setattr(baselines, name, called)
    row = measure(100, 1, 3)
    assert (row.by_mip, row.fallbacks) == (3, 0)
    assert row.times_faster > 0


def test_a_seed_draws_the_same_orders_again_and_another_seed_others() -> None:
    def drawn(seed: int) -> list[Order]:
        made = world(seed, sources=20, skus=40, stocked_percent=30)
        return [order(random.Random(seed + 1), made, 3) for _ in range(2)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
