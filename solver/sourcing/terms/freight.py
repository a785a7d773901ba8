"""Freight by the carrier's tariff: the rate card of the lane at the package's billable weight."""

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import begun, per_package
from solver.sourcing.term import Recount, Term


def _by_card(facts: Facts) -> Charge:
    return Charge(cards=facts.cards)


def _priced(facts: Facts, policy: Policy) -> Charge:
    return _by_card(facts)


def _recount(finished: Finished) -> Recount:
    return per_package(finished, _freight_minor)


def _freight_minor(parcel: Parcel) -> int:
    grams = parcel.package.billable_grams
    for band in parcel.lane.card.bands:
        if band.up_to_grams is None or grams <= band.up_to_grams:
            steps = begun(max(0, grams - band.from_grams), band.step_grams)
            return band.base_minor + steps * band.step_minor
    return 0  # not carried, which the judge reports by itself


TERM = Term(
    name="freight",
    measure="freight_minor",
    meaning="the carrier's price of every package, by its billable weight",
    chinese="运费",
    measured=_by_card,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
