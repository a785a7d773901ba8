"""Orders of thousands of units that ship whole from one source, or not at all, are decided with the others."""

from dataclasses import replace

import pytest

from solver.sourcing.brief import brief
from solver.sourcing.policy import Policy
from solver.waves.check_bound import proven_bound, violations_of_bound
from solver.waves.layout.lay_out import lay_out
from solver.waves.layout.structure import Why
from solver.waves.slow_contents import contents_of, is_one_lot, lot_of
from solver.waves.slow_pricing import PricedOrder
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave
from tests.sourcing.anything import any_problem
from tests.sourcing.made import first_and_more, lane
from tests.waves.made import FREE_SPLITS, best_by_hand, order, sources_of
from tests.waves.test_check_bound import free

ONE_SOURCE = replace(FREE_SPLITS, max_sources=1)
STOCK = {"NEAR": 10_000, "FAR": 20_000}
UNITS = {"1": 7_000, "2": 6_000, "3": 4_000}
PRICES = {"1": {"NEAR": 100, "FAR": 150}, "2": {"NEAR": 100, "FAR": 300}, "3": {"NEAR": 100, "FAR": 120}}


def wave_of(policy: Policy, *, part: int = 1) -> Wave:
    """All units, and all stock, divided by `part`."""
    stock = {source_id: units // part for source_id, units in STOCK.items()}
    return Wave(orders=tuple(
        order(one, PRICES[one], stock=stock, units={"TEA": units // part}, policy=policy, ships_complete=True)
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


@pytest.mark.parametrize("policy", [ONE_SOURCE, replace(FREE_SPLITS, max_packages=1)])
def test_the_judge_recomputes_their_bound(policy: Policy) -> None:
    """It looks at every number of units, however slowly: fewer of them are enough."""
    wave = wave_of(policy, part=7)
    assert lay_out(wave).case.entry_state.tolist() == [1_000, 1_000, 857, 857, 571, 571]
    plan = solve_wave(wave)
    assert (plan.total_minor, plan.bound_minor) == (350, 350)
    assert proven_bound(wave, plan).bound_minor == 350
    assert violations_of_bound(wave, replace(plan, bound_minor=351)) != []
    unpriced = replace(plan, prices=(), packing=None)
    assert proven_bound(wave, unpriced).bound_minor == 300


def test_one_that_two_offers_of_a_source_could_fill_together_is_decided_by_itself() -> None:
    """In lots no offer has enough; in two packages from the same source all of it ships."""
    whole = wave_of(ONE_SOURCE).orders[0]
    near, _ = whole.offers
    halves = tuple(replace(near, offer_id=one, available={"TEA": 4_000}) for one in ("", "later"))
    lanes = tuple(replace(whole.lanes[0], offer_id=one.offer_id) for one in halves)
    wave = Wave(orders=(replace(whole, offers=halves, lanes=lanes),))
    plan = solve_wave(wave)
    assert lay_out(wave).outside == {0: Why.TOO_MANY_STATES}
    assert plan.bound_minor <= plan.total_minor == 200
    assert violations_of_bound(wave, plan) == []


def test_in_lots_an_order_costs_what_it_costs_in_units() -> None:
    """Wherever the judge may look at all or nothing, looking at every number of units finds the same."""
    compared = 0
    for seed in range(120):
        problem = any_problem(seed, most_skus=1 if seed % 2 else 3)
        policy = replace(problem.policy, relax={}, levels=(), max_packages=1 + seed % 2, max_sources=1)
        problem = replace(problem, policy=policy, ships_complete=True)
        made = brief(problem)
        if not is_one_lot(made.case):
            continue
        in_units, in_lots = (
            PricedOrder(made.case, free(made), contents).least()
            for contents in (contents_of(made.case, may_be_one_lot=False), lot_of(made.case.demand))
            if contents is not None
        )
        assert in_units == in_lots, seed
        compared += 1
    assert compared >= 30
