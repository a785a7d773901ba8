"""Stock value: what a unit is worth to the orders still to come, above the same at the order's least worthy offer.

Values are stated with the offers (solver/foresight makes them); where none is, a unit left behind is worth nothing.
Only the difference between offers counts: it says where a unit is missed least, and shipping stays worth while.
"""

from fractions import Fraction

import numpy as np

from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

SHARE = Setting(
    name="stock_value_permille",
    most=1_000_000,
    meaning="share of the value of stock left behind, in thousandths, that counts as a cost; rounds half up per unit",
)
REFRESH = Setting(
    name="stock_value_refresh_orders",
    most=1_000_000,
    meaning="after so many orders a replay reckons the values of stock anew; 0: it reckons none",
)


def _missed(facts: Facts) -> Ints:
    """What a unit of each offer is worth above the offer of least worth that has any, [N, D]."""
    values = facts.of_stock("stock_value_minor")
    none_there = np.iinfo(np.int64).max
    least = np.where(facts.stock > 0, values, none_there).min(axis=0, initial=none_there)
    return np.where(facts.stock > 0, values - least, 0)


def _measured(facts: Facts) -> Charge:
    return Charge(unit=facts.at_lanes(_missed(facts)))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    share = SHARE.of(policy)
    stated = any(offer.stock_value_minor for offer in facts.offers)
    return Charge(unit=facts.at_lanes(at_price(_missed(facts), share, per=1000))) if share and stated else None


def _recount(finished: Finished, share: Fraction) -> Recount:
    offers = finished.problem.offers

    def missed(parcel: Parcel) -> int:
        values = parcel.offer.stock_value_minor
        return sum(
            packed.units * half_up(share * (values.get(packed.sku, 0) - least(packed.sku)))
            for packed in parcel.contents
        )

    def least(sku: str) -> int:
        return min(offer.stock_value_minor.get(sku, 0) for offer in offers if offer.available.get(sku, 0) > 0)

    return per_package(finished, missed)


def _recount_missed(finished: Finished) -> Recount:
    return _recount(finished, Fraction(1))


def _recount_minor(finished: Finished) -> Recount:
    share = SHARE.of(finished.policy)
    return _recount(finished, Fraction(share, 1000)) if share else nothing(finished)


TERM = Term(
    name="stock_value",
    measure="stock_value_minor",
    meaning="what the units are worth to orders to come, above the same units at the order's offers of least worth",
    chinese="库存机会成本",
    settings=(SHARE, REFRESH),
    asked_by=(SHARE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_missed,
    recount_minor=_recount_minor,
)
