"""Why units stay unfilled: one test for each code, with the words a person reads."""

from dataclasses import replace

import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.explanation.asking import TimeIsUp
from solver.sourcing.explanation.reasons import unfilled_reasons
from solver.sourcing.plan import Engine, Plan, Reason, ReasonCode
from solver.sourcing.policy import Level
from solver.sourcing.problem import Offer, Problem
from solver.sourcing.solve import solve
from tests.sourcing.heuristics import greedy_plan
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem


def reasons(asked: Problem, line_id: str = "1", *, engine: Engine = Engine.EXACT) -> tuple[Reason, ...]:
    """Codes and English words; the Chinese ones have a test of their own."""
    found = next(answer.reasons for answer in solve(asked, engine=engine).lines if answer.line_id == line_id)
    return tuple(replace(reason, text_zh="") for reason in found)


def chinese(asked: Problem) -> list[str]:
    return [reason.text_zh for answer in solve(asked).lines for reason in answer.reasons]


def three_of_a(*offers: Offer, grams: int = 500) -> Problem:
    return problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": grams},
        offers=offers,
        lanes=tuple(lane(offered.source_id, flat(600)) for offered in offers),
    )


def test_a_filled_line_has_no_reasons() -> None:
    assert reasons(three_of_a(offer("S1", {"A": 3}))) == ()


@pytest.mark.parametrize("offers", [(), (offer("S1", {}),), (offer("S1", {"A": 0}), offer("S2", {"A": 0}))])
def test_no_stock_anywhere(offers: tuple[Offer, ...]) -> None:
    assert reasons(three_of_a(*offers)) == (Reason(code=ReasonCode.NO_STOCK_ANYWHERE, text="no source has any A"),)


def test_stock_held_for_others() -> None:
    asked = three_of_a(offer("S1", {"A": 1}, on_hand={"A": 3}), offer("S2", {"A": 0}, on_hand={"A": 1}))
    assert reasons(asked) == (
        Reason(code=ReasonCode.STOCK_HELD, text="4 of A are on hand, but 3 of them are held or reserved; 3 wanted"),
    )


def test_stock_that_would_just_suffice_without_what_is_held() -> None:
    asked = three_of_a(offer("S1", {"A": 2}, on_hand={"A": 3}))
    assert reasons(asked) == (
        Reason(code=ReasonCode.STOCK_HELD, text="3 of A are on hand, but 1 of them is held or reserved; 3 wanted"),
    )


def test_not_enough_stock_even_if_nothing_were_held() -> None:
    asked = three_of_a(offer("S1", {"A": 1}, on_hand={"A": 2}))
    assert reasons(asked) == (
        Reason(code=ReasonCode.NOT_ENOUGH_STOCK, text="1 of A is available in all sources, 3 wanted"),
    )


def test_out_of_reach_where_no_lane_leads_to_the_address() -> None:
    asked = three_of_a(offer("S1", {"A": 1}), offer("S2", {"A": 9}))
    asked = replace(asked, lanes=tuple(way for way in asked.lanes if way.source_id == "S1"))
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.OUT_OF_REACH,
            text="sources with a lane to this address have 1 of A, 3 wanted; 9 stand where no lane leads here",
        ),
    )


def test_no_service_takes_a_unit_so_heavy() -> None:
    asked = three_of_a(offer("S1", {"A": 2}), offer("S2", {"A": 2}), grams=31_000)
    asked = replace(asked, lanes=(lane("S1", flat(600, up_to_grams=30_000)), lane("S2", flat(600))))
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.NO_SERVICE_TAKES_IT,
            text="one A weighs 31000 g: no service takes it from sources with 2 of the 3 wanted",
        ),
    )


def test_no_service_states_a_price_for_a_package_so_light() -> None:
    freight = RateCard(
        bands=(Band(up_to_grams=50_000, base_minor=0, closed=True), Band(up_to_grams=None, base_minor=0, step_minor=70))
    )
    asked = three_of_a(offer("S1", {"A": 3}))
    asked = replace(asked, lanes=(lane("S1", freight, service_id="freight"),))
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.NO_SERVICE_TAKES_IT,
            text="one A weighs 500 g: no service takes it from sources with 3 of the 3 wanted; "
            "freight: no price is stated for this weight",
        ),
    )


