"""The judge's pricing is the least cost at any prices, and what prices do not prove is found."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from solver.sourcing.brief import Brief, brief
from solver.sourcing.plan import Engine
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.waves.case import NONE
from solver.waves.check_bound import ProvenBound, proven_bound, violations_of_bound
from solver.waves.layout.lay_out import lay_out
from solver.waves.plan import Resource, ResourceKind, ShadowPrice, WavePlan
from solver.waves.slow_pricing import Prices, least_thousandths
from solver.waves.wave import NO_TERMS, OrderTerms, Quota, SourceTerms, Wave, WaveTerms
from tests.sourcing.anything import any_problem
from tests.waves.by_hand import plans_of
from tests.waves.made import best, order


def free(made: Brief) -> Prices:
    sources = len(made.facts.source_ids)
    return Prices(
        unit=np.zeros((len(made.facts.offers), len(made.facts.skus)), dtype=np.int64),
        order=np.zeros(sources, dtype=np.int64),
        unit_of_source=np.zeros(sources, dtype=np.int64),
        minute=np.zeros(sources, dtype=np.int64),
        minutes=np.full(sources, -1),
        package=np.zeros(len(made.facts.lanes), dtype=np.int64),
        left_unit=0,
    )


def money_only(seed: int) -> Problem:
    problem = any_problem(seed)
    return replace(problem, policy=replace(problem.policy, relax={}, levels=()))


@pytest.mark.parametrize("block", range(4))
def test_without_prices_an_order_costs_what_it_costs(block: int) -> None:
    equal = 0
    for seed in range(block * 40, block * 40 + 40):
        problem = money_only(seed)
        made = brief(problem)
        plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=60)
        least = least_thousandths(made.case, free(made))
        assert least is not None
        assert least <= 1000 * plan.total_minor, seed
        limited = (made.case.service_most_packages < made.case.demand.sum()).any()
        several = len(made.facts.offers) > len(made.facts.source_ids)  # their minutes are counted package by package
        equal += least == 1000 * plan.total_minor
        shared = bool(made.case.together.any()) and len(made.facts.lines) > 1
        assert limited or several or shared or least == 1000 * plan.total_minor, seed
    assert equal >= 30


@pytest.mark.parametrize("seed", range(40))
def test_at_prices_of_any_sign_an_order_costs_what_its_plans_cost_at_them(seed: int) -> None:
    rng = random.Random(seed)
    problem = money_only(seed)
    terms = WaveTerms(sources=tuple(
        SourceTerms(source_id=one, most_orders=1, most_units=9, most_minutes=99)
        for one in sorted({offer.source_id for offer in problem.offers})
    ))  # fmt: skip
    laid = lay_out(Wave(orders=(problem,), terms=terms))
    if laid.outside:
        return
    drawn = {one: rng.randint(-3_000, 9_000) for one in laid.resources if one.kind is not ResourceKind.PACKAGES}
    case = laid.case._replace(capacity=np.full_like(laid.case.capacity, 99))
    price_of = [drawn.get(one, 0) for one in laid.resources]
    by_plans = min(1000 * plan.cost + paid(plan.uses, price_of) for plan in plans_of(case, 0))
    plan = best(problem, terms=NO_TERMS)
    shown = replace(plan, prices=tuple(priced(one, price) for one, price in drawn.items()), levels=())
    stated = proven_bound(Wave(orders=(problem,), terms=terms), shown)
    beside = sum(
        max(0, price) * int(capacity)
        for one, price, capacity in zip(laid.resources, price_of, laid.case.capacity, strict=True)
        if one in drawn
    )
    assert stated == ProvenBound(bound_minor=-((beside - by_plans) // 1000))


def paid(uses: Counter[int], price_of: list[int]) -> int:
    return sum(times * price_of[resource] for resource, times in uses.items() if resource != NONE)


def priced(resource: Resource, price: int) -> ShadowPrice:
    return ShadowPrice(resource=resource, price_thousandths=price, used=0, capacity=None)


TEA_NEAR = Resource(kind=ResourceKind.STOCK, source_id="NEAR", sku="TEA")
ORDERS_NEAR = Resource(kind=ResourceKind.SOURCE_ORDERS, source_id="NEAR")
PAIR = tuple(order(number, {"NEAR": 100, "FAR": far}, stock={"NEAR": 1}) for number, far in (("1", 200), ("2", 500)))


def claiming(plan: WavePlan, bound: int, *prices: ShadowPrice) -> WavePlan:
    return replace(plan, bound_minor=bound, prices=prices)


@pytest.mark.parametrize(("price", "bound"), [(0, 200), (50_000, 250), (100_000, 300), (250_000, 300), (500_000, 200)])
def test_a_price_of_stock_proves_a_bound(price: int, bound: int) -> None:
    """One unit near saves 1.00 to the first order and 4.00 to the second: together they cost 3.00 at least."""
    wave = Wave(orders=PAIR)
    plan = claiming(best(*PAIR), bound, priced(TEA_NEAR, price))
    assert proven_bound(wave, plan).bound_minor == bound
    assert violations_of_bound(wave, plan) == []
    assert violations_of_bound(wave, replace(plan, bound_minor=bound + 1)) == [
        f"the prices prove a bound of {bound}, not {bound + 1}"
    ]


def test_a_source_that_must_be_opened_gives_its_capacity_for_its_opening_cost() -> None:
    """At 1.00 a unit and 0.50 an order the one unit near is worth 2.00 with the orders that it takes: it is opened."""
    near = SourceTerms(source_id="NEAR", opening_cost_minor=120, most_orders=2)
    wave = Wave(orders=PAIR, terms=WaveTerms(sources=(near,)))
    plan = claiming(best(*PAIR, terms=wave.terms), 0, priced(TEA_NEAR, 100_000), priced(ORDERS_NEAR, 50_000))
    assert proven_bound(wave, plan).bound_minor == 200 + 250 + (120 - 200)


def test_prices_beyond_what_going_beyond_costs_prove_nothing() -> None:
    near = SourceTerms(source_id="NEAR", most_orders=1, over_order_minor=30)
    quota = Quota(source_id="FAR", least_basis_points=5_000, short_minor=20)
    wave = Wave(orders=PAIR, terms=WaveTerms(sources=(near,), quotas=(quota,)))
    far = Resource(kind=ResourceKind.SOURCE_ORDERS, source_id="FAR")
    sound = claiming(best(*PAIR, terms=wave.terms), 0, priced(ORDERS_NEAR, 30_000), priced(far, -20_000))
    assert violations_of_bound(wave, sound) == []
    wrong = claiming(sound, 0, priced(ORDERS_NEAR, 30_001), priced(far, -20_001))
    assert len(violations_of_bound(wave, wrong)) == 2


def test_a_resource_without_a_limit_has_no_price() -> None:
    plan = claiming(best(*PAIR), 0, priced(ORDERS_NEAR, 1))
    [violation] = violations_of_bound(Wave(orders=PAIR), plan)
    assert violation.endswith("has a price of 1 and no limit")


def test_priority_counts_in_what_leaving_costs() -> None:
    lone = order("1", {"NEAR": 100}, stock={"NEAR": 0})
    wave = Wave(orders=(lone,), terms=WaveTerms(orders=(OrderTerms(order_id="1", priority_minor=7),)))
    assert proven_bound(wave, best(lone, terms=wave.terms)).bound_minor == 10_007


def test_floors_of_orders_outside_the_structure_are_priced_too_where_they_can_be() -> None:
    many = order("2", {"NEAR": 100}, units={f"SKU-{number}": 1 for number in range(13)})
    plan = best(many)
    assert proven_bound(Wave(orders=(many,)), plan) == ProvenBound(bound_minor=100, on_trust=("2",))
