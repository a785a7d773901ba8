"""Waiting: the time from placing the order to the arrival of every package, nights and holidays included."""

from datetime import timedelta

import numpy as np

from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts, micros_of
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import begun, half_up_of, nothing, per_package
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


def _waited(finished: Finished, parcel: Parcel) -> int:
    placed_at = finished.problem.placed_at
    if placed_at is None or parcel.lane.arrives_at <= placed_at:
        return 0
    return begun((parcel.lane.arrives_at - placed_at) // timedelta(microseconds=1), 60_000_000)


def _recount_minutes(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: _waited(finished, parcel))


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    if not price:
        return nothing(finished)
    return per_package(finished, lambda parcel: half_up_of(_waited(finished, parcel) * price, 24 * 60))


TERM = Term(
    name="waiting",
    measure="waiting_minutes",
    meaning="how long the customer waits for every package from placing the order, begun minutes whole",
    chinese="等待时间",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
