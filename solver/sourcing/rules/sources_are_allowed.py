"""Packages leave only sources that the policy allows by their ids."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

ONLY = WordsSetting(name="only_sources", meaning="ids of the only sources that may ship; none: all may")
BLOCKED = WordsSetting(name="blocked_sources", meaning="ids of sources that may not ship")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    closed = refused([(source_id,) for source_id in facts.source_ids], only, blocked)
    return Restriction(closed_lanes=closed[facts.lane_source])


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    only, blocked = ONLY.of(problem.policy), BLOCKED.of(problem.policy)
    for package in plan.packages:
        if package.source_id in blocked:
            yield f"{package.source_id} is blocked"
        if only and package.source_id not in only:
            yield f"{package.source_id} is not among the only sources: {', '.join(only)}"


RULE = Rule(
    name="sources_are_allowed",
    meaning="packages leave only the sources in only_sources, if it names any, and none in blocked_sources",
    chinese="指定/屏蔽发货源",
    words=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
