"""One problem put to every engine: they must agree, obey and never be beaten by a rule of thumb."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong with the engines' answers to one problem, and the answers themselves."""

    wrong: tuple[str, ...]
    exact: Plan
    mip: Plan
    thumbs: Mapping[str, Plan]
    tried_all: bool


def compared(problem: Problem, *, tries_all: bool) -> Verdict:
    """The engines on the problem; `tries_all` also holds them against every plan there is.

    Where the policy relaxes rules, all are first compared with every rule in force: rules of thumb relax nothing.
    """
    strict = replace(problem, policy=replace(problem.policy, relax={}))
    exact, mip = (decided(strict, engine) for engine in (Engine.EXACT, Engine.MIP))
    thumbs = {name: plan_of(without_last_arrival(strict)) for name, plan_of in RULES_OF_THUMB.items()}
    wrong = [*_unsound(strict, exact), *_unsound(strict, mip), *_disagreeing(strict, exact, mip)]
    for name, plan in thumbs.items():
        wrong += [f"{name}: {violation}" for violation in violations_of(without_last_arrival(strict), plan)]
        wrong += [f"{name} is better than {best.engine}" for best in (exact, mip) if is_better(strict, plan, best)]
    if tries_all:
        wrong += [*_missing(exact, best_strictly(strict)), *_missing(mip, best_strictly(strict))]
    if problem.policy.relax:
        wrong += _of_relaxed(problem, tries_all=tries_all)
    return Verdict(wrong=tuple(wrong), exact=exact, mip=mip, thumbs=thumbs, tried_all=tries_all)


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


def _unsound(problem: Problem, plan: Plan) -> Iterator[str]:
    for violation in violations_of(problem, plan):
        yield f"{plan.engine}: {violation}"
    if not plan.is_proven:
        yield f"{plan.engine} is not proven: {plan.stop}, {values_of(plan)} above {least_of(plan)}"


def _disagreeing(problem: Problem, one: Plan, other: Plan) -> Iterator[str]:
    if least_of(one) != least_of(other):
        yield f"{one.engine} says {least_of(one)}, {other.engine} says {least_of(other)}"
    if not any(tolerances_of(problem.policy)) and values_of(one) != values_of(other):
        yield f"{one.engine} finds {values_of(one)}, {other.engine} finds {values_of(other)}"


def _missing(plan: Plan, best: Best) -> Iterator[str]:
    if least_of(plan) != best.least:
        yield f"{plan.engine} says {least_of(plan)}, of all plans the best comes to {best.least}"
    if plan.total_minor != best.least[-1]:
        yield f"{plan.engine} costs {plan.total_minor}, of all plans the best costs {best.least[-1]}"
    if plan.unfilled_units not in best.unfilled_units:
        yield f"{plan.engine} leaves {plan.unfilled_units} units, the best plans leave {sorted(best.unfilled_units)}"


def _of_relaxed(problem: Problem, *, tries_all: bool) -> Iterator[str]:
    plans = [decided(problem, engine) for engine in (Engine.EXACT, Engine.MIP)]
    for plan in plans:
        yield from (f"relaxed, {violation}" for violation in _unsound(problem, plan))
    best = best_relaxed(problem) if tries_all else None
    if best is not None:
        for plan in plans:
            yield from (f"relaxed, {missing}" for missing in _missing(plan, best))
