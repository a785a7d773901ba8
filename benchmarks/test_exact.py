"""Decisions from a snapshot by size, and one order after the other; `benchmarks.exact` prints the same as tables."""

import random

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.exact import CHECKED, SIZES, SKUS, STOCKED_PERCENT, compare
from benchmarks.snapshots import order, wave, world

ORDERS = 20


@pytest.mark.parametrize(("sources", "lines"), SIZES, ids=[f"{of} sources x {lines} lines" for of, lines in SIZES])
def test_decide(benchmark: BenchmarkFixture, sources: int, lines: int) -> None:
    made = world(1, sources=sources, skus=SKUS, stocked_percent=STOCKED_PERCENT)
    snapshot, rng = made.snapshot(), random.Random(2)
    orders = [order(rng, made, lines) for _ in range(ORDERS)]
    for one in orders[:CHECKED]:
        compare(made, snapshot, one)
    assert all(snapshot.decide(one).is_proven for one in orders)
    benchmark(lambda: [snapshot.decide(one) for one in orders])


def test_decide_all(benchmark: BenchmarkFixture) -> None:
    made = world(3, sources=1000, skus=2000, stocked_percent=3)
    snapshot = made.snapshot()
    orders = wave(random.Random(4), made, 1000)
    decisions = snapshot.decide_all(orders)
    assert all(decision.is_proven and not decision.fallback for decision in decisions)
    benchmark(snapshot.decide_all, orders)


def test_machine_code_of_a_wave(benchmark: BenchmarkFixture) -> None:
    made = world(3, sources=1000, skus=2000, stocked_percent=3)
    snapshot = made.snapshot()
    prepared = snapshot.prepared(wave(random.Random(4), made, 1000))
    assert prepared.run(snapshot.stock, counts_down=True) > 0

    def run() -> None:
        first, stock = 0, snapshot.stock
        while first < 1000:
            first = prepared.run(stock, first, counts_down=True) + 1

    benchmark(run)
