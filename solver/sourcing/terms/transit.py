"""Transit: how long every package is on the carrier's way."""

from solver.sourcing.amounts import at_price
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="transit_minor_per_day",
    meaning="price of each 24 hours that a package is on the carrier's way; rounds half up",
)
_MINUTES_PER_DAY = 1440


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.of_lanes("transit_minutes"))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=at_price(facts.of_lanes("transit_minutes"), price, per=_MINUTES_PER_DAY)) if price else None


def _recount_minutes(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.lane.transit_minutes)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    if not price:
        return nothing(finished)
    return per_package(finished, lambda parcel: half_up_of(parcel.lane.transit_minutes * price, 24 * 60))


TERM = Term(
    name="transit",
    measure="transit_minutes",
    meaning="how long every package is on its way from hand-over to the door, as the tariff states it",
    chinese="在途时间",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
