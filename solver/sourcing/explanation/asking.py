"""Questions beside the one asked: the same problem with something changed, and whether its answer is better."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.relaxation import stages

Decide = Callable[[Problem], Plan]


class TimeIsUp(Exception):
    """A question that there is no time for."""


def in_time(decide: Decide, seconds_left: Callable[[], float]) -> Decide:
    """The same, but for TimeIsUp in place of an answer once no time is left."""

    def decide_in_time(problem: Problem) -> Plan:
        if seconds_left() <= 0:
            raise TimeIsUp
        return decide(problem)

    return decide_in_time


def main_source_id(plan: Plan) -> str | None:
    """The source that ships the most units; the first by id of several; None where nothing is shipped."""
    units: dict[str, int] = {}
    for package in plan.packages:
        packed = sum(content.units for content in package.contents)
        units[package.source_id] = units.get(package.source_id, 0) + packed
    return min(units, key=lambda source_id: (-units[source_id], source_id), default=None)


def without_source(problem: Problem, source_id: str) -> Problem:
    """The same problem as if the source did not exist."""
    return replace(
        problem,
        offers=tuple(offer for offer in problem.offers if offer.source_id != source_id),
        lanes=tuple(lane for lane in problem.lanes if lane.source_id != source_id),
    )


def under(problem: Problem, policy: Policy) -> Problem:
    """The same problem under another policy."""
    return replace(problem, policy=policy)


def without_rules(problem: Problem, names: Iterable[str]) -> Problem:
    """The same problem without these rules."""
    off = tuple(sorted({*problem.policy.off, *names}))
    return under(problem, replace(problem.policy, off=off))


def as_decided(problem: Problem, plan: Plan) -> Problem:
    """The problem under the rules that were in force when the plan was made: those that it relaxed are off."""
    needed = set(plan.relaxed_rules)
    policy = next(stage for stage in stages(problem.policy) if needed <= {*stage.off})
    return under(problem, replace(policy, relax={}))


def is_better(plan: Plan, than: Plan) -> bool:
    """True where the plan comes first by the priorities of their policy, the same for both.

    A priority with a tolerance is as good as its least value, whatever the plan makes of the tolerance.
    """
    return _standing(plan) < _standing(than)


def _standing(plan: Plan) -> tuple[int, ...]:
    values = tuple(level.bound if level.tolerance else level.value for level in plan.levels)
    return values or (plan.total_minor,)
