"""Rejections: a package from a source that lately refused orders may well have to be sourced again."""

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="rejection_minor", meaning="price of a package for each order that its source lately refused to ship"
)


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.at_lanes(facts.of_offers("rejects")))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=facts.at_lanes(facts.of_offers("rejects") * price)) if price else None


def _recount_rejections(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.offer.rejects)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: parcel.offer.rejects * price)


TERM = Term(
    name="rejections",
    measure="rejections",
    meaning="how many orders the source of every package lately refused",
    chinese="拒单风险",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_rejections,
    recount_minor=_recount_minor,
)
