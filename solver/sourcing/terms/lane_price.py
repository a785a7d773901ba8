"""Lane price: what a caller says that a lane costs, per package and per unit of each SKU, beside its card."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.term import Recount, Term


def _per_unit(facts: Facts) -> Ints:
    rows = [[lane.unit_minor.get(sku, 0) for sku in facts.skus] for lane in facts.lanes]
    return np.array(rows, dtype=np.int64).reshape(len(facts.lanes), len(facts.skus))


def _falls(facts: Facts) -> Charge:
    return Charge(package=facts.of_lanes("package_minor"), unit=_per_unit(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    stated = any(lane.package_minor or lane.unit_minor for lane in facts.lanes)
    return _falls(facts) if stated else None


def _recount(finished: Finished) -> Recount:
    return per_package(finished, _package_minor)


def _package_minor(parcel: Parcel) -> int:
    lane = parcel.lane
    by_sku = lane.unit_minor
    of_units = sum([packed.units * by_sku.get(packed.sku, 0) for packed in parcel.contents]) if by_sku else 0
    return lane.package_minor + of_units


TERM = Term(
    name="lane_price",
    measure="lane_price_minor",
    meaning="what a lane is said to cost beside its card, per package and per unit of each SKU",
    chinese="线路价",
    measured=_falls,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
