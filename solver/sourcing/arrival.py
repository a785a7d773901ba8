"""The order's last arrival as a strict priority: a bottleneck, which no sum over packages can say.

The least last arrival is found by bisection: lanes that arrive later are left out, and the priorities before it must
not get worse than they may; money, where it is none of those, is not asked. What is left is an ordinary problem.
Shipping nothing arrives at once, so where no priority before it asks for anything to ship, nothing does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from solver.sourcing.dimensions import all_terms
from solver.sourcing.plan import LevelValue, Plan
from solver.sourcing.policy import COST, LATEST_ARRIVAL, Level
from solver.sourcing.problem import Problem

Decide = Callable[[Problem, tuple[int, ...] | None], Plan]
"""Decides a problem. With what its first levels may come to, any plan that keeps to it will do, or a bound above it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def arrival_minutes(problem: Problem, plan: Plan) -> int:
    """Minutes from the order's placing (or from 1970) to its last package's arrival, begun ones whole; 0 for none."""
    return max((_minutes(problem, package.arrives_at) for package in plan.packages), default=0)


def decide_with_latest_arrival(problem: Problem, decide: Decide) -> Plan:
    """Decide a problem whose policy has LATEST_ARRIVAL among its levels; `decide` answers those that have not.

    The plan is as sure as the least sure of the answers on the way, and has the first reason why any was handed over.
    """
    steps: list[Plan] = []
    answered: list[bool] = []

    def asked(other: Problem, most: tuple[int, ...] | None = None) -> Plan:
        plan = decide(other, most)
        steps.append(plan)
        answered.append(plan.is_proven or (most is not None and _answers(plan, most)))
        return plan

    levels = problem.policy.levels
    position = problem.policy.measures.index(LATEST_ARRIVAL)
    first, arrival, later = levels[:position], levels[position], levels[position + 1 :]
    best = asked(_free(_under(problem, first))).levels[:position]
    most = tuple(max(level.value, level.bound + level.tolerance) for level in best)
    arrivals = [0, *sorted({_minutes(problem, lane.arrives_at) for lane in problem.lanes})]

    def keeps(by: int) -> bool | None:
        is_kept = _within(_until(problem, by), first, most, asked) is not None
        return is_kept if is_kept or answered[-1] else None

    earliest = _bisect(arrivals, keeps)
    rest = _until(problem, earliest + arrival.tolerance)
    # With lanes enough to keep to every priority, only tolerances have to be worked out again.
    kept = _within(rest, first, most, asked) if any(level.tolerance for level in first) else first
    plan = asked(_under(rest, (*(first if kept is None else kept), *later)))
    reason = next((step.fallback_reason for step in steps if step.fallback_reason), "")
    is_sure = all(answered)
    return replace(_with_level(problem, plan, best, arrival, earliest if is_sure else 0), fallback_reason=reason)


def _answers(plan: Plan, most: tuple[int, ...]) -> bool:
    """True when the plan says whether any keeps to what its first levels may come to."""
    first = plan.levels[: len(most)]
    keeps = all(level.value <= limit for level, limit in zip(first, most, strict=True))
    return keeps or tuple(level.bound for level in first) > most


def _within(
    problem: Problem, levels: Sequence[Level], most: tuple[int, ...], decide: Decide
) -> tuple[Level, ...] | None:
    """The priorities with such tolerances that each may come to its `most`; None where they cannot all keep to it.

    With fewer lanes a priority's least value may be higher, which uses up some of its tolerance.
    """
    if not levels:
        return ()
    if not any(level.tolerance for level in levels):
        plan = decide(_free(_under(problem, levels)), most)
        reached = all(level.value <= limit for level, limit in zip(plan.levels, most, strict=False))
        return tuple(levels) if reached else None
    kept: list[Level] = []
    for level, limit in zip(levels, most, strict=True):
        plan = decide(_free(_under(problem, (*kept, replace(level, tolerance=0)))), None)
        spare = limit - plan.levels[len(kept)].value
        if spare < 0:
            return None
        kept.append(replace(level, tolerance=spare))
    return tuple(kept)


def _with_level(problem: Problem, plan: Plan, best: Sequence[LevelValue], level: Level, earliest: int) -> Plan:
    """The plan with the last arrival among its priorities; what was least before any lane was left out is least.

    No plan arrives before `earliest`, if this one is proven.
    """
    minutes = arrival_minutes(problem, plan)
    money = LevelValue(measure="cost_minor", value=plan.total_minor, bound=plan.bound_minor)
    levels = plan.levels or (money,)
    before = (replace(known, value=now.value) for known, now in zip(best, levels, strict=False))
    bound = min(earliest, minutes) if plan.is_proven else 0
    arrival = LevelValue(measure=LATEST_ARRIVAL, value=minutes, bound=bound, tolerance=level.tolerance)
    return replace(plan, levels=(*before, arrival, *levels[len(best) :]))


def _under(problem: Problem, levels: Sequence[Level]) -> Problem:
    return replace(problem, policy=replace(problem.policy, levels=tuple(levels)))


def _free(problem: Problem) -> Problem:
    """Where money is no priority, what costs nothing: the priorities are the same, and sooner known."""
    policy = problem.policy
    if any(level.measure == COST for level in policy.levels):
        return problem
    off = tuple(term.name for term in all_terms() if term.name not in policy.off)
    return replace(problem, policy=replace(policy, off=(*policy.off, *off)))


def _until(problem: Problem, by_minutes: int) -> Problem:
    """Without the lanes that arrive later; until minute 0 there is none."""
    lanes = (lane for lane in problem.lanes if by_minutes and _minutes(problem, lane.arrives_at) <= by_minutes)
    return replace(problem, lanes=tuple(lanes))


def _bisect(arrivals: Sequence[int], keeps: Callable[[int], bool | None]) -> int:
    """The first arrival with which the priorities before are kept; they are with the last.

    Where that is not known (None), the earliest of which it is: time is up, and to ask on would go beyond it.
    """
    low, high = 0, len(arrivals) - 1
    while low < high:
        middle = (low + high) // 2
        match keeps(arrivals[middle]):
            case True:
                high = middle
            case False:
                low = middle + 1
            case None:
                break
    return arrivals[high]


def _minutes(problem: Problem, arrives_at: datetime) -> int:
    return -(((problem.placed_at or _EPOCH) - arrives_at) // _MINUTE)


def is_asked(levels: tuple[Level, ...]) -> bool:
    """True where a policy has the last arrival among its priorities."""
    return any(level.measure == LATEST_ARRIVAL for level in levels)
