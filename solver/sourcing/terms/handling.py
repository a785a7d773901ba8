"""Handling at the source: per order that it takes part in, per package, per distinct SKU in a package, per unit."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.term import Recount, Term


def _falls(facts: Facts) -> Charge:
    per_order = np.zeros(len(facts.source_ids), dtype=np.int64)
    per_order[facts.offer_source] = facts.of_offers("handling_per_order_minor")
    per_unit = facts.at_lanes(facts.of_offers("handling_per_unit_minor"))
    return Charge(
        source=per_order,
        package=facts.at_lanes(facts.of_offers("handling_per_package_minor")),
        kind=facts.at_lanes(facts.of_offers("handling_per_line_minor")),
        unit=np.repeat(per_unit[:, None], len(facts.skus), axis=1),
    )


def _priced(facts: Facts, policy: Policy) -> Charge:
    return _falls(facts)


def _recount(finished: Finished) -> Recount:
    of_sources = {parcel.offer.source_id: parcel.offer.handling_per_order_minor for parcel in finished.parcels}
    packages = tuple([_package_minor(parcel) for parcel in finished.parcels])
    return Recount(packages=packages, order=sum(of_sources.values()))


def _package_minor(parcel: Parcel) -> int:
    offer = parcel.offer
    return (
        offer.handling_per_package_minor
        + parcel.kinds * offer.handling_per_line_minor
        + parcel.units * offer.handling_per_unit_minor
    )


TERM = Term(
    name="handling",
    measure="handling_minor",
    meaning="the source's price of its work: per order, package, distinct SKU in a package, and unit",
    chinese="操作费",
    measured=_falls,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
