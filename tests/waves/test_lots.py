"""Orders of thousands of units that ship whole from one source, or not at all, are decided with the others."""

from dataclasses import replace

import pytest

from solver.sourcing.policy import Policy
from solver.waves.layout.lay_out import lay_out
from solver.waves.layout.structure import Why
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave
from tests.sourcing.made import first_and_more, lane
from tests.waves.made import FREE_SPLITS, best_by_hand, order, sources_of

ONE_SOURCE = replace(FREE_SPLITS, max_sources=1)
STOCK = {"NEAR": 10_000, "FAR": 20_000}
UNITS = {"1": 7_000, "2": 6_000, "3": 4_000}
PRICES = {"1": {"NEAR": 100, "FAR": 150}, "2": {"NEAR": 100, "FAR": 300}, "3": {"NEAR": 100, "FAR": 120}}


def wave_of(policy: Policy) -> Wave:
    return Wave(orders=tuple(
        order(one, PRICES[one], stock=STOCK, units={"TEA": units}, policy=policy, ships_complete=True)
        for one, units in UNITS.items()
    ))  # fmt: skip


@pytest.mark.parametrize("policy", [ONE_SOURCE, replace(FREE_SPLITS, max_packages=1)])
def test_they_share_what_there_is(policy: Policy) -> None:
    """NEAR has stock for the second and the third, or for the first alone."""
    plan = solve_wave(wave_of(policy), engine=best_by_hand)
    assert plan.outside == ()
    assert sources_of(plan) == {"1": ("FAR",), "2": ("NEAR",), "3": ("NEAR",)}
    assert plan.total_minor == 150 + 100 + 100
    assert [package.contents[0].units for one in plan.plans for package in one.packages] == [7_000, 6_000, 4_000]


def test_each_has_one_entry_for_every_source() -> None:
    case = lay_out(wave_of(ONE_SOURCE)).case
    assert case.entry_state.tolist() == [7_000, 7_000, 6_000, 6_000, 4_000, 4_000]
    assert case.entry_cost.tolist() == [150, 100, 300, 100, 120, 100]


def test_one_that_may_ship_in_part_is_decided_by_itself() -> None:
    in_part = replace(wave_of(ONE_SOURCE).orders[0], ships_complete=False)
    assert lay_out(Wave(orders=(in_part,))).outside == {0: Why.TOO_MANY_STATES}


def test_one_whose_packages_cost_by_weight_is_decided_by_itself() -> None:
    """Several packages from the one source might cost less."""
    whole = wave_of(ONE_SOURCE).orders[0]
    by_weight = replace(whole, lanes=(lane("NEAR", first_and_more(100, 50)), *whole.lanes[1:]))
    assert lay_out(Wave(orders=(by_weight,))).outside == {0: Why.TOO_MANY_STATES}
