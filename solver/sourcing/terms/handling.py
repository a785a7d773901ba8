"""Handling at the source: per order that it takes part in, per package, per distinct SKU in a package, per unit."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import kinds_in, offer_of, units_in
from solver.sourcing.term import Recount, Term


def _falls(facts: Facts) -> Charge:
    per_order = np.zeros(len(facts.source_ids), dtype=np.int64)
    per_order[facts.offer_source] = facts.of_offers("handling_per_order_minor")
    per_unit = facts.at_lanes(facts.of_offers("handling_per_unit_minor"))
    return Charge(
        source=per_order,
        package=facts.at_lanes(facts.of_offers("handling_per_package_minor")),
        kind=facts.at_lanes(facts.of_offers("handling_per_line_minor")),
        unit=np.repeat(per_unit[:, None], len(facts.skus), axis=1),
    )


def _priced(facts: Facts, policy: Policy) -> Charge:
    return _falls(facts)


def _recount(problem: Problem, plan: Plan) -> Recount:
    order = sum({
        package.source_id: offer_of(problem, package).handling_per_order_minor for package in plan.packages
    }.values())  # fmt: skip
    return Recount(packages=tuple(_package_minor(problem, package) for package in plan.packages), order=order)


def _package_minor(problem: Problem, package: Package) -> int:
    offer = offer_of(problem, package)
    return (
        offer.handling_per_package_minor
        + kinds_in(package) * offer.handling_per_line_minor
        + units_in(package) * offer.handling_per_unit_minor
    )


TERM = Term(
    name="handling",
    measure="handling_minor",
    meaning="the source's price of its work: per order, package, distinct SKU in a package, and unit",
    chinese="操作费",
    measured=_falls,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
