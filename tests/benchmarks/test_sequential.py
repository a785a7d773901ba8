"""What is compared before a sequential pass is timed, and that a wrong pass does not go through."""

import random

import pytest

from benchmarks.sequential import SAMPLE, TIMES_EACH, compare_pass
from benchmarks.snapshots import wave, world
from solver.orders.model import Order
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.decision import Decision

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="snapshots need numba")


def test_a_sample_is_compared_on_stock_that_it_uses_up(seed: int) -> None:
    made = world(seed, sources=30, skus=40, stocked_percent=10)
    asked = wave(random.Random(seed), made, 100)
    compared = compare_pass(made, made.snapshot(), asked, random.Random(seed))
    assert compared.orders == SAMPLE * TIMES_EACH
    assert compared.changed > 0


def test_a_pass_that_forgets_to_count_down_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(1, sources=30, skus=40, stocked_percent=10)
    asked = wave(random.Random(1), made, 100)

    def on_untouched_stock(snapshot: Snapshot, orders: list[Order]) -> tuple[Decision, ...]:
        return tuple(snapshot.decide(one) for one in orders)

    monkeypatch.setattr(Snapshot, "decide_all", on_untouched_stock)
    with pytest.raises(AssertionError):
        compare_pass(made, made.snapshot(), asked, random.Random(1))
