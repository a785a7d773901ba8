"""Why units of a wave stay unfilled: what there is not, what others have, what is not worth it."""

from dataclasses import replace

from solver.sourcing.plan import Reason, ReasonCode
from solver.waves.case import WaveCase, WaveFinding
from solver.waves.limits import Watch, WaveLimits
from solver.waves.plan import ResourceKind, WavePlan
from solver.waves.solve import solve_wave
from solver.waves.wave import SourceTerms, Wave, WaveTerms
from tests.waves.by_hand import best_finding
from tests.waves.made import FREE_SPLITS, best, order

PAIR = tuple(order(number, {"NEAR": 100 * int(number)}, stock={"NEAR": 1}) for number in ("1", "2"))


def reasons(plan: WavePlan, order_id: str) -> list[Reason]:
    return [reason for one in plan.plans if one.order_id == order_id for line in one.lines for reason in line.reasons]


def test_stock_that_another_order_takes_is_named() -> None:
    plan = best(*PAIR)
    assert reasons(plan, "1") == []
    [reason] = reasons(plan, "2")
    assert reason.code is ReasonCode.TAKEN_BY_OTHERS
    assert reason.text == "other orders of the wave take TEA: of 1 in reach 0 are left, 1 wanted"
    assert reason.text_zh == "同批其他订单占用了 TEA：可达的 1 件中余 0 件，需要 1 件"


def test_what_one_more_unit_is_worth_is_said_where_it_is_known() -> None:
    def priced(case: WaveCase, _limits: WaveLimits, _watch: Watch) -> WaveFinding:
        found = best_finding(case)
        found.prices[0] = 9_800_000
        return found

    plan = solve_wave(Wave(orders=PAIR), engine=priced)
    assert plan.prices[0].resource.kind is ResourceKind.STOCK
    assert reasons(plan, "2")[0].text.endswith("; one more at NEAR is worth 98.00")
    assert plan.prices[0].text == "one more unit of TEA at NEAR is worth 98.00"


def test_a_source_that_is_full_is_named() -> None:
    rich = tuple(order(number, {"NEAR": 100 * int(number)}) for number in ("1", "2"))
    plan = best(*rich, terms=WaveTerms(sources=(SourceTerms(source_id="NEAR", most_orders=1),)))
    [reason] = reasons(plan, "2")
    assert reason.text == "other orders of the wave use up what sources and services take of TEA: NEAR"
    assert reason.text_zh == "同批其他订单用尽了产能：NEAR（TEA）"


def test_what_nobody_has_is_no_other_orders_fault() -> None:
    assert [reason.code for reason in reasons(best(order("1", {"NEAR": 100}, stock={"NEAR": 0})), "1")] == [
        ReasonCode.NO_STOCK_ANYWHERE
    ]


def test_what_costs_more_than_leaving_it_is_left() -> None:
    policy = replace(FREE_SPLITS, unfilled_minor_per_unit=50)
    plan = best(order("1", {"NEAR": 100}, policy=policy))
    assert [reason.code for reason in reasons(plan, "1")] == [ReasonCode.DEARER_THAN_UNFILLED]
