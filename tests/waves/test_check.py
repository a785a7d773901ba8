"""The judge of a wave finds what a wrong answer gets wrong, and nothing in a right one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.errors import BrokenInvariant
from solver.network.model import SourceKind
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Lot, Problem
from solver.sourcing.solve import decide
from solver.waves.answer import Decided, answer
from solver.waves.check import check_wave, violations_of_wave
from solver.waves.layout.lay_out import lay_out
from solver.waves.limits import Watch, WaveLimits
from solver.waves.merging.deciding import Merging
from solver.waves.plan import WavePlan, WaveTerm
from solver.waves.wave import (
    NO_TERMS,
    CarrierCapacity,
    OrderTerms,
    Quota,
    QuotaBasis,
    SourceTerms,
    Wave,
    WaveTerms,
    WorkMinutes,
)
from tests.waves.made import FREE_SPLITS, best, best_by_hand, order, with_lanes, with_offers


def greedy(*problems: Problem, terms: WaveTerms = NO_TERMS) -> tuple[Wave, WavePlan]:
    """Every order as it would be alone, with an answer that adds up: what a wave is when nobody looks at the whole."""
    wave = Wave(orders=problems, terms=terms)
    laid = lay_out(wave)
    plans: dict[str, Plan] = {
        problem.order_id: decide(problem, engine=Engine.EXACT, time_limit_seconds=60) for problem in problems
    }
    found = best_by_hand(laid.case, WaveLimits(), Watch())
    return wave, answer(
        Decided(laid=laid, found=found, merging=Merging(wave=wave, plans=plans), outside=()), seconds=0.0
    )


def two(near_stock: int = 10, policy: Policy = FREE_SPLITS, **changes: Any) -> Sequence[Problem]:
    return [
        order(number, {"NEAR": 100, "FAR": 200}, stock={"NEAR": near_stock}, policy=policy, **changes)
        for number in ("1", "2")
    ]


def test_a_right_answer_has_no_violations() -> None:
    orders = two(1)
    assert violations_of_wave(Wave(orders=tuple(orders)), best(*orders)) == []


def test_stock_that_two_orders_take_is_counted_once() -> None:
    wave, plan = greedy(*two(1))
    assert violations_of_wave(wave, plan) == [
        f"all orders take 2 of TEA at NEAR, order {number} sees 1" for number in ("1", "2")
    ]
    with pytest.raises(BrokenInvariant, match="all orders take 2 of TEA"):
        check_wave(wave, plan)


@pytest.mark.parametrize(
    ("facts", "settings"),
    [
        ({"safety": {"TEA": 1}}, {}),
        ({"reserve": {"TEA": 1}}, {}),
        ({"kind": SourceKind.STORE}, {"store_keeps_units": 1}),
        (
            {"lots": {"TEA": (Lot(units=1, days_to_expiry=9), Lot(units=1, days_to_expiry=2))}},
            {"min_days_to_expiry": 3},
        ),
    ],
)
def test_what_policies_keep_back_is_kept_from_all_together(facts: dict[str, Any], settings: dict[str, int]) -> None:
    policy = replace(FREE_SPLITS, settings=settings)
    orders = [with_offers(problem, **facts) for problem in two(2, policy)]
    wave, plan = greedy(*orders)
    assert "all orders take 2 of TEA at NEAR, order 1 sees 1" in violations_of_wave(wave, plan)
    assert violations_of_wave(wave, best(*orders)) == []


SLOW = {"minutes_per_package": 3, "minutes_per_unit": 1}
WORK = tuple(WorkMinutes(order_id=number, source_id="NEAR", minutes=6) for number in ("1", "2"))


@pytest.mark.parametrize(
    ("facts", "terms", "violation"),
    [
        ({"orders_left": 1}, NO_TERMS, "NEAR takes 2 orders and has 1 left"),
        ({"units_left": 1}, NO_TERMS, "NEAR takes 2 units and has 1 left"),
        ({"minutes_left": 7}, NO_TERMS, "NEAR takes 8 minutes and has 7 left"),
        ({"quota_orders_left": 1}, NO_TERMS, "NEAR takes 2 orders and has 1 left"),
        ({}, WaveTerms(sources=(SourceTerms(source_id="NEAR", most_orders=1),)),
         "NEAR takes 2 orders, at most 1 in the wave"),
        ({}, WaveTerms(sources=(SourceTerms(source_id="NEAR", most_units=1),)),
         "NEAR takes 2 units, at most 1 in the wave"),
        ({}, WaveTerms(sources=(SourceTerms(source_id="NEAR", most_minutes=7),)),
         "NEAR takes 8 minutes, at most 7 in the wave"),
        ({}, WaveTerms(sources=(SourceTerms(source_id="NEAR", most_minutes=8),), work=WORK),
         "NEAR takes 12 minutes, at most 8 in the wave"),
        ({}, WaveTerms(carriers=(CarrierCapacity(service_id="V", source_id="NEAR", most_packages=1),)),
         "V takes 2 packages, at most 1 in the wave"),
        ({}, WaveTerms(carriers=(CarrierCapacity(service_id="V", day=date(2026, 3, 2), most_packages=1),)),
         "V takes 2 packages, at most 1 in the wave"),
        ({}, WaveTerms(quotas=(Quota(source_id="NEAR", most_basis_points=5_000),)),
         "NEAR is given 2 orders, at most 1"),
        ({}, WaveTerms(quotas=(Quota(source_id="NEAR", basis=QuotaBasis.VALUE, most_basis_points=9_999),)),
         "NEAR is given 20 value, at most 19"),
    ],
)  # fmt: skip
def test_a_limit_that_two_orders_break_together_is_named(
    facts: dict[str, int], terms: WaveTerms, violation: str
) -> None:
    orders = [with_lanes(with_offers(problem, **SLOW, **facts)) for problem in two()]
    orders = [with_lanes(problem, hand_over_at=problem.placed_at) for problem in orders]
    wave, plan = greedy(*orders, terms=terms)
    assert violations_of_wave(wave, plan) == [violation]
    assert violations_of_wave(wave, best(*orders, terms=terms)) == []


@pytest.mark.parametrize(
    ("facts", "violation"),
    [
        ({"packages_left": 1}, "V takes 2 packages and has 1 left"),
        ({"grams_left": 150}, "V takes 200 g and has 150 g left"),
    ],
)
def test_what_a_service_has_left_is_counted_over_all_orders(facts: dict[str, int], violation: str) -> None:
    orders = [with_lanes(problem, **facts) for problem in two()]
    wave, plan = greedy(*orders)
    assert violations_of_wave(wave, plan) == [violation]
    assert violations_of_wave(wave, best(*orders)) == []


TERMS = WaveTerms(
    sources=(SourceTerms(source_id="NEAR", opening_cost_minor=50, most_units=1, over_unit_minor=7),),
    carriers=(CarrierCapacity(service_id="V", source_id="NEAR", most_packages=1, over_package_minor=5),),
    quotas=(Quota(source_id="FAR", least_basis_points=5_000, short_minor=9),),
    orders=(OrderTerms(order_id="2", priority_minor=3),),
)


def test_every_term_of_the_wave_is_recounted() -> None:
    problems = [*two(), order("3", {"FAR": 100}, stock={"FAR": 0})]
    terms = replace(TERMS, orders=(OrderTerms(order_id="3", priority_minor=3),))
    wave, plan = greedy(*problems, terms=terms)
    assert violations_of_wave(wave, plan) == []
    assert dict(plan.cost_minor) == {
        WaveTerm.ORDERS: 10_200,
        WaveTerm.OPENING: 50,
        WaveTerm.OVER_CAPACITY: 12,
        WaveTerm.QUOTA: 18,
        WaveTerm.PRIORITY: 3,
    }


@pytest.mark.parametrize("term", list(WaveTerm))
def test_a_cent_too_much_or_too_little_in_any_term_is_found(term: WaveTerm) -> None:
    wave, plan = greedy(*two(), terms=TERMS)
    for change in (1, -1):
        wrong = replace(plan, cost_minor=dict(plan.cost_minor) | {term: plan.cost_minor[term] + change})
        [violation] = violations_of_wave(wave, wrong)
        assert violation.startswith("the terms are")


@pytest.mark.parametrize(
    "changes",
    [
        {"total_minor": 1},
        {"bound_minor": -1},
        {"bound_minor": 10**9},
        {"opened": ()},
        {"quotas": ()},
        {"plans": ()},
    ],
)
def test_an_answer_that_does_not_fit_its_plans_is_found(changes: dict[str, Any]) -> None:
    wave, plan = greedy(*two(), terms=TERMS)
    assert violations_of_wave(wave, plan) == []
    assert violations_of_wave(wave, replace(plan, **changes)) != []


def test_a_plan_that_is_not_sound_alone_is_named_with_its_order() -> None:
    wave, plan = greedy(*two())
    first = replace(plan.plans[0], stop=Stop.HEURISTIC, total_minor=99)
    violations = violations_of_wave(wave, replace(plan, plans=(first, plan.plans[1])))
    assert violations[0] == "order 1: the terms sum to 100, not to 99"
