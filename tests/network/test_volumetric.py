"""What room weighs: the rule of a divisor against fractions, and rules against each other."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.network.volumetric import Volumetric, volumetric
from tests.sourcing.room import volumetric_grams

DIVISORS = st.one_of(
    st.tuples(st.integers(0, 10_000), st.just(0)), st.tuples(st.just(0), st.sampled_from((1, 7, 138, 139, 166, 30_000)))
)
POUND_MM3 = 2_277_801  # 139 cubic inches are 2,277,801.896 mm3


@pytest.mark.parametrize(
    ("mm3", "grams"),
    [
        (0, 0),
        (5_021, 0),
        (5_022, 1),
        (POUND_MM3, 453),
        (POUND_MM3 + 1, 453),
        (POUND_MM3 + 3_000, 454),
        (10**12, 199_136_005),
    ],
)
def test_139_cubic_inches_weigh_a_pound(mm3: int, grams: int) -> None:
    rule = volumetric(0, 139)
    assert rule.grams_of(mm3) == grams
    assert rule.grams_of_all(np.array([mm3, 0])).tolist() == [grams, 0]


@given(DIVISORS, st.integers(0, 10**13))
def test_a_rule_weighs_as_fractions_do(divisor: tuple[int, int], mm3: int) -> None:
    one = SimpleNamespace(volumetric_divisor_cm3_per_kg=divisor[0], volumetric_divisor_in3_per_lb=divisor[1])
    rule = volumetric(*divisor)
    assert rule.grams_of(mm3) == volumetric_grams(one, mm3)
    assert rule.grams_of_all(np.array([[mm3]])).tolist() == [[rule.grams_of(mm3)]]


@given(DIVISORS.filter(any), st.integers(0, 10**9))
def test_the_largest_volume_of_a_weight_weighs_it_and_a_larger_one_more(divisor: tuple[int, int], grams: int) -> None:
    rule = volumetric(*divisor)
    most = rule.most_mm3(grams)
    assert rule.grams_of(most) <= grams < rule.grams_of(most + 1)


@given(DIVISORS, DIVISORS, st.integers(0, 10**8))
def test_nothing_weighs_more_by_a_rule_that_is_never_above(
    one: tuple[int, int], other: tuple[int, int], mm3: int
) -> None:
    mine, theirs = volumetric(*one), volumetric(*other)
    if mine.is_never_above(theirs):
        assert mine.grams_of(mm3) <= theirs.grams_of(mm3)


@pytest.mark.parametrize(
    ("one", "other", "is_never_above"),
    [
        ((6_000, 0), (5_000, 0), True),
        ((5_000, 0), (6_000, 0), False),
        ((0, 0), (6_000, 0), True),
        ((6_000, 0), (0, 0), False),
        ((0, 139), (5_021, 0), True),
        ((5_022, 0), (0, 139), False),  # a begun gram more
        ((0, 166), (0, 139), True),
    ],
)
def test_rules_are_compared(one: tuple[int, int], other: tuple[int, int], is_never_above: bool) -> None:
    assert volumetric(*one).is_never_above(volumetric(*other)) is is_never_above


def test_the_least_rule_weighs_nothing() -> None:
    assert volumetric(0, 0) == Volumetric(mm3=0, grams=1, spare=0)
    assert volumetric(0, 0).grams_of(10**9) == 0
