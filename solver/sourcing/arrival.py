"""The order's last arrival as a strict priority: a bottleneck, which no sum over packages can say.

The least latest arrival is found by bisection over the lanes' arrivals: lanes that arrive later are left out, and the
priorities before it must not get worse. What is left is an ordinary problem.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from solver.sourcing.plan import LevelValue, Plan
from solver.sourcing.policy import LATEST_ARRIVAL, Level, Policy
from solver.sourcing.problem import Problem

Decide = Callable[[Problem], Plan]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def arrival_minutes(problem: Problem, plan: Plan) -> int:
    """Minutes from the order's placing (or from 1970) to its last package's arrival, begun ones whole; 0 for none."""
    return max((_minutes(problem, package.arrives_at) for package in plan.packages), default=0)


def decide_with_latest_arrival(problem: Problem, decide: Decide) -> Plan:
    """Decide a problem whose policy has LATEST_ARRIVAL among its levels; `decide` answers those that have not."""
    policy = problem.policy
    position = policy.measures.index(LATEST_ARRIVAL)
    first = replace(policy, levels=policy.levels[:position])
    wanted = _before(decide(replace(problem, policy=first)), policy, position)
    arrivals = sorted({lane.arrives_at for lane in problem.lanes})
    earliest = _bisect(arrivals, lambda by: _keeps(decide(_until(problem, by, first)), position, wanted))
    proven_minutes = _minutes(problem, earliest) if earliest is not None else 0
    tolerance = policy.levels[position].tolerance
    by = None if earliest is None else earliest + tolerance * _MINUTE
    rest = replace(policy, levels=tuple(level for level in policy.levels if level.measure != LATEST_ARRIVAL))
    plan = decide(replace(problem, policy=rest) if by is None else _until(problem, by, rest))
    return _with_level(problem, plan, position, proven_minutes)


def _with_level(problem: Problem, plan: Plan, position: int, bound_minutes: int) -> Plan:
    minutes = arrival_minutes(problem, plan)
    money = LevelValue(measure="cost_minor", value=plan.total_minor, bound=plan.bound_minor)
    levels = plan.levels or (money,)
    tolerance = problem.policy.levels[position].tolerance
    level = LevelValue(measure=LATEST_ARRIVAL, value=minutes, bound=min(bound_minutes, minutes), tolerance=tolerance)
    return replace(plan, levels=(*levels[:position], level, *levels[position:]))


def _until(problem: Problem, by: datetime, policy: Policy) -> Problem:
    return replace(problem, policy=policy, lanes=tuple(lane for lane in problem.lanes if lane.arrives_at <= by))


def _before(plan: Plan, policy: Policy, position: int) -> tuple[int, ...]:
    """What the priorities before the arrival may come to at most."""
    values = [level.value for level in plan.levels[:position]]
    return tuple(value + level.tolerance for value, level in zip(values, policy.levels, strict=False))


def _keeps(plan: Plan, position: int, wanted: tuple[int, ...]) -> bool:
    values = (level.value for level in plan.levels[:position])
    return all(value <= most for value, most in zip(values, wanted, strict=True))


def _bisect(arrivals: list[datetime], keeps: Callable[[datetime], bool]) -> datetime | None:
    """The first arrival with which the priorities before are kept; None where nothing needs to arrive at all."""
    low, high = 0, len(arrivals) - 1
    while low < high:
        middle = (low + high) // 2
        if keeps(arrivals[middle]):
            high = middle
        else:
            low = middle + 1
    return arrivals[low] if arrivals else None


def _minutes(problem: Problem, arrives_at: datetime) -> int:
    return -(((problem.placed_at or _EPOCH) - arrives_at) // _MINUTE)


def is_asked(levels: tuple[Level, ...]) -> bool:
    """True where a policy has the last arrival among its priorities."""
    return any(level.measure == LATEST_ARRIVAL for level in levels)
