"""Rules that bind, limits with what one more would save, and the rules to blame for unfilled units."""

import random
from dataclasses import replace
from itertools import combinations

from solver.sourcing.explanation.asking import as_decided, is_better, without_rules
from solver.sourcing.explanation.binding import BindingRules, binding_rules, restricting_rules
from solver.sourcing.explanation.blame import rules_to_blame
from solver.sourcing.explanation.model import LimitKind
from solver.sourcing.policy import Level, Policy
from solver.sourcing.problem import Problem
from solver.sourcing.solve import solve
from tests.sourcing.explanation.asked import decided, explanation_of
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem


def three_places(policy: Policy) -> Problem:
    """Three units at three sources; the dearest source also has all of them."""
    return problem(
        lines=(line("1", 3, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1}), offer("S3", {"A": 3})),
        lanes=(
            lane("S1", flat(100), distance_meters=1_000),
            lane("S2", flat(100), distance_meters=5_000),
            lane("S3", flat(1_000), distance_meters=9_000),
        ),
        policy=replace(policy, split_minor=0),
    )


def test_no_rule_binds_where_the_plan_is_the_best_without_any() -> None:
    asked = three_places(PATIENT)
    assert "packages_stay_within_the_limit" in restricting_rules(asked)
    assert binding_rules(asked, decided(asked), decided) == BindingRules()


def test_a_rule_binds_where_without_it_alone_a_better_plan_is_had() -> None:
    """S1 and S2 could not ship beyond a single package each: S3 ships all in one."""
    asked = three_places(replace(PATIENT, max_packages=1, max_distance_meters=10_000))
    asked = replace(asked, lanes=(lane("S1", flat(100)), lane("S2", flat(100)), lane("S3", flat(1_500))))
    asked = replace(asked, offers=(offer("S1", {"A": 2}), offer("S2", {"A": 1}), offer("S3", {"A": 3})))
    plan = solve(asked)
    assert plan.binding_rules == ("packages_stay_within_the_limit",)
    assert plan.why.endswith("Without the rule 'packages stay within the limit' the plan would be better.")
    assert plan.why_zh.endswith("若无规则“包裹数上限”，会有更好的方案。")


def test_the_rules_that_bind_are_those_that_do_so_alone(seed: int) -> None:
    """Against the definition, rule by rule."""
    seen = 0
    for drawn in range(seed + 60_000, seed + 60_025):
        asked = random_restricted(drawn)
        plan = decided(asked)
        expected = tuple(
            name for name in restricting_rules(asked) if is_better(decided(without_rules(asked, [name])), plan)
        )
        assert binding_rules(asked, plan, decided).binding == expected, f"seed {drawn}"
        seen += len(expected)
    assert seen > 5


def random_restricted(seed: int) -> Problem:
    rng = random.Random(seed)
    policy = replace(
        PATIENT,
        max_packages=rng.choice([1, 2, 5]),
        max_sources=rng.choice([0, 1, 2]),
        max_distance_meters=rng.choice([0, 2_000, 6_000]),
        words={"blocked_sources": tuple(rng.sample(["S1", "S2", "S3"], rng.choice([0, 0, 1])))},
        settings={"ship_complete": rng.choice([0, 1])},
    )
    return three_places(policy)


def test_a_smallest_set_of_rules_is_blamed_of_all_subsets(seed: int) -> None:
    blamed = 0
    for drawn in range(seed + 70_000, seed + 70_040):
        asked = random_restricted(drawn)
        rules = restricting_rules(asked)
        fill = replace(asked, policy=replace(asked.policy, levels=(Level(measure="unfilled_units"),)))
        least = decided(without_rules(fill, rules)).unfilled_units
        blocking = [
            kept
            for size in range(len(rules) + 1)
            for kept in combinations(rules, size)
            if decided(without_rules(fill, set(rules) - set(kept))).unfilled_units > least
        ]
        blame = rules_to_blame(asked, decided)
        if not blocking:
            assert blame is None, f"seed {drawn}"
            continue
        assert blame is not None
        assert blame.is_smallest
        assert blame.rules in blocking, f"seed {drawn}"
        assert len(blame.rules) == len(blocking[0]), f"seed {drawn}"
        gone = blame.freeing_rules
        free = [{one} for one in blame.rules] if not gone else [{*gone}]
        assert all(decided(without_rules(fill, one)).unfilled_units == least for one in free), f"seed {drawn}"
        spared = [{*gone} - {one} for one in gone]
        assert all(decided(without_rules(fill, one)).unfilled_units > least for one in spared), f"seed {drawn}"
        blamed += 1
    assert blamed > 5


def test_the_rules_to_blame_are_told_in_both_languages() -> None:
    """Two packages cannot hold three sources' units, and the source that has all is too far away."""
    policy = replace(PATIENT, max_packages=2, max_distance_meters=6_000)
    asked = three_places(policy)
    asked = replace(asked, offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1}), offer("S3", {"A": 3})))
    blame = explanation_of(asked).conflict
    assert blame is not None
    assert (blame.rules, blame.is_smallest) == (("sources_are_near_enough",), True)
    assert blame.text == "The rule 'sources are near enough' keeps units from being shipped."
    assert blame.text_zh == "规则“不超过最远距离”使部分商品无法发出。"


