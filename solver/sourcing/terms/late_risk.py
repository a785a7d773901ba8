"""The risk of being late: how likely every package misses the promise, by how parcels really fared."""

from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np

from solver.network.lanes import Lane
from solver.network.transit import CERTAIN_PERMILLE
from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="late_risk_minor",
    meaning="price of a package that is certain to be late; the others pay their chance of it, rounded half up",
)
_MINUTE = timedelta(minutes=1)


def _permilles(facts: Facts) -> Ints:
    return np.array([_permille(facts, lane) for lane in facts.lanes], dtype=np.int64)


def _permille(facts: Facts, lane: Lane) -> int:
    """Without transit times that were seen, or with nobody saying when they begin, the planned arrival is certain."""
    promised_at = facts.problem.promised_at
    if promised_at is None:
        return 0
    if lane.transit_times is None or lane.hand_over_at is None:
        return CERTAIN_PERMILLE if lane.arrives_at > promised_at else 0
    return CERTAIN_PERMILLE - lane.transit_times.on_time_permille((promised_at - lane.hand_over_at) // _MINUTE)


def _measured(facts: Facts) -> Charge:
    return Charge(package=_permilles(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price or facts.problem.promised_at is None:
        return None
    return Charge(package=at_price(_permilles(facts), price, per=CERTAIN_PERMILLE))


def _risk(finished: Finished, parcel: Parcel) -> int:
    lane, promised_at = parcel.lane, finished.problem.promised_at
    if promised_at is None:
        return 0
    if lane.transit_times is None or lane.hand_over_at is None:
        return 1000 if lane.arrives_at > promised_at else 0
    allowed = floor(Fraction((promised_at - lane.hand_over_at) // timedelta(microseconds=1), 60_000_000))
    stretches = [_share(begin, end, allowed) for begin, end in pairwise(lane.transit_times.quantiles_minutes)]
    return 1000 - floor(1000 * Fraction(sum(stretches), len(stretches)))


def _share(begin: int, end: int, allowed: int) -> Fraction:
    """How much of a stretch between two quantiles lies within the minutes allowed."""
    if allowed >= end:
        return Fraction(1)
    if allowed <= begin:
        return Fraction(0)
    return Fraction(allowed - begin, end - begin)


def _recount_permille(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: _risk(finished, parcel))


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    if not price:
        return nothing(finished)
    return per_package(finished, lambda parcel: half_up_of(_risk(finished, parcel) * price, 1000))


TERM = Term(
    name="late_risk",
    measure="late_risk_permille",
    meaning="the chance of every package, of 1,000, to miss the promise, by the transit times that were seen",
    chinese="超时风险",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_permille,
    recount_minor=_recount_minor,
)
