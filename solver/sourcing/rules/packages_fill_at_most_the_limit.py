"""The goods of a package take no more room than its service allows."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import lane_of
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limits = facts.of_lanes("max_volume_mm3")
    return Restriction(package_most_mm3=np.where(limits > 0, limits, NO_LIMIT)) if limits.any() else None


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    for package in plan.packages:
        limit = lane_of(problem, package).max_volume_mm3
        volume_mm3 = sum(packed.units * problem.items[packed.sku].volume_mm3 for packed in package.contents)
        if limit and volume_mm3 > limit:
            yield f"{volume_mm3} mm3 from {package.source_id} is more than the service's {limit} mm3"


RULE = Rule(
    name="packages_fill_at_most_the_limit",
    meaning="the goods of a package take no more room than its service allows",
    chinese="包裹体积上限",
    restrict=_restrict,
    broken=_broken,
)
