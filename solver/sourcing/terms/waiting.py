"""Waiting: the time from placing the order to the arrival of every package, nights and holidays included."""

from datetime import timedelta
from fractions import Fraction
from math import ceil

import numpy as np

from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts, micros_of
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import half_up, lane_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="waiting_minor_per_day",
    meaning="price of each 24 hours that the customer waits for a package; rounds half up",
)
_MICROS_PER_MINUTE = 60_000_000
_MINUTES_PER_DAY = 1440


def _minutes(facts: Facts) -> Ints:
    placed_at = facts.problem.placed_at
    if placed_at is None:
        return np.zeros(len(facts.lanes), dtype=np.int64)
    micros = np.maximum(facts.arrives_micros - micros_of(placed_at), 0)
    return -(-micros // _MICROS_PER_MINUTE)


def _measured(facts: Facts) -> Charge:
    return Charge(package=_minutes(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=at_price(_minutes(facts), price, per=_MINUTES_PER_DAY)) if price else None


def _waited(problem: Problem, package: Package) -> int:
    if problem.placed_at is None:
        return 0
    waited = max(timedelta(0), lane_of(problem, package).arrives_at - problem.placed_at)
    return ceil(Fraction(waited // timedelta(microseconds=1), _MICROS_PER_MINUTE))


def _recount_minutes(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: _waited(problem, package))


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    if not price:
        return nothing(plan)
    return per_package(plan, lambda package: half_up(Fraction(_waited(problem, package) * price, 24 * 60)))


TERM = Term(
    name="waiting",
    measure="waiting_minutes",
    meaning="how long the customer waits for every package from placing the order, begun minutes whole",
    chinese="等待时间",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
