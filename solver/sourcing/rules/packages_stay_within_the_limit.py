"""The order travels in at most so many packages."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="max_packages", default=5, least=1, most=MOST_PACKAGES, meaning="at most so many packages for an order"
)


def _restrict(facts: Facts, policy: Policy) -> Restriction:
    return Restriction(most_packages=LIMIT.of(policy))


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    limit = LIMIT.of(problem.policy)
    if len(plan.packages) > limit:
        yield f"{len(plan.packages)} packages, at most {limit} allowed"


RULE = Rule(
    name="packages_stay_within_the_limit",
    meaning="the order travels in at most max_packages packages",
    chinese="包裹数上限",
    settings=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
