"""Best stocked first: units come from where most of their SKU is, what is left from where the next most is."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="stock_minor_per_rank", meaning="price of a unit for each rank of its offer below the one with most of its SKU"
)


def _ranks(facts: Facts) -> Ints:
    """How many greater amounts of its SKU there are, [L, D]; offers with equally many share a rank."""
    available = facts.of_stock("available")
    ranks = np.zeros_like(available)
    for part in range(len(facts.skus)):
        _, ranks[:, part] = np.unique(-available[:, part], return_inverse=True)
    return facts.at_lanes(ranks)


def _measured(facts: Facts) -> Charge:
    return Charge(unit=_ranks(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(unit=_ranks(facts) * price) if price else None


def _ranks_in(finished: Finished, parcel: Parcel) -> int:
    own = parcel.offer.available
    ranks = 0
    for packed in parcel.contents:
        amounts = {offer.available.get(packed.sku, 0) for offer in finished.problem.offers}
        ranks += packed.units * sum(amount > own[packed.sku] for amount in amounts)
    return ranks


def _recount_ranks(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: _ranks_in(finished, parcel))


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: _ranks_in(finished, parcel) * price) if price else nothing(finished)


TERM = Term(
    name="best_stocked",
    measure="stock_ranks",
    meaning="how many ranks below the offer with most of its SKU every unit's offer stands",
    chinese="库存多者优先",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_ranks,
    recount_minor=_recount_minor,
)
