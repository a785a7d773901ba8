"""Change: packages that leave a standing plan's source or service. So a new plan alters only what is worth it."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="change_minor_per_package",
    meaning="price of each package from another source or by another service than the plan that stands",
)


def _changed(facts: Facts) -> Ints:
    standing = facts.problem.standing
    return np.array(
        [bool(standing) and (lane.source_id, lane.service_id) not in standing for lane in facts.lanes], dtype=np.int64
    )


def _measured(facts: Facts) -> Charge:
    return Charge(package=_changed(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=_changed(facts) * price) if price and facts.problem.standing else None


def _is_changed(problem: Problem, package: Package) -> bool:
    before = {f"{source_id}\n{service_id}" for source_id, service_id in problem.standing}
    return len(before) > 0 and f"{package.source_id}\n{package.service_id}" not in before


def _recount_packages(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: 1 if _is_changed(problem, package) else 0)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    return per_package(plan, lambda package: price if _is_changed(problem, package) else 0)


TERM = Term(
    name="change",
    measure="changed_packages",
    meaning="packages from another source or by another service than the plan that stands",
    chinese="改派",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
