"""Load of the source: a package from a source that has much to do already costs more than one from an idle one."""

from solver.sourcing.amounts import at_price
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="load_minor_per_percent",
    meaning="price of a package for each percent of the day's work that its source already has; rounds half up",
)
_BASIS_POINTS_PER_PERCENT = 100


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.at_lanes(facts.of_offers("load_basis_points")))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price:
        return None
    per_offer = at_price(facts.of_offers("load_basis_points"), price, per=_BASIS_POINTS_PER_PERCENT)
    return Charge(package=facts.at_lanes(per_offer))


def _recount_load(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.offer.load_basis_points)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    if not price:
        return nothing(finished)
    return per_package(finished, lambda parcel: half_up_of(parcel.offer.load_basis_points * price, 100))


TERM = Term(
    name="source_load",
    measure="load_basis_points",
    meaning="how much of its day's work the source of every package already has",
    chinese="负荷均衡",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_load,
    recount_minor=_recount_minor,
)
