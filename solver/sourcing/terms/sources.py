"""Sources that take part: each one has to be told, picked from, and collected from."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_order
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="source_minor", meaning="price of each source that ships anything of the order")


def _measured(facts: Facts) -> Charge:
    return Charge(source=np.ones(len(facts.source_ids), dtype=np.int64))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(source=np.full(len(facts.source_ids), price, dtype=np.int64)) if price else None


def _recount_sources(finished: Finished) -> Recount:
    return per_order(finished, len(finished.plan.source_ids))


def _recount_minor(finished: Finished) -> Recount:
    return per_order(finished, PRICE.of(finished.policy) * len(finished.plan.source_ids))


TERM = Term(
    name="sources",
    measure="sources",
    meaning="how many sources ship anything of the order",
    chinese="货源数",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_sources,
    recount_minor=_recount_minor,
)
