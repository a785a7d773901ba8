"""Packaging: the carton and filling of every package, at its source's price."""

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.term import Recount, Term


def _falls(facts: Facts) -> Charge:
    return Charge(package=facts.at_lanes(facts.of_offers("packaging_minor")))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    return _falls(facts) if facts.of_offers("packaging_minor").any() else None


def _recount(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.offer.packaging_minor)


TERM = Term(
    name="packaging",
    measure="packaging_minor",
    meaning="the source's price of a package's carton and filling",
    chinese="包材费",
    measured=_falls,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
