"""A small wave is proven by parting its plans: every plan is in some branch, and the judge recomputes each."""

from dataclasses import replace

import pytest

from solver.sourcing.brief import brief
from solver.waves.at_prices import AtPrices
from solver.waves.check_bound import proven_bound, violations_of_bound
from solver.waves.check_branches import have_every_plan
from solver.waves.limits import WaveLimits
from solver.waves.plan import Branch, OrderAtSource, Resource, ResourceKind, ResourcePrice, WavePlan
from solver.waves.solve import solve_wave
from solver.waves.wave import SourceTerms, Wave, WaveTerms
from tests.waves.made import order

# Prices share the cost of opening a source out over all forty units that it has, though only eight are wanted.
ORDERS = tuple(order(one, {"NEAR": 100, "FAR": 110}, units={"TEA": 2}, stock={"NEAR": 40, "FAR": 40}) for one in "1234")
OPENING = {"NEAR": 600, "FAR": 700}
TERMS = WaveTerms(
    sources=tuple(SourceTerms(source_id=one, opening_cost_minor=cost) for one, cost in OPENING.items()),
)
WAVE = Wave(orders=ORDERS, terms=TERMS)
# One unit of TEA at NEAR is wanted by both; what is left of order 2 costs more than what is left of order 1.
BOTH = {
    "1": order("1", {"NEAR": 100, "FAR": 900}, stock={"NEAR": 3, "FAR": 3}, units={"TEA": 2}),
    "2": order("2", {"NEAR": 100, "FAR": 800}, stock={"NEAR": 3, "FAR": 3}, units={"TEA": 2}),
}


@pytest.fixture(scope="module")
def plan() -> WavePlan:
    return solve_wave(WAVE)


def test_few_orders_on_sources_that_must_be_opened_are_proven(plan: WavePlan) -> None:
    without = solve_wave(WAVE, limits=WaveLimits(branches=0))
    assert without.total_minor == plan.total_minor == 4 * 100 + 600
    assert without.bound_minor < 800
    assert without.branches == ()
    assert plan.bound_minor == 1000
    assert plan.gap_minor == 0


def test_the_judge_proves_what_the_branches_prove_and_less_without_them(plan: WavePlan) -> None:
    assert proven_bound(WAVE, plan).bound_minor == 1000
    assert violations_of_bound(WAVE, plan) == []
    assert (proven_bound(WAVE, replace(plan, branches=())).bound_minor or 0) < 800


def test_branches_that_miss_some_plans_prove_nothing(plan: WavePlan) -> None:
    for missing in range(len(plan.branches)):
        some = tuple(one for number, one in enumerate(plan.branches) if number != missing)
        assert (proven_bound(WAVE, replace(plan, branches=some)).bound_minor or 0) < 800
        assert len(violations_of_bound(WAVE, replace(plan, branches=some))) == 1


def test_a_bound_above_what_branches_prove_is_found(plan: WavePlan) -> None:
    assert violations_of_bound(WAVE, replace(plan, bound_minor=1001)) == ["the prices prove a bound of 1000, not 1001"]


def test_a_price_that_the_formula_does_not_hold_for_is_found_in_a_branch_too(plan: WavePlan) -> None:
    units = Resource(kind=ResourceKind.SOURCE_UNITS, source_id="NEAR")
    wrong = replace(plan.branches[0], prices=(ResourcePrice(resource=units, price_thousandths=5),))
    found = violations_of_bound(WAVE, replace(plan, branches=(wrong, *plan.branches[1:])))
    assert any("has a price of 5 and no limit" in one for one in found)


def test_orders_that_want_the_same_units_are_parted_by_who_has_them() -> None:
    wave = Wave(orders=tuple(BOTH.values()))
    found = solve_wave(wave)
    assert found.bound_minor == found.total_minor
    assert violations_of_bound(wave, found) == []


def test_a_branch_is_priced_with_what_it_asks_and_without_what_it_excludes() -> None:
    """Order 1 by itself costs 100 from NEAR and 110 from FAR, which the branches tell apart without any prices."""
    lone = Wave(orders=ORDERS[:1])
    plan = replace(solve_wave(lone), branches=())
    near, far = (OrderAtSource(order_id="1", source_id=one) for one in ("NEAR", "FAR"))
    case = [AtPrices(lone, {}, beside=beside) for beside in ({("1", "NEAR"): 10**6}, {("1", "FAR"): -(10**6)})]
    assert [one.least(brief(lone.orders[0])) for one in case] == [110_000, 110_000 - 10**6]
    both_ways = replace(plan, branches=(Branch(served=(far,)), Branch(unserved=(far,), served=(near,))))
    assert proven_bound(lone, both_ways).bound_minor == 100
    assert (
        proven_bound(lone, replace(plan, branches=(Branch(served=(far,)), Branch(unserved=(far,))))).bound_minor == 100
    )


def test_the_same_wave_has_the_same_branches(plan: WavePlan) -> None:
    assert solve_wave(WAVE).branches == plan.branches


def test_one_branch_has_every_plan_only_if_it_asks_nothing() -> None:
    assert have_every_plan([frozenset()])
    assert not have_every_plan([frozenset([("", "A", True)])])
    assert not have_every_plan([])


def test_branches_have_every_plan_if_each_choice_is_met_both_ways() -> None:
    a, b = ("", "A"), ("1", "B")
    whole = [frozenset([(*a, False)]), frozenset([(*a, True), (*b, False)]), frozenset([(*a, True), (*b, True)])]
    assert have_every_plan(whole)
    assert all(not have_every_plan([one for one in whole if one != missing]) for missing in whole)
