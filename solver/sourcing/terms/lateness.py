"""Lateness: by how much every package misses the promise."""

from datetime import timedelta
from fractions import Fraction
from math import ceil

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts, micros_of
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import lane_of, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="lateness_minor_per_hour", default=100, meaning="price of each hour, or part of one, that a package is late"
)
PRICE_PER_DAY = Setting(
    name="lateness_minor_per_day", meaning="price of each day (24 hours), or part of one, that a package is late"
)
_MICROS_PER_MINUTE = 60_000_000
_MINUTES_PER_HOUR, _MINUTES_PER_DAY = 60, 1440


def late_minutes(facts: Facts) -> Ints:
    """Minutes by which each lane misses the promise, begun ones whole, [L]."""
    promised_at = facts.problem.promised_at
    if promised_at is None:
        return np.zeros(len(facts.lanes), dtype=np.int64)
    micros = np.maximum(facts.arrives_micros - micros_of(promised_at), 0)
    return -(-micros // _MICROS_PER_MINUTE)


def _measured(facts: Facts) -> Charge:
    return Charge(package=late_minutes(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    hour, day = PRICE.of(policy), PRICE_PER_DAY.of(policy)
    if facts.problem.promised_at is None or not (hour or day):
        return None
    late = late_minutes(facts)
    return Charge(package=-(-late // _MINUTES_PER_HOUR) * hour + -(-late // _MINUTES_PER_DAY) * day)


def _late(problem: Problem, package: Package) -> int:
    if problem.promised_at is None:
        return 0
    late = max(timedelta(0), lane_of(problem, package).arrives_at - problem.promised_at)
    return ceil(Fraction(late // timedelta(microseconds=1), _MICROS_PER_MINUTE))


def _recount_minutes(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: _late(problem, package))


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    hour, day = PRICE.of(problem.policy), PRICE_PER_DAY.of(problem.policy)

    def minor(package: Package) -> int:
        late = _late(problem, package)
        return ceil(Fraction(late, 60)) * hour + ceil(Fraction(late, 24 * 60)) * day

    return per_package(plan, minor)


TERM = Term(
    name="lateness",
    measure="late_minutes",
    meaning="by how much every package misses the promise",
    chinese="超时",
    settings=(PRICE, PRICE_PER_DAY),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
