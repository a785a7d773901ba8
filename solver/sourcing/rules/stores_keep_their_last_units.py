"""A store keeps its last units of an SKU on the shelf."""

from collections.abc import Iterator

import numpy as np

from solver.network.model import SourceKind
from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem, Stage
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


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    kept = KEPT.of(problem.policy)
    for offer in problem.offers:
        if offer.kind != SourceKind.STORE or offer.stage != Stage.ON_HAND:
            continue
        for sku in sorted(problem.demand_units):
            units = sum(
                packed.units
                for package in plan.packages
                if (package.source_id, package.offer_id) == offer.key
                for packed in package.contents
                if packed.sku == sku
            )
            left = offer.available.get(sku, 0) - units
            if kept and units and left < kept:
                yield f"store {offer.source_id} would keep {left} of {sku}, at least {kept} asked"


RULE = Rule(
    name="stores_keep_their_last_units",
    meaning="a store keeps store_keeps_units of each SKU that it has on hand",
    chinese="门店保底库存",
    settings=(KEPT,),
    restrict=_restrict,
    broken=_broken,
)
