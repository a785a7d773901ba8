"""Soft rules: a package may break one, at the price that the policy names."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import nothing, per_package
from solver.sourcing.rule import Rule
from solver.sourcing.term import Recount, Term


def _soft(policy: Policy) -> Iterator[tuple[Rule, int]]:
    from solver.sourcing.dimensions import all_rules  # the registry of rules knows this file as well

    for rule in all_rules():
        if rule.name in policy.soft and rule.name not in policy.off:
            yield rule, policy.soft[rule.name]


def _broken(facts: Facts, policy: Policy, *, priced: bool) -> Ints:
    amounts = np.zeros(len(facts.lanes), dtype=np.int64)
    for rule, price in _soft(policy):
        restriction = rule.restrict(facts, policy)
        if restriction is not None and restriction.closed_lanes is not None:
            amounts += restriction.closed_lanes * (price if priced else 1)
    return amounts


def _measured(facts: Facts) -> Charge:
    return Charge(package=_broken(facts, facts.problem.policy, priced=False))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    return Charge(package=_broken(facts, policy, priced=True)) if policy.soft else None


def _recount(finished: Finished, *, priced: bool) -> Recount:
    if not finished.policy.soft:
        return nothing(finished)
    rules = list(_soft(finished.policy))

    def broken(parcel: Parcel) -> int:
        alone = finished.alone(parcel)
        return sum(price if priced else 1 for rule, price in rules if any(rule.broken(alone)))

    return per_package(finished, broken)


def _recount_rules(finished: Finished) -> Recount:
    return _recount(finished, priced=False)


def _recount_minor(finished: Finished) -> Recount:
    return _recount(finished, priced=True)


TERM = Term(
    name="soft_rules",
    measure="broken_rules",
    meaning="packages that break a rule which the policy made soft",
    chinese="软规则",
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_rules,
    recount_minor=_recount_minor,
)
