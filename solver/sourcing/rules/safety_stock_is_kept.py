"""A source gives only what it has above its safety stock."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

ALL_OR_NOTHING = Setting(
    name="safety_all_or_nothing",
    most=1,
    meaning="1: a source gives nothing of an SKU of which it has, above its safety stock, less than the order asks",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    if not any(offer.safety for offer in facts.offers):
        return None
    safety = facts.of_stock("safety")
    above = np.maximum(facts.of_stock("available") - safety, 0)
    if ALL_OR_NOTHING.of(policy):
        above[(safety > 0) & (above < facts.demand)] = 0
    return Restriction(stock=np.where(safety > 0, above, NO_LIMIT))


def _broken(finished: Finished) -> Iterator[str]:
    for offer in finished.offers:
        for sku, units in sorted(finished.taken[offer.key].items()) if offer.safety else ():
            safety = offer.safety.get(sku, 0)
            above = max(0, offer.available.get(sku, 0) - safety)
            if safety and ALL_OR_NOTHING.of(finished.policy) and above < finished.problem.demand_units[sku]:
                above = 0
            if safety and units > above:
                yield f"{offer.source_id} gives {units} of {sku}, above its safety stock of {safety} are {above}"


RULE = Rule(
    name="safety_stock_is_kept",
    meaning="a source gives only what it has above its safety stock",
    chinese="保留安全库存",
    settings=(ALL_OR_NOTHING,),
    restrict=_restrict,
    broken=_broken,
)
