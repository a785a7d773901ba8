"""Packages travel only by services that the policy allows."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

ONLY = WordsSetting(name="only_services", meaning="ids of the only carrier services that may be used; none: all may")
BLOCKED = WordsSetting(name="blocked_services", meaning="ids of carrier services that may not be used")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    closed = refused([(service_id,) for service_id in facts.service_ids], only, blocked)
    return Restriction(closed_lanes=closed[facts.lane_service])


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    only, blocked = ONLY.of(problem.policy), BLOCKED.of(problem.policy)
    for package in plan.packages:
        if package.service_id in blocked:
            yield f"service {package.service_id} is blocked"
        if only and package.service_id not in only:
            yield f"service {package.service_id} is not among the only services: {', '.join(only)}"


RULE = Rule(
    name="services_are_allowed",
    meaning="packages travel only by the services in only_services, if it names any, and none in blocked_services",
    chinese="指定/屏蔽承运服务",
    words=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
