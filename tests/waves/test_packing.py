"""Prices of orders that prove a wave's bound: the judge recomputes what they prove, from the wave's data alone."""

from dataclasses import replace

import pytest

from solver.waves.check_bound import proven_bound, violations_of_bound
from solver.waves.limits import WaveLimits
from solver.waves.plan import OrderPrice, Packing, Resource, ResourceKind, WavePlan
from solver.waves.solve import solve_wave
from solver.waves.wave import OrderTerms, SourceTerms, Wave, WaveTerms, WorkMinutes
from tests.waves.made import FREE_SPLITS, order

MINUTES_NEAR = Resource(kind=ResourceKind.SOURCE_MINUTES, source_id="NEAR")
MINUTES_FAR = Resource(kind=ResourceKind.SOURCE_MINUTES, source_id="FAR")
# NEAR has time for one order only; opening FAR, which has time for all, costs 400.
WORK = {"1": 3, "2": 3, "3": 5}
ORDERS = tuple(order(one, {"NEAR": 100, "FAR": 150}, stock={"NEAR": 9, "FAR": 9}) for one in WORK)
TERMS = WaveTerms(
    sources=(
        SourceTerms(source_id="NEAR", most_minutes=5),
        SourceTerms(source_id="FAR", most_minutes=11, opening_cost_minor=400),
    ),
    work=tuple(
        WorkMinutes(order_id=one, source_id=source, minutes=minutes)
        for one, minutes in WORK.items()
        for source in ("NEAR", "FAR")
    ),
)
TERMS_OF_FAR = WaveTerms(sources=TERMS.sources[1:])
WAVE = Wave(orders=ORDERS, terms=TERMS)


def packed_at(plan: WavePlan, prices: dict[str, int], *resources: Resource) -> WavePlan:
    """The plan with prices of orders, minor units, in place of all others."""
    priced = tuple(OrderPrice(order_id=one, price_thousandths=1000 * price) for one, price in prices.items())
    return replace(plan, prices=(), packing=Packing(order_prices=priced, resources=resources))


@pytest.fixture(scope="module")
def plan() -> WavePlan:
    return solve_wave(WAVE, limits=WaveLimits(branches=0))


def test_the_answer_states_prices_of_orders_that_prove_its_bound(plan: WavePlan) -> None:
    assert plan.total_minor == 100 + 2 * 150 + 400
    assert plan.packing is not None
    assert {one.order_id for one in plan.packing.order_prices} == {"1", "2", "3"}
    assert proven_bound(WAVE, plan).bound_minor == plan.bound_minor
    assert violations_of_bound(WAVE, plan) == []
    assert plan.bound_minor > (proven_bound(WAVE, replace(plan, packing=None)).bound_minor or 0)


def test_a_source_gains_by_the_orders_worth_most_that_fit_together(plan: WavePlan) -> None:
    """At 300 each, NEAR gains 200 by one order, as no two fit; FAR gains 450 by all three, less 400."""
    shown = packed_at(plan, {"1": 300, "2": 300, "3": 300}, MINUTES_NEAR, MINUTES_FAR)
    assert proven_bound(WAVE, shown).bound_minor == 900 - 200 - 50


def test_without_its_limit_a_source_gains_by_every_order(plan: WavePlan) -> None:
    """NEAR would ship all for 100 each, which costs as little as no price at all proves."""
    shown = packed_at(plan, {"1": 300, "2": 300, "3": 300}, MINUTES_FAR)
    assert proven_bound(WAVE, shown).bound_minor == 300


def test_a_bound_above_what_the_prices_prove_is_found(plan: WavePlan) -> None:
    shown = replace(packed_at(plan, {"1": 300, "2": 300, "3": 300}, MINUTES_NEAR, MINUTES_FAR), bound_minor=651)
    assert violations_of_bound(WAVE, shown) == ["the prices prove a bound of 650, not 651"]


def test_an_order_is_worth_no_more_than_leaving_it_costs() -> None:
    """Leaving it costs 500, shipping it 150 and opening FAR 400."""
    lone = order("1", {"FAR": 150}, policy=replace(FREE_SPLITS, unfilled_minor_per_unit=500))
    wave = Wave(orders=(lone,), terms=TERMS_OF_FAR)
    shown = packed_at(solve_wave(wave), {"1": 10**6}, MINUTES_FAR)
    assert proven_bound(wave, shown).bound_minor == 500


def test_orders_that_may_ship_in_part_prove_nothing_this_way(plan: WavePlan) -> None:
    two = order("4", {"NEAR": 100, "FAR": 150}, stock={"NEAR": 9, "FAR": 9}, units={"TEA": 2})
    wave = Wave(orders=(*ORDERS, two), terms=TERMS)
    shown = packed_at(plan, {"1": 300, "2": 300, "3": 300, "4": 500}, MINUTES_NEAR, MINUTES_FAR)
    by_capacity = proven_bound(wave, replace(shown, packing=None))
    assert proven_bound(wave, shown) == by_capacity


def test_a_limit_that_may_be_exceeded_at_a_price_packs_nothing(plan: WavePlan) -> None:
    soft = replace(TERMS.sources[0], over_minute_minor=1)
    wave = Wave(orders=ORDERS, terms=replace(TERMS, sources=(soft, TERMS.sources[1])))
    shown = packed_at(plan, {"1": 300, "2": 300, "3": 300}, MINUTES_NEAR, MINUTES_FAR)
    assert proven_bound(wave, shown).bound_minor == 300


def test_orders_that_may_be_merged_keep_the_bound_of_capacity(plan: WavePlan) -> None:
    keyed = replace(TERMS, orders=tuple(OrderTerms(order_id=one, merge_key="H") for one in ("1", "2")))
    assert solve_wave(Wave(orders=ORDERS, terms=keyed)).packing is None
