"""Preferred carriers: every package that another one carries."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="unpreferred_carrier_minor", meaning="price of each package that no preferred carrier carries")
CARRIERS = WordsSetting(
    name="preferred_carriers", meaning="ids of the carriers that are preferred; none named: all are alike"
)


def _unpreferred(facts: Facts, policy: Policy) -> Ints:
    carriers = CARRIERS.of(policy)
    return np.array([bool(carriers) and lane.carrier_id not in carriers for lane in facts.lanes], dtype=np.int64)


def _measured(facts: Facts) -> Charge:
    return Charge(package=_unpreferred(facts, facts.problem.policy))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=_unpreferred(facts, policy) * price) if price and CARRIERS.of(policy) else None


def _is_unpreferred(finished: Finished, parcel: Parcel) -> bool:
    carriers = set(CARRIERS.of(finished.policy))
    return len(carriers) > 0 and parcel.lane.carrier_id not in carriers


def _recount_packages(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: 1 if _is_unpreferred(finished, parcel) else 0)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: price if _is_unpreferred(finished, parcel) else 0)


TERM = Term(
    name="carrier_preference",
    measure="unpreferred_carrier_packages",
    meaning="packages that no preferred carrier carries",
    chinese="承运商偏好",
    settings=(PRICE,),
    words=(CARRIERS,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