def test_the_limit_on_packages_forbids_the_rest() -> None:
    asked = three_of_a(*(offer(name, {"A": 1}) for name in ("S1", "S2", "S3")))
    asked = replace(asked, policy=replace(PATIENT, max_packages=2))
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.SPLIT_LIMIT,
            text="at most 2 packages are allowed; without that limit 3 units ship",
        ),
    )


def test_one_unit_that_a_limit_holds_back_is_written_as_one() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1, "B": 1}),),
        grams={"A": 500, "B": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"B": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(600))),
        policy=replace(PATIENT, max_packages=1),
    )
    (reason,) = reasons(asked)
    assert reason.text == "at most 1 package is allowed; without that limit 1 unit ships"


def test_the_limit_on_sources_forbids_the_rest() -> None:
    asked = three_of_a(*(offer(name, {"A": 1}) for name in ("S1", "S2", "S3")))
    asked = replace(asked, policy=replace(PATIENT, max_packages=4, max_sources=1))
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.SPLIT_LIMIT,
            text="at most 4 packages and 1 source are allowed; without those limits 3 units ship",
        ),
    )


def one_each_at(sources: int) -> Problem:
    """As many units of A as sources, and as many wanted."""
    offers = tuple(offer(f"S{number:02}", {"A": 1}) for number in range(sources))
    return replace(three_of_a(*offers), lines=(line("1", sources, {"A": 1}),))


def test_without_the_limit_on_packages_there_are_still_never_more_than_twenty() -> None:
    for sources, most, most_zh in (
        (20, "", ""),
        (22, " in 20 packages, the most of any plan", "（任何方案至多 20 个包裹）"),
    ):
        asked = replace(one_each_at(sources), policy=replace(PATIENT, max_packages=5))
        plan = replace(greedy_plan(asked), bound_minor=greedy_plan(asked).total_minor)
        assert unfilled_reasons(asked, plan, plan.lines[0], greedy_plan) == (
            Reason(
                code=ReasonCode.SPLIT_LIMIT,
                text=f"at most 5 packages are allowed; without that limit 20 units ship{most}",
                text_zh=f"最多允许 5 个包裹；若无此限制可发 20 件{most_zh}",
            ),
        )


@pytest.mark.parametrize("off", [(), ("packages_stay_within_the_limit",)])
def test_units_beyond_a_plan_of_twenty_packages_are_not_said_to_be_dear(off: tuple[str, ...]) -> None:
    asked = replace(one_each_at(22), policy=replace(PATIENT, max_packages=20, off=off))
    plan = replace(greedy_plan(asked), bound_minor=greedy_plan(asked).total_minor)
    assert unfilled_reasons(asked, plan, plan.lines[0], lambda _: plan) == (
        Reason(
            code=ReasonCode.SPLIT_LIMIT,
            text="the plan has 20 packages, the most of any plan",
            text_zh="方案已有 20 个包裹，任何方案至多如此",
        ),
    )


def test_rules_of_which_any_one_may_go_are_named_as_such() -> None:
    """S1 has all, but is too far; S2 has all, but is blocked: without either rule all would ship."""
    asked = three_of_a(offer("S1", {"A": 3}), offer("S2", {"A": 3}))
    near, far = lane("S2", flat(600)), lane("S1", flat(600), distance_meters=20_000)
    policy = replace(PATIENT, max_distance_meters=10_000, words={"blocked_sources": ("S2",)})
    assert reasons(replace(asked, lanes=(near, far), policy=policy)) == (
        Reason(
            code=ReasonCode.RULE_FORBIDS,
            text="more of these units would ship without the rule 'sources are allowed' or 'sources are near enough'",
        ),
    )


def test_shipping_costs_more_than_leaving_the_units() -> None:
    asked = three_of_a(offer("S1", {"A": 3}))
    asked = replace(asked, policy=replace(PATIENT, unfilled_minor_per_unit=199))  # three units: 5.97 against 6.00
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.DEARER_THAN_UNFILLED,
            text="shipping these units costs more than the 1.99 CNY that the policy charges for each one left unfilled",
        ),
    )


