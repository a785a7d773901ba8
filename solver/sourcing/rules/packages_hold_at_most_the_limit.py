"""A package holds no more units than its service and the policy allow."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import lane_of, units_in
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="max_units_per_package", meaning="at most so many units in a package; 0: no limit")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    of_services, limit = facts.of_lanes("max_units"), LIMIT.of(policy)
    if not (limit or of_services.any()):
        return None
    most = np.where(of_services > 0, of_services, NO_LIMIT)
    return Restriction(package_most_units=np.minimum(most, limit or NO_LIMIT))


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    for package in plan.packages:
        units = units_in(package)
        for limit in (lane_of(problem, package).max_units, LIMIT.of(problem.policy)):
            if limit and units > limit:
                yield f"{units} units in one package from {package.source_id}, at most {limit} allowed"


RULE = Rule(
    name="packages_hold_at_most_the_limit",
    meaning="a package holds no more units than its service and max_units_per_package allow",
    chinese="单包裹件数上限",
    settings=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
