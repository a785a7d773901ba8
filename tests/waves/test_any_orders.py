"""Waves of orders that meet every term and rule, and see different things of the same sources: always sound."""

import pytest

from solver.waves.check import violations_of_wave
from solver.waves.check_bound import violations_of_bound
from solver.waves.limits import WaveLimits
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave
from tests.sourcing.anything import any_problem


@pytest.mark.parametrize("block", range(5))
def test_whatever_orders_ask_their_wave_is_sound(block: int) -> None:
    for seed in range(24 * block, 24 * block + 24):
        wave = Wave(orders=tuple(any_problem(3 * seed + number) for number in range(3)))
        plan = solve_wave(wave, limits=WaveLimits(passes=40, moves=100, columns=4))
        assert violations_of_wave(wave, plan) == [], seed
        assert violations_of_bound(wave, plan) == [], seed
