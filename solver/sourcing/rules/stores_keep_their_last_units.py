"""A store keeps its last units of an SKU on the shelf."""

from collections.abc import Iterator

import numpy as np

from solver.network.model import SourceKind
from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Stage
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

KEPT = Setting(name="store_keeps_units", meaning="units of each SKU that a store keeps of what it has on hand")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    kept = KEPT.of(policy)
    if not kept:
        return None
    on_shelf = [offer.kind == SourceKind.STORE and offer.stage == Stage.ON_HAND for offer in facts.offers]
    spare = np.maximum(facts.of_stock("available") - kept, 0)
    return Restriction(stock=np.where(np.array(on_shelf, dtype=bool)[:, None], spare, NO_LIMIT))


def _broken(finished: Finished) -> Iterator[str]:
    kept = KEPT.of(finished.policy)
    for offer in finished.offers if kept else ():
        if offer.kind != SourceKind.STORE or offer.stage != Stage.ON_HAND:
            continue
        for sku, units in sorted(finished.taken[offer.key].items()):
            left = offer.available.get(sku, 0) - units
            if left < kept:
                yield f"store {offer.source_id} would keep {left} of {sku}, at least {kept} asked"


RULE = Rule(
    name="stores_keep_their_last_units",
    meaning="a store keeps store_keeps_units of each SKU that it has on hand",
    chinese="门店保底库存",
    settings=(KEPT,),
    asked_by=(KEPT,),
    restrict=_restrict,
    broken=_broken,
)
