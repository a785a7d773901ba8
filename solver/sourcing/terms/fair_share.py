"""Fair shares: a package from a source that is above its agreed share of orders costs more."""

from solver.sourcing.amounts import at_price
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="share_excess_minor_per_percent",
    meaning="price of a package for each percentage point of its source's orders above its share; rounds half up",
)
_BASIS_POINTS_PER_PERCENT = 100


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.at_lanes(facts.of_offers("share_excess_basis_points")))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price:
        return None
    per_offer = at_price(facts.of_offers("share_excess_basis_points"), price, per=_BASIS_POINTS_PER_PERCENT)
    return Charge(package=facts.at_lanes(per_offer))


def _recount_excess(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.offer.share_excess_basis_points)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    if not price:
        return nothing(finished)
    return per_package(finished, lambda parcel: half_up_of(parcel.offer.share_excess_basis_points * price, 100))


TERM = Term(
    name="fair_share",
    measure="share_excess_basis_points",
    meaning="by how much the source of every package is above its agreed share of orders",
    chinese="经销商份额",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_excess,
    recount_minor=_recount_minor,
)
