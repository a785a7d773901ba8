"""Unfilled units: what is ordered and not shipped."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_order
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="unfilled_minor_per_unit", default=100_000, meaning="price of each ordered unit that is not shipped"
)


def _units(facts: Facts) -> Charge:
    return Charge(unfilled=np.ones(len(facts.lines), dtype=np.int64))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(unfilled=np.full(len(facts.lines), price, dtype=np.int64)) if price else None


def _recount_units(finished: Finished) -> Recount:
    return per_order(finished, sum([line.unfilled_units for line in finished.plan.lines]))


def _recount_minor(finished: Finished) -> Recount:
    return per_order(finished, PRICE.of(finished.policy) * sum([line.unfilled_units for line in finished.plan.lines]))


TERM = Term(
    name="unfilled",
    measure="unfilled_units",
    meaning="ordered units that are not shipped",
    chinese="缺货",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_units,
    priced=_priced,
    recount_measure=_recount_units,
    recount_minor=_recount_minor,
)
