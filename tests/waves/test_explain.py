"""An order of a wave is explained as if alone on what is left, and told who has what it would have had."""

import math

import pytest

from solver.sourcing.explanation.model import Explanation, Verdict
from solver.sourcing.problem import Problem
from solver.waves.explain import explain_in_wave
from solver.waves.wave import NO_TERMS, OrderTerms, SourceTerms, Wave, WaveTerms
from tests.waves.made import best, order

PAIR = tuple(order(number, {"NEAR": 100, "FAR": far}, stock={"NEAR": 1}) for number, far in (("1", 200), ("2", 440)))


def explained(order_id: str, *problems: Problem, terms: WaveTerms = NO_TERMS) -> Explanation:
    wave = Wave(orders=problems, terms=terms)
    return explain_in_wave(wave, best(*problems, terms=terms), order_id, seconds_left=lambda: math.inf)


def test_who_has_the_stock_that_the_order_would_have_had_and_what_it_is_worth_there() -> None:
    one = explained("1", *PAIR)
    assert one.why.startswith("FAR ships all in 1 package for 2.00 CNY; no plan is cheaper.")
    assert one.why.endswith(
        "By itself it would ship from NEAR for 1.00 less. "
        "TEA at NEAR went to order 2, which would pay 3.40 more without it."
    )
    assert one.why_zh.endswith("单独决策时由 NEAR 发货，可省 1.00。NEAR 的 TEA 给了订单 2，否则后者要多付 3.40。")
    assert {candidate.source_id: candidate.verdict for candidate in one.candidates} == {
        "FAR": Verdict.CHOSEN,
        "NEAR": Verdict.NO_STOCK,
    }


def test_an_order_that_has_its_best_is_explained_as_alone() -> None:
    two = explained("2", *PAIR)
    assert "By itself" not in two.why
    assert {candidate.source_id: candidate.extra_minor for candidate in two.candidates} == {"NEAR": None, "FAR": 340}


def test_who_is_served_by_a_source_that_takes_no_more() -> None:
    rich = tuple(order(number, {"NEAR": 100, "FAR": far}) for number, far in (("1", 200), ("2", 440)))
    one = explained("1", *rich, terms=WaveTerms(sources=(SourceTerms(source_id="NEAR", most_orders=1),)))
    assert one.why.endswith("NEAR takes no more orders; order 2, which it serves, would pay 3.40 more elsewhere.")
    assert one.why_zh.endswith("NEAR 已满；它所服务的订单 2 若改由别处发货要多付 3.40。")


def test_a_source_that_nobody_opened_would_have_to_be_opened() -> None:
    far = SourceTerms(source_id="NEAR", opening_cost_minor=500)
    one = explained("1", order("1", {"NEAR": 100, "FAR": 200}), terms=WaveTerms(sources=(far,)))
    assert "By itself" not in one.why
    assert {candidate.source_id: candidate.extra_minor for candidate in one.candidates} == {"NEAR": 400, "FAR": None}


def test_without_time_nothing_more_is_asked() -> None:
    wave = Wave(orders=PAIR)
    one = explain_in_wave(wave, best(*PAIR), "1", seconds_left=lambda: 0.0)
    assert (one.complete, "By itself" in one.why) == (False, False)


def test_orders_that_are_shipped_as_one_are_explained_as_one() -> None:
    both = tuple(
        order(number, {"NEAR": 100, "FAR": 300}, units={sku: 1}) for number, sku in (("1", "TEA"), ("2", "CUP"))
    )
    terms = WaveTerms(orders=tuple(OrderTerms(order_id=one.order_id, merge_key="LI") for one in both))
    one = explained("2", *both, terms=terms)
    assert (one.order_id, one.total_minor) == ("2", 100)


def test_an_order_that_is_not_in_the_wave_is_refused() -> None:
    with pytest.raises(KeyError):
        explained("3", *PAIR)
