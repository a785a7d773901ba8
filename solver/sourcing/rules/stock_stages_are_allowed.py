"""What is not there yet ships only where the policy allows: stock on its way, backorders, pre-sales."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Stage
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

IN_TRANSIT = Setting(name="allow_in_transit", default=1, most=1, meaning="0: stock on its way to a source stays out")
BACKORDER = Setting(name="allow_backorder", default=1, most=1, meaning="0: nothing is still to be made or bought")
PRE_SALE = Setting(name="allow_pre_sale", default=1, most=1, meaning="0: nothing is sold before it is released")
_SETTING_OF = {Stage.IN_TRANSIT: IN_TRANSIT, Stage.BACKORDER: BACKORDER, Stage.PRE_SALE: PRE_SALE}


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    forbidden = {stage for stage, setting in _SETTING_OF.items() if not setting.of(policy)}
    if not forbidden:
        return None
    closed = np.array([offer.stage in forbidden for offer in facts.offers], dtype=bool)
    return Restriction(closed_lanes=closed[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        stage = parcel.offer.stage
        if stage in _SETTING_OF and not _SETTING_OF[stage].of(finished.policy):
            yield f"the package from {parcel.source_id} is of {stage} stock, which is not allowed"


RULE = Rule(
    name="stock_stages_are_allowed",
    meaning="stock in transit, backorders and pre-sales ship only where the policy allows them",
    chinese="在途/缺货预订/预售是否可用",
    settings=(IN_TRANSIT, BACKORDER, PRE_SALE),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
