"""Distance: every package's great-circle way from its source to the door."""

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="distance_minor_per_km", meaning="price of each package's way; fractions round half up")
_METERS_PER_KM = 1000


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.of_lanes("distance_meters"))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    minor_per_km = PRICE.of(policy)
    if not minor_per_km:
        return None
    twice = 2 * facts.of_lanes("distance_meters") * minor_per_km
    return Charge(package=(twice + _METERS_PER_KM) // (2 * _METERS_PER_KM))


def _recount_meters(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.lane.distance_meters)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    if not price:
        return nothing(finished)
    return per_package(finished, lambda parcel: half_up_of(parcel.lane.distance_meters * price, 1000))


TERM = Term(
    name="distance",
    measure="distance_meters",
    meaning="the way of every package from its source to the door",
    chinese="距离",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_meters,
    recount_minor=_recount_minor,
)
