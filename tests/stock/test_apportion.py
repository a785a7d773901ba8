"""Whole units by thousandths."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.stock.layers.apportion import apportioned, by_largest_remainder, served


@pytest.mark.parametrize(
    ("units", "permilles", "shares"),
    [
        (10, [333, 333], [3, 3]),  # 3.33 each, 3.34 left over: the largest remainder is what is left over
        (10, [500, 500], [5, 5]),
        (1, [500, 500], [1, 0]),
        (7, [150, 850], [1, 6]),
        (0, [1000], [0]),
        (5, [], []),
    ],
)
def test_units_are_shared_by_the_largest_remainder(units: int, permilles: list[int], shares: list[int]) -> None:
    assert apportioned(units, permilles) == shares


def test_units_that_come_one_by_one_end_as_if_they_had_come_together() -> None:
    permilles, had = [333, 333, 334], [0, 0, 0]
    for _ in range(1_000):
        had = [before + more for before, more in zip(had, by_largest_remainder(1, permilles, had), strict=True)]
    assert had == [333, 333, 334]


@pytest.mark.parametrize("life", range(60))
def test_whatever_comes_nobody_is_off_by_a_whole_unit_and_nobody_gives_back(seed: int, life: int) -> None:
    draw = random.Random(1_000 * seed + life)
    cuts = sorted(draw.randint(0, 1000) for _ in range(draw.randint(1, 5)))
    permilles = [upper - lower for lower, upper in zip([0, *cuts], [*cuts, 1000], strict=True)]
    had = [0] * len(permilles)
    for _ in range(100):
        units = draw.choice([1, 1, 2, 7, 100])
        more = by_largest_remainder(units, permilles, had)
        assert sum(more) == units
        assert min(more) >= 0
        had = [before + gained for before, gained in zip(had, more, strict=True)]
        total = sum(had)
        assert all(abs(1000 * one - total * permille) < 1000 for one, permille in zip(had, permilles, strict=True))


@given(
    units=st.integers(0, 1_000),
    before=st.lists(st.integers(0, 50), min_size=3, max_size=3),
    cuts=st.lists(st.integers(0, 1000), min_size=2, max_size=2),
)
def test_also_from_any_past_all_is_shared_out_and_nothing_is_taken(
    units: int, before: list[int], cuts: list[int]
) -> None:
    low, high = sorted(cuts)
    more = by_largest_remainder(units, [low, high - low, 1000 - high], before)
    assert sum(more) == units
    assert min(more) >= 0


def test_those_who_are_served_first_are_short_last() -> None:
    assert served(10, [8, 8, 8], [0, 2, 0]) == [8, 4, 0]
    assert served(0, [5], [3]) == [3]
    assert served(9, [2, 3], [4, 0]) == [4, 3]
