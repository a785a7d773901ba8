"""Why this plan and not another: the runner-up and the sentence."""

from dataclasses import replace

from solver.sourcing.explanation.asking import main_source_id, without_source
from solver.sourcing.plan import Engine, RunnerUp
from solver.sourcing.policy import Level
from solver.sourcing.solve import solve
from tests.sourcing.brute import cheapest_minor
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem
from tests.sourcing.worlds import random_problem

NAMES = ("S1", "S2")
TWO_SOURCES = problem(
    lines=(line("1", 2, {"A": 1}),),
    grams={"A": 500},
    offers=tuple(offer(name, {"A": 2}) for name in NAMES),
    lanes=(lane("S1", flat(1_234)), lane("S2", flat(1_300))),
)


def test_the_runner_up_is_the_best_plan_without_the_main_source(seed: int) -> None:
    compared = 0
    for drawn in range(seed + 6_000_000, seed + 6_000_150):
        asked = random_problem(drawn)
        plan = solve(asked)
        main = main_source_id(plan)
        if main is None:
            assert plan.runner_up is None, f"seed {drawn}"
            continue
        assert plan.runner_up is not None, f"seed {drawn}"
        best_without_minor = cheapest_minor(without_source(asked, main))
        assert plan.runner_up.without_source_id == main
        assert plan.runner_up.proven
        assert main not in plan.runner_up.source_ids
        assert plan.runner_up.total_minor == best_without_minor, f"seed {drawn}"
        assert plan.runner_up.extra_minor == best_without_minor - plan.total_minor >= 0, f"seed {drawn}"
        compared += 1
    assert compared > 60


def test_the_runner_up_in_numbers() -> None:
    assert solve(TWO_SOURCES).runner_up == RunnerUp(
        without_source_id="S1",
        source_ids=("S2",),
        total_minor=1_300,
        extra_minor=66,
        unfilled_units=0,
        proven=True,
    )


def test_the_sentence_names_source_price_proof_and_runner_up() -> None:
    assert solve(TWO_SOURCES).why == (
        "S1 ships all in 1 package for 12.34 CNY; no plan is cheaper. Without S1 the best is S2, 0.66 dearer."
    )
    assert solve(TWO_SOURCES).why_zh == (
        "由 S1 发出全部商品，共 1 个包裹，费用 12.34 CNY；没有更便宜的方案。若不用 S1，最优方案由 S2 发货，贵 0.66。"
    )


def test_the_sentence_counts_packages_and_unfilled_units() -> None:
    asked = problem(
        lines=(line("1", 5, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 2}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(1_000)), lane("S2", flat(1_300))),
        policy=replace(PATIENT, unfilled_minor_per_unit=5_000),
    )
    why, why_zh = solve(asked).why, solve(asked).why_zh
    assert why_zh == (
        "由 S1、S2 发出商品（缺 2 件），共 2 个包裹，费用 25.00 CNY；没有更便宜的方案。"
        "若不用 S1，最优方案由 S2 发货（缺 4 件），贵 88.00。"
    )
    assert why.startswith("S1 and S2 ship all but 2 units in 2 packages for 25.00 CNY; no plan is cheaper. ")
    assert why.endswith("Without S1 the best is S2 with 4 units unfilled, 88.00 dearer.")


def test_the_sentence_lists_many_sources() -> None:
    names = ("S1", "S2", "S3")
    asked = problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": 500},
        offers=tuple(offer(name, {"A": 1}) for name in names),
        lanes=tuple(lane(name, flat(1_000)) for name in names),
    )
    assert solve(asked).why.startswith("S1, S2 and S3 ship all in 3 packages for ")
    assert solve(asked).why_zh.startswith("由 S1、S2、S3 发出全部商品，")


def test_the_sentence_of_a_plan_without_a_proof_says_how_much_too_dear_it_may_be() -> None:
    plan = solve(TWO_SOURCES, engine=Engine.MIP, time_limit_seconds=0)
    assert plan.why == (
        "S1 ships all in 1 package for 12.34 CNY; at most 12.34 too dear. Without S1 the best found is S2, 0.66 dearer."
    )
    assert plan.why_zh == (
        "由 S1 发出全部商品，共 1 个包裹，费用 12.34 CNY；至多贵 12.34。"
        "若不用 S1，已找到的最好方案由 S2 发货，贵 0.66。"
    )


def test_without_a_proof_it_is_not_known_which_rules_bind() -> None:
    plan = solve(TWO_SOURCES, engine=Engine.MIP, time_limit_seconds=0)
    assert (plan.binding_rules, plan.may_bind_rules) == ((), ("packages_stay_within_the_limit",))
    proven = solve(TWO_SOURCES)
    assert (proven.binding_rules, proven.may_bind_rules) == ((), ())


def test_priorities_before_money_are_named_in_the_proof() -> None:
    levels = (Level(measure="unfilled_units"), Level(measure="packages"))
    plan = solve(replace(TWO_SOURCES, policy=replace(PATIENT, levels=levels)))
    assert plan.why.startswith(
        "S1 ships all in 1 package for 12.34 CNY; no plan is better by the policy's priorities. "
    )
    assert plan.why_zh.startswith("由 S1 发出全部商品，共 1 个包裹，费用 12.34 CNY；按策略的优先级没有更好的方案。")


def test_the_sentence_without_any_other_source() -> None:
    alone = without_source(TWO_SOURCES, "S2")
    assert solve(alone).why.endswith("Without S1 nothing could be shipped.")
    assert solve(alone).why_zh.endswith("若不用 S1，则无货可发。")


def test_nothing_shipped_has_no_runner_up_and_says_so() -> None:
    plan = solve(replace(TWO_SOURCES, lanes=()))
    assert plan.runner_up is None
    assert plan.why == "Nothing can be shipped: see the reasons of each line."
    assert plan.why_zh == "无货可发：原因见各订单行。"


def test_money_without_decimals_is_written_without_decimals() -> None:
    assert solve(replace(TWO_SOURCES, currency="JPY")).why == (
        "S1 ships all in 1 package for 1234 JPY; no plan is cheaper. Without S1 the best is S2, 66 dearer."
    )


def test_the_main_source_ships_the_most_units_then_comes_first_by_id() -> None:
    asked = problem(
        lines=(line("1", 4, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 3})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(900))),
    )
    assert main_source_id(solve(asked)) == "S2"
    equal = replace(asked, offers=(offer("S1", {"A": 2}), offer("S2", {"A": 2})))
    assert main_source_id(solve(equal)) == "S1"


def test_without_source_takes_its_offer_and_its_lanes_and_leaves_the_asked_problem_as_it_was() -> None:
    left = without_source(TWO_SOURCES, "S1")
    assert [one.source_id for one in left.offers] == ["S2"]
    assert [one.source_id for one in left.lanes] == ["S2"]
    assert [one.source_id for one in TWO_SOURCES.offers] == ["S1", "S2"]
