"""Every source has its verdict, and every source left out its price."""

import random
from dataclasses import replace
from itertools import product

from solver.network.lanes import ClosedLane, Closure
from solver.sourcing.explanation.forced import forced
from solver.sourcing.explanation.fully import MOST_FORCED, explain_fully
from solver.sourcing.explanation.model import Candidate, Verdict
from solver.sourcing.explanation.verdicts import verdicts
from solver.sourcing.policy import Level
from solver.sourcing.problem import Problem
from tests.sourcing.explanation.asked import decided, explanation_of
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem

SIX_FATES = replace(
    problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": 500},
        offers=(
            offer("S1", {"A": 3}),
            offer("S2", {"A": 2}),
            offer("S3", {"A": 3}),
            offer("S4", {"A": 0}, on_hand={"A": 2}),
            offer("S5", {"A": 1}),
            offer("S6", {"A": 2}),
        ),
        lanes=(
            lane("S1", flat(1_234)),
            lane("S2", flat(1_000)),
            lane("S3", flat(500), distance_meters=900_000),
            lane("S6", flat(300, up_to_grams=100)),
        ),
        policy=replace(PATIENT, max_distance_meters=500_000),
    ),
    closed_lanes=(ClosedLane(source_id="S5", service_id="V", closure=Closure.NO_ZONE),),
)


def test_every_source_has_its_verdict() -> None:
    assert [(one.source_id, one.verdict) for one in explanation_of(SIX_FATES).candidates] == [
        ("S1", Verdict.CHOSEN),
        ("S2", Verdict.DOMINATED),
        ("S3", Verdict.EXCLUDED),
        ("S4", Verdict.NO_STOCK),
        ("S5", Verdict.NO_LANE),
        ("S6", Verdict.NOT_CARRIED),
    ]


def test_a_verdict_says_how_much_by_which_rule_and_why() -> None:
    chosen, dominated, excluded, _, closed, _ = explanation_of(SIX_FATES).candidates
    assert chosen.units == 3
    # two units of S2 for 10.00, the third of S1 for 12.34, and a second package for 2.00
    assert (dominated.best_minor, dominated.extra_minor, dominated.proven) == (2_434, 1_200, True)
    assert excluded.rules == ("sources_are_near_enough",)
    assert closed.closures == ("no_zone",)


def test_verdicts_in_both_languages() -> None:
    candidates = explanation_of(SIX_FATES).candidates
    assert [one.text for one in candidates] == [
        "S1 ships 3 units.",
        "The best plan with S2 is 12.00 dearer.",
        "S3 is excluded by the rule 'sources are near enough'.",
        "S4 has nothing available of what is ordered.",
        "No service leads from S5 to this address (no zone).",
        "No service from S6 has a price for such a package.",
    ]
    assert [one.text_zh for one in candidates] == [
        "S1 发 3 件。",
        "用 S2 的最优方案贵 12.00。",
        "S3 被规则“不超过最远距离”排除。",
        "S4 没有所订商品的可用库存。",
        "S5 没有到该地址的承运服务（不在服务区域内）。",
        "S6 的承运服务对这样的包裹没有报价。",
    ]


def test_rules_that_only_together_exclude_a_source_are_all_named() -> None:
    near = lane("S1", flat(600), service_id="near", distance_meters=1_000)
    far = lane("S1", flat(600), service_id="far", distance_meters=90_000)
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}),),
        lanes=(near, far),
        policy=replace(PATIENT, max_distance_meters=50_000, words={"blocked_services": ("near",)}),
    )
    (one,) = verdicts(asked, decided(asked))
    assert one.verdict is Verdict.EXCLUDED
    assert {"services_are_allowed", "sources_are_near_enough"} <= set(one.rules)


def test_a_source_that_is_excluded_twice_names_each_rule_that_does_so_alone() -> None:
    asked = replace(SIX_FATES, policy=replace(SIX_FATES.policy, words={"blocked_sources": ("S3",)}))
    excluded = next(one for one in verdicts(asked, decided(asked)) if one.source_id == "S3")
    assert excluded.rules == ("sources_are_allowed", "sources_are_near_enough")


def test_another_source_at_the_same_cost_is_no_dearer() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(600)), lane("S2", flat(600))),
    )
    (other,) = [one for one in explanation_of(asked).candidates if one.verdict is Verdict.DOMINATED]
    assert (other.extra_minor, other.text) == (0, f"The best plan with {other.source_id} is at the same cost.")


