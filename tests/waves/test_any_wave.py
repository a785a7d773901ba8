"""Random small waves over every term: sound plans, a bound that the judge proves, no dearer than by hand."""

from dataclasses import replace

import pytest

from solver.waves.check import violations_of_wave
from solver.waves.check_bound import violations_of_bound
from solver.waves.limits import WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.sharing import TwoPrices
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave, WaveTerms
from tests.waves.any_wave import any_wave
from tests.waves.made import best_by_hand

QUICK = WaveLimits(passes=60, moves=200, columns=6)


def without_merging(wave: Wave) -> Wave:
    orders = tuple(replace(one, merge_key="") for one in wave.terms.orders)
    return replace(wave, terms=replace(wave.terms, orders=orders))


def judged(wave: Wave, plan: WavePlan, seed: int) -> None:
    assert violations_of_wave(wave, plan) == [], seed
    assert violations_of_bound(wave, plan) == [], seed


@pytest.mark.parametrize("block", range(6))
def test_no_wave_by_hand_is_cheaper_than_the_bound_and_few_are_cheaper_than_the_plan(block: int) -> None:
    compared = dearer = 0
    for seed in range(20 * block, 20 * block + 20):
        wave = any_wave(seed)
        try:
            plan = solve_wave(without_merging(wave), limits=QUICK)
        except TwoPrices:
            continue
        judged(without_merging(wave), plan, seed)
        by_hand = solve_wave(without_merging(wave), engine=best_by_hand)
        judged(without_merging(wave), by_hand, seed)
        assert plan.bound_minor <= by_hand.total_minor, seed
        if not plan.outside:
            compared += 1
            dearer += plan.total_minor > by_hand.total_minor
            assert plan.total_minor >= by_hand.total_minor, seed
    assert compared >= 10
    assert dearer <= 2


@pytest.mark.parametrize("seed", range(40))
def test_with_orders_of_one_recipient_the_wave_is_no_dearer_and_as_sound(seed: int) -> None:
    wave = any_wave(seed)
    try:
        plan = solve_wave(wave, limits=QUICK)
    except TwoPrices:
        return
    judged(wave, plan, seed)
    assert plan.total_minor <= solve_wave(without_merging(wave), limits=QUICK).total_minor


def test_the_same_wave_gives_the_same_plans() -> None:
    for seed in range(5):
        first, second = (solve_wave(any_wave(seed), limits=QUICK) for _ in range(2))
        assert replace(first, seconds=0.0) == replace(second, seconds=0.0), seed


def test_the_order_in_which_terms_are_given_changes_nothing() -> None:
    wave = without_merging(any_wave(3))
    terms = WaveTerms(
        sources=wave.terms.sources[::-1],
        carriers=wave.terms.carriers[::-1],
        quotas=wave.terms.quotas[::-1],
        orders=wave.terms.orders[::-1],
        work=wave.terms.work[::-1],
    )
    turned = solve_wave(Wave(orders=wave.orders, terms=terms), limits=QUICK)
    assert turned.total_minor == solve_wave(wave, limits=QUICK).total_minor
