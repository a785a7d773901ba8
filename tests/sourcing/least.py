"""The oracle for any policy: what the best plan comes to at each priority, found by trying every plan.

Plans are tried on the case, so every cost and limit of the policy counts; whether the case says what the terms and
rules mean is the matter of `every_plan`, which tries plans on the problem itself. Priorities, their tolerances, the
last arrival and the stages of relaxation are worked out here anew, without the product.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from solver.sourcing.brief import brief
from solver.sourcing.facts import Facts
from solver.sourcing.policy import LATEST_ARRIVAL, Policy
from solver.sourcing.problem import Problem
from tests.sourcing.exact.brute import Package, cost_of, every_plan

Values = tuple[int, ...]


class Outcome(NamedTuple):
    """What a plan comes to at each priority, money last, and how many units it leaves."""

    values: Values
    unfilled_units: int


class Best(NamedTuple):
    """The least value of each priority, and how many units the plans that reach the last one may leave."""

    least: Values
    unfilled_units: frozenset[int]


def best_of(outcomes: Iterable[Outcome], tolerances: Sequence[int]) -> Best:
    """Priority by priority, what comes near enough to the least value stays."""
    left = set(outcomes)
    least = []
    for level, tolerance in enumerate(tolerances):
        least.append(min(outcome.values[level] for outcome in left))
        left = {outcome for outcome in left if outcome.values[level] <= least[-1] + tolerance}
    return Best(tuple(least), frozenset(outcome.unfilled_units for outcome in left))


def tolerances_of(policy: Policy) -> Values:
    """By how much each priority may be missed; money by nothing."""
    given = {level.measure: level.tolerance for level in policy.levels}
    return tuple(given.get(measure, 0) for measure in policy.measures)


def best_strictly(problem: Problem) -> Best:
    """Under every rule of the policy, none relaxed."""
    return best_of(_outcomes(problem), tolerances_of(problem.policy))


def best_relaxed(problem: Problem) -> Best | None:
    """Rules are given up stage by stage until nothing is left, each time only if fewer units are.

    None where plans that are equally good leave different numbers of units: the policy then does not say which it is.
    """
    best = best_strictly(problem)
    for stage in sorted(set(problem.policy.relax.values())):
        if len(best.unfilled_units) > 1:
            return None
        if not max(best.unfilled_units):
            return best
        other = best_strictly(without(problem, stage))
        if len(other.unfilled_units) > 1:
            return None
        if max(other.unfilled_units) < max(best.unfilled_units):
            best = other
    return best if len(best.unfilled_units) == 1 else None


def without(problem: Problem, stage: int) -> Problem:
    """The problem with the rules given up that the policy relaxes at this stage or before it."""
    policy = problem.policy
    given_up = tuple(name for name, at in policy.relax.items() if at <= stage)
    return replace(problem, policy=replace(policy, off=(*policy.off, *given_up), relax={}))


def plans_to_try(problem: Problem) -> int:
    """A guess at how many plans there are: what each unit may do, to the number of units."""
    offered = brief(without_last_arrival(problem)).case
    ways = [max(1, int(offered.carries[:, part].sum())) + 1 for part in range(len(offered.demand))]
    total = 1
    for part, units in enumerate(offered.demand.tolist()):
        total *= ways[part] ** units
    return total


def _outcomes(problem: Problem) -> Iterable[Outcome]:
    made = brief(without_last_arrival(problem))
    for plan, unfilled in every_plan(made.case):
        cost = cost_of(made.case, plan, unfilled)
        if cost is not None:
            yield Outcome(_with_last_arrival(problem, made.facts, plan, cost), sum(unfilled))


def without_last_arrival(problem: Problem) -> Problem:
    """No sum over packages says when the last one arrives, so a case knows nothing of it."""
    levels = tuple(level for level in problem.policy.levels if level.measure != LATEST_ARRIVAL)
    return replace(problem, policy=replace(problem.policy, levels=levels))


def _with_last_arrival(problem: Problem, facts: Facts, plan: Sequence[Package], cost: Values) -> Values:
    if LATEST_ARRIVAL not in problem.policy.measures:
        return cost
    at = problem.policy.measures.index(LATEST_ARRIVAL)
    placed_at = problem.placed_at or datetime(1970, 1, 1, tzinfo=UTC)
    waits = [facts.lanes[package.lane].arrives_at - placed_at for package in plan]
    minutes = -(-max(waits, default=timedelta(0)) // timedelta(minutes=1))
    return (*cost[:at], minutes, *cost[at:])
