"""Province borders: every package that goes to another province than its source's."""

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import lane_of, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="cross_province_minor", meaning="price of each package that goes to another province")


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.of_lanes("crosses_province"))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=facts.of_lanes("crosses_province") * price) if price else None


def _recount_packages(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: 1 if lane_of(problem, package).crosses_province else 0)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    return per_package(plan, lambda package: price if lane_of(problem, package).crosses_province else 0)


TERM = Term(
    name="cross_province",
    measure="cross_province_packages",
    meaning="packages that go to another province than their source's",
    chinese="跨省",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
