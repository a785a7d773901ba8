"""Picking: a SKU that travels in two packages is picked twice."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import kinds_in, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="pick_minor", meaning="price of each distinct SKU in each package")


def _measured(facts: Facts) -> Charge:
    return Charge(kind=np.ones(len(facts.lanes), dtype=np.int64))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(kind=np.full(len(facts.lanes), price, dtype=np.int64)) if price else None


def _recount_picks(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, kinds_in)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    return per_package(plan, lambda package: kinds_in(package) * price)


TERM = Term(
    name="picking",
    measure="picks",
    meaning="distinct SKUs of every package; one that travels in two packages is picked twice",
    chinese="拣货次数",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_picks,
    recount_minor=_recount_minor,
)
