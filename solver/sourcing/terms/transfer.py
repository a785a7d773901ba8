"""Transfers: what it costs that goods go to another source first and ship from there."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.term import Recount, Term


def _falls(facts: Facts) -> Charge:
    per_unit = facts.of_lanes("transfer_per_unit_minor")
    return Charge(
        package=facts.of_lanes("transfer_per_package_minor"),
        unit=np.repeat(per_unit[:, None], len(facts.skus), axis=1),
    )


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    costs = facts.of_lanes("transfer_per_package_minor").any() or facts.of_lanes("transfer_per_unit_minor").any()
    return _falls(facts) if costs else None


def _recount(finished: Finished) -> Recount:
    return per_package(finished, _transfer_minor)


def _transfer_minor(parcel: Parcel) -> int:
    lane = parcel.lane
    return lane.transfer_per_package_minor + parcel.units * lane.transfer_per_unit_minor


TERM = Term(
    name="transfer",
    measure="transfer_minor",
    meaning="the price of taking goods to another source before they ship, per package and per unit",
    chinese="调拨费",
    measured=_falls,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
