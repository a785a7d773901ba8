"""Labour: the time that people at the source need for every package and every unit in it."""

from fractions import Fraction

import numpy as np

from solver.sourcing.amounts import at_price
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="labour_minor_per_hour",
    meaning="price of an hour's work; what a package and what a unit take of it each round half up",
)
_MINUTES_PER_HOUR = 60


def _measured(facts: Facts) -> Charge:
    per_unit = facts.at_lanes(facts.of_offers("minutes_per_unit"))
    return Charge(
        package=facts.at_lanes(facts.of_offers("minutes_per_package")),
        unit=np.repeat(per_unit[:, None], len(facts.skus), axis=1),
    )


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price:
        return None
    per_package, per_unit = (
        facts.at_lanes(at_price(facts.of_offers(name), price, per=_MINUTES_PER_HOUR))
        for name in ("minutes_per_package", "minutes_per_unit")
    )
    return Charge(package=per_package, unit=np.repeat(per_unit[:, None], len(facts.skus), axis=1))


def _recount_minutes(finished: Finished) -> Recount:
    def minutes(parcel: Parcel) -> int:
        offer = parcel.offer
        return offer.minutes_per_package + parcel.units * offer.minutes_per_unit

    return per_package(finished, minutes)


def _recount_minor(finished: Finished) -> Recount:
    if not PRICE.of(finished.policy):
        return nothing(finished)
    per_minute = Fraction(PRICE.of(finished.policy), 60)

    def minor(parcel: Parcel) -> int:
        offer = parcel.offer
        of_unit = half_up(offer.minutes_per_unit * per_minute)
        return half_up(offer.minutes_per_package * per_minute) + parcel.units * of_unit

    return per_package(finished, minor)


TERM = Term(
    name="labour",
    measure="handling_minutes",
    meaning="working time at the source, per package and per unit",
    chinese="工时",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
