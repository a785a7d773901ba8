"""The actual weight of a package stays within its service's limit."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import lane_of
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction:
    limits = facts.of_lanes("max_weight_grams")
    return Restriction(package_most_grams=np.where(limits > 0, limits, NO_LIMIT))


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    for package in plan.packages:
        limit = lane_of(problem, package).max_weight_grams
        weight_grams = sum(packed.units * problem.items[packed.sku].weight_grams for packed in package.contents)
        if limit and weight_grams > limit:
            yield f"{weight_grams} g from {package.source_id} is more than the service's {limit} g"


RULE = Rule(
    name="packages_weigh_at_most_the_limit",
    meaning="the actual weight of a package stays within its service's limit",
    chinese="包裹重量上限",
    restrict=_restrict,
    broken=_broken,
)
