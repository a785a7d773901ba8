"""Verdicts on synthetic times: real changes are told, noise is not, and little data decides nothing."""

import math
import random

import pytest

from benchmarks.gate.verdicts import FALSE_ALARMS, Verdict, judged, judged_apart, ratio_of_block

BENCHMARKS = 40


def blocks(rng: random.Random, times: float, noise: float, count: int) -> list[float]:
    """Ratios of blocks whose logarithms scatter by `noise`."""
    return [times * math.exp(rng.gauss(0, noise)) for _ in range(count)]


def test_a_fifth_slower_is_told_and_a_fifth_faster_too(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(200):
        assert judged("one", blocks(rng, 1.2, 0.02, 14), BENCHMARKS).verdict is Verdict.SLOWER
        assert judged("one", blocks(rng, 1 / 1.2, 0.02, 14), BENCHMARKS).verdict is Verdict.FASTER


def test_noise_alone_is_told_as_a_change_no_more_often_than_allowed(seed: int) -> None:
    rng = random.Random(seed)
    for noise in (0.01, 0.03, 0.1, 0.3):
        found = [judged("one", blocks(rng, 1, noise, 6), BENCHMARKS).verdict for _ in range(2_000)]
        told = sum(verdict in (Verdict.SLOWER, Verdict.FASTER) for verdict in found)
        assert told <= 2 * 2_000 * FALSE_ALARMS / BENCHMARKS, noise


def test_what_is_surely_unchanged_is_the_same_and_what_scatters_too_much_is_undecided(seed: int) -> None:
    rng = random.Random(seed)
    assert judged("one", blocks(rng, 1, 0.01, 10), BENCHMARKS).verdict is Verdict.SAME
    assert judged("one", blocks(rng, 1, 0.3, 10), BENCHMARKS).verdict is Verdict.UNDECIDED


def test_the_interval_has_the_true_change_in_it_as_often_as_it_says(seed: int) -> None:
    rng = random.Random(seed)
    missed = 0
    for _ in range(4_000):
        one = judged("one", blocks(rng, 1.07, 0.05, 6), benchmarks=1, looks=1)
        missed += not one.low <= 1.07 <= one.high
    assert 4_000 * 0.03 < missed < 4_000 * 0.07


def test_more_benchmarks_widen_each_interval() -> None:
    ratios = [1.0, 1.01, 0.99, 1.02, 0.98]
    few, many = judged("one", ratios, 1), judged("one", ratios, 40)
    assert few.times == many.times
    assert many.low < few.low < few.high < many.high


def test_one_block_decides_nothing() -> None:
    assert judged("one", [3.0], 1).verdict is Verdict.UNDECIDED


def test_a_block_takes_each_turn_beside_its_neighbour() -> None:
    assert ratio_of_block([1, 2, 4], [2, 4, 8]) == pytest.approx(2)
    assert ratio_of_block([1, 1, 1], [1.2, 1.2, 60]) == pytest.approx(1.2)
    with pytest.raises(ValueError, match="2 turns of the old version and 1 of the new one"):
        ratio_of_block([1, 2], [1])


def test_versions_measured_apart_are_told_by_welchs_interval(seed: int) -> None:
    rng = random.Random(seed)
    old, same, slower = (blocks(rng, times, 0.01, 6) for times in (5.0, 5.0, 6.5))
    assert judged_apart("one", old, same, BENCHMARKS).verdict is Verdict.SAME
    found = judged_apart("one", old, slower, BENCHMARKS)
    assert found.verdict is Verdict.SLOWER
    assert found.low < 1.3 < found.high
    assert judged_apart("one", [5.0], [9.0], BENCHMARKS).verdict is Verdict.UNDECIDED
