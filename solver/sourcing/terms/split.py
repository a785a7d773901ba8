"""Splitting: every package after the order's first, and every source after the first."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_order, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PACKAGE_PRICE = Setting(name="split_minor", default=200, meaning="price of every package after the first")
SOURCE_PRICE = Setting(name="split_minor_per_source", meaning="price of every source after the first")


def _packages(facts: Facts) -> Charge:
    return Charge(package=np.ones(len(facts.lanes), dtype=np.int64))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    package, source = PACKAGE_PRICE.of(policy), SOURCE_PRICE.of(policy)
    return Charge(further_package=package, further_source=source) if package or source else None


def _recount_packages(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: 1)


def _recount_minor(finished: Finished) -> Recount:
    further_packages = max(0, len(finished.plan.packages) - 1)
    further_sources = max(0, len({parcel.source_id for parcel in finished.parcels}) - 1)
    policy = finished.policy
    return per_order(finished, further_packages * PACKAGE_PRICE.of(policy) + further_sources * SOURCE_PRICE.of(policy))


TERM = Term(
    name="split",
    measure="packages",
    meaning="how many packages the order travels in",
    chinese="拆单",
    settings=(PACKAGE_PRICE, SOURCE_PRICE),
    asked_by=(PACKAGE_PRICE, SOURCE_PRICE),
    measured=_packages,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
