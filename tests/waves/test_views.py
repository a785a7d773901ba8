"""Orders of one wave that see different units of one pile, as their channels may take more or less of it."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from solver.sourcing.plan import ReasonCode
from solver.sourcing.problem import Problem
from solver.waves.check import violations_of_wave
from solver.waves.check_bound import violations_of_bound
from solver.waves.limits import WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.solve import solve_wave
from solver.waves.usage import Usage, stock_of
from solver.waves.wave import Wave
from tests.waves.made import best, order

TEAS_AT_NEAR = stock_of("NEAR", "", "TEA")


def wants(order_id: str, units: int, sees: int, price: int = 100) -> Problem:
    return order(order_id, {"NEAR": price}, units={"TEA": units}, stock={"NEAR": sees})


def decided(*orders: Problem) -> WavePlan:
    plan = best(*orders)
    assert violations_of_wave(Wave(orders=orders), plan) == []
    assert violations_of_bound(Wave(orders=orders), plan) == []
    return plan


def test_who_sees_less_does_not_bar_the_others_from_the_rest() -> None:
    plan = decided(wants("A", 3, sees=3), wants("B", 2, sees=5))
    assert plan.unfilled_units == 0


def test_all_together_take_no_more_than_the_most_that_one_sees() -> None:
    plan = decided(wants("A", 3, sees=3), wants("B", 4, sees=5))
    assert plan.unfilled_units == 2


def test_who_see_one_unit_share_it_although_there_are_more_for_others() -> None:
    plan = decided(wants("A", 1, sees=1), wants("B", 1, sees=1), wants("C", 1, sees=5))
    assert plan.unfilled_units == 1
    (short,) = (one for one in plan.plans if one.unfilled_units)
    assert short.order_id in {"A", "B"}
    (reason,) = short.lines[0].reasons
    assert reason.code is ReasonCode.TAKEN_BY_OTHERS
    assert reason.text.startswith("other orders of the wave take TEA: of 1 in reach 0 are left, 1 wanted")


def test_plans_that_overdraw_what_some_see_are_named() -> None:
    orders = wants("A", 1, sees=1), wants("B", 1, sees=1)
    plan = solve_wave(Wave(orders=tuple(replace(one, offers=wants("", 1, sees=2).offers) for one in orders)))
    assert plan.unfilled_units == 0
    found = violations_of_wave(Wave(orders=orders), plan)
    assert "all orders take 2 of TEA at NEAR, order A sees 1" in found


def test_what_is_left_holds_at_every_number_that_some_order_sees() -> None:
    orders = wants("A", 2, sees=3), wants("B", 2, sees=5), wants("C", 1, sees=9)
    usage = Usage(Wave(orders=orders))
    for one in orders:
        usage.add(one, best(one).plans[0])
    assert [usage.left_of(TEAS_AT_NEAR, view) for view in (1, 2, 3, 4, 5, 8, 9, 20)] == [1, 1, 1, 1, 1, 4, 4, 15]
    usage.use_more(TEAS_AT_NEAR, 1)
    assert usage.left_of(TEAS_AT_NEAR, 5) == 0
    assert usage.copy().left_of(TEAS_AT_NEAR, 9) == 3


def most_units(orders: Sequence[tuple[int, int]]) -> int:
    """The most that orders, each of which wants so many and sees so many, may take: the tightest number binds."""
    views = sorted({sees for _, sees in orders})
    taken = 0
    for view in views:
        taken = min(view, taken + sum(min(units, sees) for units, sees in orders if sees == view))
    return taken


@pytest.mark.parametrize("number", range(8))
def test_no_order_is_left_short_that_needs_not_be(seed: int, number: int) -> None:
    rng = random.Random(f"views/{8 * seed + number}")
    orders = [(rng.randint(1, 4), rng.randint(1, 8)) for _ in range(6)]
    wave = Wave(orders=tuple(wants(f"{at}", units, sees) for at, (units, sees) in enumerate(orders)))
    plan = solve_wave(wave, limits=WaveLimits(passes=50, moves=50))
    assert violations_of_wave(wave, plan) == []
    assert violations_of_bound(wave, plan) == []
    shipped = sum(units for units, _ in orders) - plan.unfilled_units
    assert shipped == most_units(orders)
