"""One problem put to every engine: they must agree, obey and never be beaten by a rule of thumb."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from solver.sourcing.check import violations_of
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import COST
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from tests.sourcing.heuristics import fullest_plan, greedy_plan, nearest_plan, priority_plan
from tests.sourcing.least import Best, Values, best_relaxed, best_strictly, tolerances_of, without_last_arrival

PATIENCE_SECONDS = 120
RULES_OF_THUMB = {
    "greedy": greedy_plan,
    "nearest first": nearest_plan,
    "priority list": priority_plan,
    "fewest packages": fullest_plan,
}


class Kind(StrEnum):
    """What may be wrong with an answer."""

    DIFFERENT = "different"  # from the other engine's, or from the best of all plans
    UNPROVEN = "unproven"
    UNSOUND = "unsound"  # it breaks a rule, or its costs do not add up
    BEATEN = "beaten"  # by a rule of thumb


class Wrong(NamedTuple):
    """Something wrong, in words."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong with the engines' answers to one problem, and the exact engine's answer under all rules."""

    wrong: tuple[Wrong, ...]
    exact: Plan
    fallback_reasons: frozenset[str]


def compared(problem: Problem, *, tries_all: bool) -> Verdict:
    """The engines on the problem; `tries_all` also holds them against every plan there is.

    Where the policy relaxes rules, all are first compared with every rule in force: rules of thumb relax nothing.
    """
    strict = replace(problem, policy=replace(problem.policy, relax={}))
    exact, mip = (decided(strict, engine) for engine in (Engine.EXACT, Engine.MIP))
    wrong = [*_of_one(strict, exact), *_of_one(strict, mip), *_disagreeing(strict, exact, mip)]
    for name in RULES_OF_THUMB:
        wrong += _of_thumb(strict, name, exact)
    if tries_all:
        best = best_strictly(strict)
        wrong += [*_missing(exact, best), *_missing(mip, best)]
    plans = [exact]
    if problem.policy.relax:
        relaxed = [decided(problem, engine) for engine in (Engine.EXACT, Engine.MIP)]
        wrong += _of_relaxed(problem, relaxed, tries_all=tries_all)
        plans.append(relaxed[0])
    reasons = frozenset(plan.fallback_reason for plan in plans if plan.fallback_reason)
    return Verdict(wrong=tuple(wrong), exact=exact, fallback_reasons=reasons)


def decided(problem: Problem, engine: Engine) -> Plan:
    """What the engine answers, given all the time it needs."""
    return decide(problem, engine=engine, time_limit_seconds=PATIENCE_SECONDS)


def values_of(plan: Plan) -> Values:
    """What the plan comes to at each priority, money last."""
    return tuple(level.value for level in plan.levels) or (plan.total_minor,)


def least_of(plan: Plan) -> Values:
    """What the plan says no plan comes below, at each priority."""
    return tuple(level.bound for level in plan.levels) or (plan.bound_minor,)


def is_better(problem: Problem, plan: Plan, best: Plan) -> bool:
    """Whether the plan beats the best one at some priority without missing an earlier one by more than it may.

    The plan may know nothing of the last arrival; it is compared up to there.
    """
    known = {level.measure: level.value for level in plan.levels} | {COST: plan.total_minor}
    policy = problem.policy
    for measure, tolerance, least in zip(policy.measures, tolerances_of(policy), least_of(best), strict=True):
        if measure not in known or known[measure] > least + tolerance:
            return False
        if known[measure] < least:
            return True
    return False


def _of_one(problem: Problem, plan: Plan) -> Iterator[Wrong]:
    for violation in violations_of(problem, plan):
        yield Wrong(Kind.UNSOUND, f"{plan.engine}: {violation}")
    if not plan.is_proven:
        yield Wrong(Kind.UNPROVEN, f"{plan.engine}: {plan.stop}, {values_of(plan)} above {least_of(plan)}")


def _of_thumb(problem: Problem, name: str, best: Plan) -> Iterator[Wrong]:
    """A rule of thumb looks at sums only, so it is asked without the last arrival and compared up to there."""
    asked = without_last_arrival(problem)
    plan = RULES_OF_THUMB[name](asked)
    for violation in violations_of(asked, plan):
        yield Wrong(Kind.UNSOUND, f"{name}: {violation}")
    if is_better(problem, plan, best):
        yield Wrong(Kind.BEATEN, f"{name} has {values_of(plan)}, {best.engine} {values_of(best)}")


def _disagreeing(problem: Problem, one: Plan, other: Plan) -> Iterator[Wrong]:
    if least_of(one) != least_of(other):
        yield Wrong(Kind.DIFFERENT, f"{one.engine} says {least_of(one)}, {other.engine} says {least_of(other)}")
    if not any(tolerances_of(problem.policy)) and values_of(one) != values_of(other):
        yield Wrong(Kind.DIFFERENT, f"{one.engine} finds {values_of(one)}, {other.engine} finds {values_of(other)}")


def _missing(plan: Plan, best: Best) -> Iterator[Wrong]:
    if least_of(plan) != best.least:
        yield Wrong(Kind.DIFFERENT, f"{plan.engine} says {least_of(plan)}, the best of all plans is {best.least}")
    if plan.total_minor != best.least[-1]:
        yield Wrong(Kind.DIFFERENT, f"{plan.engine} costs {plan.total_minor}, the best of all plans {best.least[-1]}")
    if plan.unfilled_units not in best.unfilled_units:
        left = sorted(best.unfilled_units)
        yield Wrong(Kind.DIFFERENT, f"{plan.engine} leaves {plan.unfilled_units} units, the best of all plans {left}")


def _of_relaxed(problem: Problem, plans: list[Plan], *, tries_all: bool) -> Iterator[Wrong]:
    best = best_relaxed(problem) if tries_all else None
    for plan in plans:
        yield from _of_one(problem, plan)
        if best is not None:
            yield from _missing(plan, best)
