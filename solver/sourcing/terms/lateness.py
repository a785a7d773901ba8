"""Lateness: by how much every package misses the promise."""

from datetime import timedelta

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts, micros_of
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import begun, per_package
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


def _late(finished: Finished, parcel: Parcel) -> int:
    promised_at = finished.problem.promised_at
    if promised_at is None or parcel.lane.arrives_at <= promised_at:
        return 0
    return begun((parcel.lane.arrives_at - promised_at) // timedelta(microseconds=1), 60_000_000)


def _recount_minutes(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: _late(finished, parcel))


def _recount_minor(finished: Finished) -> Recount:
    hour, day = PRICE.of(finished.policy), PRICE_PER_DAY.of(finished.policy)

    def minor(parcel: Parcel) -> int:
        late = _late(finished, parcel)
        return begun(late, 60) * hour + begun(late, 24 * 60) * day

    return per_package(finished, minor)


TERM = Term(
    name="lateness",
    measure="late_minutes",
    meaning="by how much every package misses the promise",
    chinese="超时",
    settings=(PRICE, PRICE_PER_DAY),
    asked_by=(PRICE, PRICE_PER_DAY),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
