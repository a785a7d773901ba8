"""The random problems do what they are for: every term costs, every rule forbids, every way to hand over is taken."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from solver.errors import Violations
from solver.network.model import Band, RateCard
from solver.sourcing.brief import brief
from solver.sourcing.case import Case
from solver.sourcing.check import violations_of
from solver.sourcing.dimensions import all_rules, all_terms, settings, words
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Level
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.sourcing.validate import check_policy
from tests.sourcing.any_policy import LIMITS, WORDS
from tests.sourcing.anything import any_problem
from tests.sourcing.comparison import RULES_OF_THUMB, compared, decided, values_of
from tests.sourcing.least import without, without_last_arrival
from tests.sourcing.made import lane, line, offer, problem

PROBLEMS = 1_200  # more than enough for the rarest rule; most are done with after a few


def drawn(seed: int, problems: int = PROBLEMS) -> Iterator[Problem]:
    return (_drawn(seed + offset) for offset in range(problems))


@cache
def _drawn(number: int) -> Problem:
    return any_problem(number)


def test_every_policy_is_a_sound_one(seed: int) -> None:
    for asked in drawn(seed, problems=200):
        violations = Violations()
        check_policy(asked.policy, "policy", violations)
        assert violations.found == [], asked.order_id


def test_every_list_of_words_and_every_limit_is_drawn_by_a_name_that_exists() -> None:
    assert set(WORDS) == set(words())
    assert set(LIMITS) <= set(settings())


def test_every_term_costs_something_in_some_plan(seed: int) -> None:
    missing = {term.name for term in all_terms()}
    for asked in drawn(seed):
        if missing & brief(without_last_arrival(asked)).charges.keys():
            missing -= {name for name, minor in decided(asked, Engine.EXACT).cost_minor.items() if minor}
        if not missing:
            break
    assert missing == set(), "let any_problem draw what the term reads"


def test_every_rule_forbids_something_in_some_case(seed: int) -> None:
    missing = {rule.name for rule in all_rules()}
    for asked in drawn(seed):
        missing -= set(forbidding(asked, missing))
        if not missing:
            break
    assert missing == set(), "let any_problem draw what the rule reads"


def forbidding(asked: Problem, names: set[str]) -> Iterator[str]:
    """The rules without which the case would be another one."""
    posed = without_last_arrival(asked)
    policy = posed.policy
    in_force = [name for name in names if name not in policy.off and name not in policy.soft]
    if not in_force:
        return
    case = brief(posed).case
    for name in in_force:
        free = replace(posed, policy=replace(policy, off=(*policy.off, name), relax={}))
        if not alike(case, brief(free).case):
            yield name


def alike(one: Case, other: Case) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(Case))


def test_a_rule_is_soft_and_broken_somewhere_and_one_is_relaxed(seed: int) -> None:
    broken, relaxed = False, False
    for asked in drawn(seed):
        if asked.policy.soft and not broken:
            broken = decided(asked, Engine.EXACT).cost_minor.get("soft_rules", 0) > 0
        if asked.policy.relax and not relaxed:
            relaxed = decided(asked, Engine.EXACT).relaxed_rules != ()
        if broken and relaxed:
            break
    assert broken
    assert relaxed


LARGE = {"most_pieces": 400, "most_skus": 4}
MEDIUM = {"most_pieces": 12, "most_sources": 6, "most_services": 3, "most_skus": 6}
MANY_LEVELS = tuple(
    Level(measure=measure)
    for measure in (
        "unfilled_units",
        "distance_meters",
        "waiting_minutes",
        "transit_minutes",
        "carbon_grams",
        "load_basis_points",
        "handling_minor",
        "lost_sales_minor",
    )
)


def of_many_combinations() -> list[Problem]:
    return [any_problem(seed, **LARGE) for seed in (6, 9, 17, 22)]


def with_lines_that_share_a_part() -> list[Problem]:
    return [any_problem(seed, **MEDIUM) for seed in (116, 148, 164, 169)]


def with_many_levels() -> list[Problem]:
    asked = [any_problem(seed, **MEDIUM) for seed in (3, 4, 5)]
    return [replace(one, policy=replace(one.policy, levels=MANY_LEVELS)) for one in asked]


def with_a_price_for_every_gram() -> list[Problem]:
    by_the_gram = RateCard(bands=(Band(up_to_grams=None, base_minor=1, step_grams=1, step_minor=1),))
    return [
        problem(
            lines=(line("1", 900, {"A": 1}), line("2", 900, {"B": 1})),
            grams={"A": 101, "B": 103},
            offers=(offer("S1", {"A": 900, "B": 900}),),
            lanes=(lane("S1", by_the_gram),),
        )
    ]


@pytest.mark.parametrize(
    ("reason", "problems"),
    [
        (GaveUp.TOO_MANY_STATES, of_many_combinations),
        (GaveUp.TOGETHER_SHARES_PARTS, with_lines_that_share_a_part),
        (GaveUp.LEVELS_OVERFLOW, with_many_levels),
        (GaveUp.TOO_MANY_PRICES, with_a_price_for_every_gram),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_the_exact_engine_hands_over_for_every_reason_and_the_program_answers(
    reason: GaveUp, problems: Callable[[], list[Problem]]
) -> None:
    verdicts = [compared(without(asked, stage=0), tries_all=False) for asked in problems()]
    assert [verdict.wrong for verdict in verdicts] == [()] * len(verdicts)
    assert reason in {found for verdict in verdicts for found in verdict.fallback_reasons}


def test_it_hands_over_an_order_that_it_cannot_prove_within_the_time_allowed() -> None:
    crowded = {"most_pieces": 60, "most_sources": 8, "most_services": 3, "most_skus": 4}
    reasons = set()
    for seed in (22, 33, 35, 59):
        asked = without_last_arrival(without(any_problem(seed, **crowded), stage=0))
        plan = decide(asked, engine=Engine.EXACT, time_limit_seconds=0.2)
        assert violations_of(asked, plan) == []
        may_give_up = plan.is_proven and any(level.tolerance for level in asked.policy.levels)  # what a rule keeps
        assert may_give_up or values_of(plan) <= min(values_of(thumb(asked)) for thumb in RULES_OF_THUMB.values())
        reasons.add(plan.fallback_reason)
    assert GaveUp.SEARCH_BUDGET in reasons


def test_a_priority_with_a_tolerance_is_seldom_handed_over(seed: int) -> None:
    tolerant = [asked for asked in drawn(seed, 300) if any(level.tolerance for level in asked.policy.levels)][:12]
    verdicts = [compared(without(asked, stage=0), tries_all=False) for asked in tolerant]
    assert [verdict.wrong for verdict in verdicts] == [()] * 12
    assert sum("level_tolerance" in verdict.fallback_reasons for verdict in verdicts) < 6
