"""Priority of sources, unit by unit: as much as can be had from the first, what is left from the second, and so on."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="unit_priority_minor_per_rank", meaning="price of a unit for each rank of its source below the first"
)


def _ranks(facts: Facts) -> Ints:
    """Ranks below the first, [L, D]; a source without a priority comes after the last that has one."""
    priorities = facts.of_offers("priority")
    ranks = np.where(priorities > 0, priorities - 1, priorities.max(initial=0))
    return np.repeat(facts.at_lanes(ranks)[:, None], len(facts.skus), axis=1)


def _measured(facts: Facts) -> Charge:
    return Charge(unit=_ranks(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(unit=_ranks(facts) * price) if price else None


def _rank(finished: Finished, parcel: Parcel) -> int:
    stated = parcel.offer.priority
    return stated - 1 if stated else max(offer.priority for offer in finished.problem.offers)


def _recount_ranks(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: parcel.units * _rank(finished, parcel))


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: parcel.units * _rank(finished, parcel) * price)


TERM = Term(
    name="unit_priority",
    measure="unit_priority_ranks",
    meaning="how many ranks below the first the source of every unit stands; without a priority it comes last",
    chinese="按件发货优先级",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_ranks,
    recount_minor=_recount_minor,
)
