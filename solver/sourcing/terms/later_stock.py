"""Later stock: every unit that is still on its way to the source, or still to be bought or made."""

import numpy as np

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Stage
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

IN_TRANSIT = Setting(
    name="in_transit_minor_per_unit", meaning="price of each unit taken from stock that is on its way to the source"
)
BACKORDER = Setting(name="backorder_minor_per_unit", meaning="price of each unit still to be bought or made")
PRE_SALE = Setting(name="pre_sale_minor_per_unit", meaning="price of each unit sold before it is there")


def _per_unit(facts: Facts, price_of: dict[Stage, int]) -> Charge:
    per_offer = np.array([price_of.get(offer.stage, 0) for offer in facts.offers], dtype=np.int64)
    return Charge(unit=np.repeat(facts.at_lanes(per_offer)[:, None], len(facts.skus), axis=1))


def _measured(facts: Facts) -> Charge:
    return _per_unit(facts, {stage: 1 for stage in Stage if stage is not Stage.ON_HAND})


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price_of = {
        Stage.IN_TRANSIT: IN_TRANSIT.of(policy),
        Stage.BACKORDER: BACKORDER.of(policy),
        Stage.PRE_SALE: PRE_SALE.of(policy),
    }
    return _per_unit(facts, price_of) if any(price_of.values()) else None


def _recount_units(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: 0 if parcel.package.stage == Stage.ON_HAND else parcel.units)


def _recount_minor(finished: Finished) -> Recount:
    def price(stage: Stage) -> int:
        match stage:
            case Stage.ON_HAND:
                return 0
            case Stage.IN_TRANSIT:
                return IN_TRANSIT.of(finished.policy)
            case Stage.BACKORDER:
                return BACKORDER.of(finished.policy)
            case Stage.PRE_SALE:
                return PRE_SALE.of(finished.policy)

    return per_package(finished, lambda parcel: parcel.units * price(parcel.package.stage))


TERM = Term(
    name="later_stock",
    measure="later_units",
    meaning="units from stock that is not there yet: on its way, to be bought or made, or sold ahead",
    chinese="在途与预售",
    settings=(IN_TRANSIT, BACKORDER, PRE_SALE),
    asked_by=(IN_TRANSIT, BACKORDER, PRE_SALE),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_units,
    recount_minor=_recount_minor,
)
