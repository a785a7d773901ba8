"""Picking: a SKU that travels in two packages is picked twice."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="pick_minor", meaning="price of each distinct SKU in each package")


def _measured(facts: Facts) -> Charge:
    return Charge(kind=np.ones(len(facts.lanes), dtype=np.int64))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(kind=np.full(len(facts.lanes), price, dtype=np.int64)) if price else None


def _recount_picks(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.kinds)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: parcel.kinds * price)


TERM = Term(
    name="picking",
    measure="picks",
    meaning="distinct SKUs of every package; one that travels in two packages is picked twice",
    chinese="拣货次数",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_picks,
    recount_minor=_recount_minor,
)