@pytest.mark.parametrize(
    ("levels", "named", "named_zh"),
    [
        (("packages",), "packages", "包裹数"),
        (("packages", "unfilled_units"), "packages", "包裹数"),
        (("distance_meters", "packages"), "distance meters, packages", "距离、包裹数"),
    ],
)
def test_priorities_that_come_before_filling_leave_the_units(
    levels: tuple[str, ...], named: str, named_zh: str
) -> None:
    """The least packages are none: no price of an unfilled unit counts against that."""
    policy = replace(PATIENT, levels=tuple(Level(measure=measure) for measure in levels))
    asked = replace(three_of_a(offer("S1", {"A": 3})), policy=policy)
    asked = replace(asked, lanes=(lane("S1", flat(600), distance_meters=7),))
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.OUTRANKED,
            text=f"the policy's priorities come before filling the order: {named}; by cost alone more would ship",
        ),
    )
    assert chinese(asked) == [f"策略的优先级先于满足订单：{named_zh}；若只看费用即可多发"]


def test_a_tolerance_of_unfilled_units_leaves_them_for_the_priorities_after_it() -> None:
    levels = (Level(measure="unfilled_units", tolerance=1), Level(measure="distance_meters"))
    asked = three_of_a(offer("S1", {"A": 2}), offer("S2", {"A": 1}))
    lanes = (lane("S1", flat(600), distance_meters=1), lane("S2", flat(600), distance_meters=9))
    assert reasons(replace(asked, lanes=lanes, policy=replace(PATIENT, levels=levels))) == (
        Reason(
            code=ReasonCode.OUTRANKED,
            text="the policy's priorities come before filling the order: unfilled units, distance meters; "
            "by cost alone more would ship",
        ),
    )


def test_with_priorities_units_may_still_be_left_because_they_are_dear() -> None:
    policy = replace(PATIENT, unfilled_minor_per_unit=199, levels=(Level(measure="packages"),))
    (reason,) = reasons(replace(three_of_a(offer("S1", {"A": 3})), policy=policy))
    assert reason.code == ReasonCode.DEARER_THAN_UNFILLED


def test_a_search_without_a_proof_does_not_pretend_to_know_the_reason() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1, "B": 1}),),
        grams={"A": 500, "B": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"B": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(600))),
    )
    assert reasons(asked) == ()  # the bundle ships in two packages, but the greedy plan never parts a bundle
    assert reasons(asked, engine=Engine.GREEDY) == (
        Reason(
            code=ReasonCode.NOT_PROVEN, text="the search ended before it was known whether these units can be shipped"
        ),
    )


def test_a_short_sku_and_a_limit_are_both_named() -> None:
    asked = three_of_a(offer("S1", {"A": 1}), offer("S2", {"A": 1}))
    asked = replace(asked, policy=replace(PATIENT, max_packages=1))
    assert reasons(asked) == (
        Reason(code=ReasonCode.NOT_ENOUGH_STOCK, text="2 of A are available in all sources, 3 wanted"),
        Reason(code=ReasonCode.SPLIT_LIMIT, text="at most 1 package is allowed; without that limit 2 units ship"),
    )


def test_without_a_proof_that_the_limit_is_innocent_the_price_is_not_blamed() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1, "B": 1}),),
        grams={"A": 500, "B": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"B": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(600))),
        policy=replace(PATIENT, max_packages=1),
    )
    plan = solve(asked)
    assert plan.is_proven
    (by_proof,) = unfilled_reasons(asked, plan, plan.lines[0], solve)
    (by_guess,) = unfilled_reasons(asked, plan, plan.lines[0], greedy_plan)  # greedy never parts a bundle
    assert (by_proof.code, by_guess.code) == (ReasonCode.SPLIT_LIMIT, ReasonCode.NOT_PROVEN)


def test_each_short_part_of_a_bundle_gives_its_own_reason() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1, "B": 2, "C": 1}),),
        grams={"A": 500, "B": 500, "C": 500},
        offers=(offer("S1", {"A": 1, "B": 1}),),
        lanes=(lane("S1", flat(600)),),
    )
    assert reasons(asked) == (
        Reason(code=ReasonCode.NOT_ENOUGH_STOCK, text="1 of B is available in all sources, 2 wanted"),
        Reason(code=ReasonCode.NO_STOCK_ANYWHERE, text="no source has any C"),
    )


