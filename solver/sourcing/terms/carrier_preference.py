"""Preferred carriers: every package that another one carries."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import lane_of, per_package
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="unpreferred_carrier_minor", meaning="price of each package that no preferred carrier carries")
CARRIERS = WordsSetting(
    name="preferred_carriers", meaning="ids of the carriers that are preferred; none named: all are alike"
)


def _unpreferred(facts: Facts, policy: Policy) -> Ints:
    carriers = CARRIERS.of(policy)
    return np.array([bool(carriers) and lane.carrier_id not in carriers for lane in facts.lanes], dtype=np.int64)


def _measured(facts: Facts) -> Charge:
    return Charge(package=_unpreferred(facts, facts.problem.policy))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=_unpreferred(facts, policy) * price) if price and CARRIERS.of(policy) else None


def _is_unpreferred(problem: Problem, package: Package) -> bool:
    carriers = set(CARRIERS.of(problem.policy))
    return len(carriers) > 0 and lane_of(problem, package).carrier_id not in carriers


def _recount_packages(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: 1 if _is_unpreferred(problem, package) else 0)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    return per_package(plan, lambda package: price if _is_unpreferred(problem, package) else 0)


TERM = Term(
    name="carrier_preference",
    measure="unpreferred_carrier_packages",
    meaning="packages that no preferred carrier carries",
    chinese="承运商偏好",
    settings=(PRICE,),
    words=(CARRIERS,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