def flat_world(seed: int) -> tuple[Problem, list[int], list[int]]:
    """One SKU, one flat price a source: a plan is so many units from each source."""
    rng = random.Random(seed)
    count, quantity = rng.randint(2, 4), rng.randint(1, 4)
    stock = [rng.randint(1, 4) for _ in range(count)]
    prices = [rng.randint(300, 2_000) for _ in range(count)]
    asked = problem(
        lines=(line("1", quantity, {"A": 1}),),
        grams={"A": 500},
        offers=tuple(offer(f"S{number}", {"A": units}) for number, units in enumerate(stock)),
        lanes=tuple(lane(f"S{number}", flat(price)) for number, price in enumerate(prices)),
        policy=replace(
            PATIENT, max_packages=rng.randint(1, 3), split_minor=rng.choice([0, 200]), unfilled_minor_per_unit=700
        ),
    )
    return asked, stock, prices


def cheapest_with(asked: Problem, stock: list[int], prices: list[int], must: int) -> int | None:
    """By trying every number of units from every source."""
    policy, (wanted,) = asked.policy, asked.lines
    totals = []
    for units in product(*(range(most + 1) for most in stock)):
        packages = sum(count > 0 for count in units)
        if units[must] and sum(units) <= wanted.quantity and packages <= policy.max_packages:
            freight = sum(price for price, count in zip(prices, units, strict=True) if count)
            left = wanted.quantity - sum(units)
            totals.append(freight + (packages - 1) * policy.split_minor + left * policy.unfilled_minor_per_unit)
    return min(totals, default=None)


def test_the_price_of_a_source_left_out_is_that_of_the_best_plan_in_which_it_ships(seed: int) -> None:
    compared = 0
    for drawn in range(seed + 40_000, seed + 40_060):
        asked, stock, prices = flat_world(drawn)
        for number in range(len(stock)):
            best = forced(asked, f"S{number}", time_limit_seconds=60.0)
            assert best is not None
            assert f"S{number}" in best.source_ids
            assert best.is_proven
            assert best.total_minor == cheapest_with(asked, stock, prices, number), f"seed {drawn}, S{number}"
            compared += 1
    assert compared > 120


def test_no_plan_is_forced_on_a_policy_that_minimises_the_last_arrival() -> None:
    policy = replace(SIX_FATES.policy, levels=(Level(measure="latest_arrival_minutes"),))
    assert forced(replace(SIX_FATES, policy=policy), "S2", time_limit_seconds=60.0) is None


def test_with_priorities_before_money_a_source_left_out_may_be_cheaper() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(900), distance_meters=1_000), lane("S2", flat(600), distance_meters=2_000)),
        policy=replace(PATIENT, levels=(Level(measure="unfilled_units"), Level(measure="distance_meters"))),
    )
    explanation = explanation_of(asked)
    (other,) = [one for one in explanation.candidates if one.verdict is Verdict.DOMINATED]
    assert (other.source_id, other.extra_minor) == ("S2", -300)
    assert other.text == "The best plan with S2 is 3.00 cheaper, but worse by an earlier priority."
    assert other.text_zh == "用 S2 的最优方案便宜 3.00，但靠前的优先级更差。"
    assert explanation.changes == ()  # no freight, however low, brings it nearer


def test_only_the_most_promising_are_priced() -> None:
    names = [f"S{number:02d}" for number in range(MOST_FORCED + 3)]
    asked = problem(
        lines=(line("1", 1, {"A": 1}),),
        grams={"A": 500},
        offers=tuple(offer(name, {"A": 1}) for name in names),
        lanes=tuple(lane(name, flat(500 + 10 * number)) for number, name in enumerate(names)),
    )
    extra = {one.source_id: one.extra_minor for one in explanation_of(asked).candidates}
    assert extra == {
        "S00": None,
        **{name: 10 * number for number, name in enumerate(names) if 1 <= number <= MOST_FORCED},
        "S09": None,
        "S10": None,
    }


def test_when_time_is_up_the_answer_says_that_it_is_not_complete() -> None:
    explanation = explain_fully(SIX_FATES, decided(SIX_FATES), decided, seconds_left=lambda: 0.0)
    assert not explanation.complete
    assert (explanation.changes, explanation.limits, explanation.runner_up) == ((), (), None)
    assert explanation.candidates[1] == Candidate(
        source_id="S2",
        verdict=Verdict.DOMINATED,
        text="S2 could ship, but the plan is at least as good without it.",
        text_zh="S2 可以发货，但不用它的方案不会更差。",
    )