def test_two_lines_that_share_a_short_sku_are_counted_together() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}), line("2", 2, {"A": 1})),
        grams={"A": 500},
        offers=(offer("S1", {"A": 2}),),
        lanes=(lane("S1", flat(600)),),
    )
    short = [answer for answer in solve(asked).lines if answer.unfilled_units]
    assert [(reason.code, reason.text) for answer in short for reason in answer.reasons] == [
        (ReasonCode.NOT_ENOUGH_STOCK, "2 of A are available in all sources, 3 wanted")
    ]


def test_every_reason_is_also_said_in_chinese() -> None:
    three = [offer(name, {"A": 1}) for name in ("S1", "S2", "S3")]
    far = three_of_a(offer("S1", {"A": 3}))
    far = replace(
        far,
        lanes=(lane("S1", flat(600), distance_meters=20_000),),
        policy=replace(PATIENT, max_distance_meters=10_000),
    )
    one_way = three_of_a(offer("S1", {"A": 1}), offer("S2", {"A": 9}))
    assert [
        *chinese(three_of_a()),
        *chinese(three_of_a(offer("S1", {"A": 2}, on_hand={"A": 3}))),
        *chinese(three_of_a(offer("S1", {"A": 1}))),
        *chinese(replace(one_way, lanes=one_way.lanes[:1])),
        *chinese(replace(three_of_a(offer("S1", {"A": 3}), grams=31_000), lanes=(lane("S1", flat(1, up_to_grams=9)),))),
        *chinese(replace(three_of_a(*three), policy=replace(PATIENT, max_packages=2))),
        *chinese(replace(three_of_a(*three), policy=replace(PATIENT, max_packages=4, max_sources=1))),
        *chinese(replace(three_of_a(offer("S1", {"A": 3})), policy=replace(PATIENT, unfilled_minor_per_unit=199))),
        *chinese(far),
    ] == [
        "各货源均无 A",
        "A 在库 3 件，其中 1 件已被占用或预留；需要 3 件",
        "各货源共有 A 1 件可用，需要 3 件",
        "能送达该地址的货源共有 A 1 件，需要 3 件；另有 9 件无法送达",
        "一件 A 重 31000 克：所需 3 件中有 3 件所在的货源没有承运服务可收",
        "最多允许 2 个包裹；若无此限制可发 3 件",
        "最多允许 4 个包裹、1 个发货源；若无此限制可发 3 件",
        "发出这些商品的费用高于策略规定的每件缺货代价：1.99 CNY",
        "去掉规则“不超过最远距离”即可多发",
    ]


def test_the_rules_of_which_each_alone_stands_in_the_way_are_named() -> None:
    asked = three_of_a(offer("S1", {"A": 3}))
    asked = replace(
        asked,
        lanes=(lane("S1", flat(600), distance_meters=20_000),),
        policy=replace(PATIENT, max_distance_meters=10_000),
    )
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.RULE_FORBIDS,
            text="more of these units would ship without the rule 'sources are near enough'",
        ),
    )


def test_rules_that_would_all_have_to_go_are_named_together() -> None:
    asked = three_of_a(offer("S1", {"A": 3}))
    asked = replace(
        asked,
        lanes=(lane("S1", flat(600), distance_meters=20_000),),
        policy=replace(PATIENT, max_distance_meters=10_000, words={"blocked_sources": ("S1",)}),
    )
    assert reasons(asked) == (
        Reason(
            code=ReasonCode.RULE_FORBIDS,
            text="more of these units would ship without the rules 'sources are allowed' and 'sources are near enough'",
        ),
    )


def test_where_the_time_is_up_before_the_rules_are_told_apart_rules_are_still_to_blame() -> None:
    asked = three_of_a(offer("S1", {"A": 3}))
    policy = replace(PATIENT, max_distance_meters=10_000, words={"blocked_sources": ("S1",)})
    asked = replace(asked, lanes=(lane("S1", flat(600), distance_meters=20_000),), policy=policy)
    plan = solve(asked)
    answers: list[Plan] = []

    def first_answer_only(changed: Problem) -> Plan:
        if answers:
            raise TimeIsUp
        answers.append(solve(changed))
        return answers[0]

    (reason,) = unfilled_reasons(asked, plan, plan.lines[0], first_answer_only)
    assert reason == Reason(
        code=ReasonCode.RULE_FORBIDS,
        text="rules of the policy stand in the way; the time was up before it was known which",
        text_zh="策略的规则使其无法发出；时间已到，尚不知是哪几条",
    )