def test_rules_that_keep_units_back_only_together_are_blamed_together() -> None:
    """S1 and S2 could ship all in two packages, S3 in one: one rule forbids the packages, the other S3."""
    asked = three_places(replace(PATIENT, max_packages=1, max_distance_meters=6_000))
    asked = replace(asked, offers=(offer("S1", {"A": 2}), offer("S2", {"A": 1}), offer("S3", {"A": 3})))
    explanation = explanation_of(asked)
    blame = explanation.conflict
    assert blame is not None
    assert (blame.rules, blame.is_smallest) == (("packages_stay_within_the_limit", "sources_are_near_enough"), True)
    assert blame.text == (
        "The rules 'packages stay within the limit' and 'sources are near enough' together keep units from being "
        "shipped; without any one of them more would ship."
    )
    assert blame.text_zh == ("规则“包裹数上限”和“不超过最远距离”合在一起使部分商品无法发出；去掉其中任何一条都能多发。")
    assert explanation.why.endswith(blame.text)
    assert explanation.why_zh.endswith(blame.text_zh)


def test_where_rules_beside_the_conflict_stand_in_the_way_all_that_would_have_to_go_are_told() -> None:
    """Each of two rules forbids S2 and S3 by itself; without one of them nothing is won."""
    policy = replace(PATIENT, max_distance_meters=4_000, words={"only_sources": ("S1",)})
    blame = explanation_of(three_places(policy)).conflict
    assert blame is not None
    assert (blame.rules, blame.is_smallest) == (("sources_are_near_enough",), True)
    assert blame.freeing_rules == ("sources_are_allowed", "sources_are_near_enough")
    assert blame.text == (
        "The rule 'sources are near enough' keeps units from being shipped, but not alone: as many as can be would "
        "ship only without the rules 'sources are allowed' and 'sources are near enough'."
    )
    assert blame.text_zh == (
        "规则“不超过最远距离”使部分商品无法发出，但不止于此：须同时去掉规则“指定/屏蔽发货源”和“不超过最远距离”，"
        "才能发出可发的最多件数。"
    )


def test_units_left_because_they_are_dear_have_no_rule_to_blame() -> None:
    asked = three_places(replace(PATIENT, unfilled_minor_per_unit=50))
    assert decided(asked).unfilled_units == 3
    assert rules_to_blame(asked, decided) is None


def test_units_that_nobody_has_have_no_rule_to_blame() -> None:
    asked = replace(three_places(PATIENT), lines=(line("1", 9, {"A": 1}),))
    assert decided(asked).unfilled_units == 4
    assert rules_to_blame(asked, decided) is None


def test_one_more_package_and_one_more_unit_save_what_is_said() -> None:
    """One package: S3 for 10.00. Two: no better, three are needed. One more A at S1 does not help either."""
    asked = three_places(replace(PATIENT, max_packages=2))
    asked = replace(asked, offers=(offer("S1", {"A": 2}), offer("S2", {"A": 1}), offer("S3", {"A": 3})))
    asked = replace(asked, policy=replace(asked.policy, max_packages=1))
    limits = {(one.kind, one.source_id, one.sku): one for one in explanation_of(asked).limits}
    package = limits[LimitKind.PACKAGES, "", ""]
    assert (package.saved_minor, package.filled_units) == (800, 0)  # S1 and S2 for 2.00
    assert package.text == "One more package would save 8.00."
    assert package.text_zh == "多允许一个包裹，可省 8.00。"
    unit = limits[LimitKind.STOCK, "S1", "A"]
    assert (unit.saved_minor, unit.text) == (900, "One more A at S1 would save 9.00.")
    assert unit.text_zh == "S1 多一件 A，可省 9.00。"
    assert (LimitKind.STOCK, "S2", "A") not in limits
    assert limits[LimitKind.RULE, "", ""].saved_minor == 800


def test_one_more_source_may_fill_more_units() -> None:
    asked = three_places(replace(PATIENT, max_sources=1))
    asked = replace(asked, offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1})), lanes=asked.lanes[:2])
    limits = {one.kind: one for one in explanation_of(asked).limits}
    assert limits[LimitKind.SOURCES].filled_units == 1
    assert limits[LimitKind.SOURCES].text == "One more source would fill 1 more unit."
    assert limits[LimitKind.SOURCES].text_zh == "多允许一个发货源，可多发 1 件。"


def test_a_plan_that_relaxed_rules_is_explained_without_them() -> None:
    asked = three_places(replace(PATIENT, max_packages=1, max_distance_meters=6_000))
    asked = replace(asked, policy=replace(asked.policy, relax={"sources_are_near_enough": 1}))
    plan = decided(asked)
    assert (plan.relaxed_rules, plan.source_ids) == (("sources_are_near_enough",), ("S3",))
    policy = as_decided(asked, plan).policy
    assert (policy.off, dict(policy.relax)) == (("sources_are_near_enough",), {})
    excluded = [one for one in explanation_of(asked).candidates if one.rules]
    assert excluded == []
