"""Priority of sources, unit by unit: as much as can be had from the first, what is left from the second, and so on."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import offer_of, per_package, units_in
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="unit_priority_minor_per_rank", meaning="price of a unit for each rank of its source below the first"
)


def _ranks(facts: Facts) -> Ints:
    """Ranks below the first, [L, D]; a source without a priority comes after the last that has one."""
    priorities = facts.of_offers("priority")
    ranks = np.where(priorities > 0, priorities - 1, priorities.max(initial=0))
    return np.repeat(facts.at_lanes(ranks)[:, None], len(facts.skus), axis=1)


def _measured(facts: Facts) -> Charge:
    return Charge(unit=_ranks(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(unit=_ranks(facts) * price) if price else None


def _rank(problem: Problem, package: Package) -> int:
    stated = offer_of(problem, package).priority
    return stated - 1 if stated else max(offer.priority for offer in problem.offers)


def _recount_ranks(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: units_in(package) * _rank(problem, package))


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    return per_package(plan, lambda package: units_in(package) * _rank(problem, package) * price)


TERM = Term(
    name="unit_priority",
    measure="unit_priority_ranks",
    meaning="how many ranks below the first the source of every unit stands; without a priority it comes last",
    chinese="按件发货优先级",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_ranks,
    recount_minor=_recount_minor,
)
