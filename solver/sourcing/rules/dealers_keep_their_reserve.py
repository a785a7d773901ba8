"""A dealer (经销商) keeps what is reserved for his own trade. Where safety stock is stated too, the greater is kept."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    if not any(offer.reserve for offer in facts.offers):
        return None
    reserve = facts.of_stock("reserve")
    spare = np.maximum(facts.of_stock("available") - reserve, 0)
    return Restriction(stock=np.where(reserve > 0, spare, NO_LIMIT))


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    offers = {offer.key: offer for offer in problem.offers}
    taken = Counter[tuple[tuple[str, str], str]]()
    for package in plan.packages:
        for packed in package.contents:
            taken[(package.source_id, package.offer_id), packed.sku] += packed.units
    for (key, sku), units in sorted(taken.items()):
        left = offers[key].available.get(sku, 0) - units
        reserve = offers[key].reserve.get(sku, 0)
        if reserve and left < reserve:
            yield f"{key[0]} would keep {left} of {sku}, reserved are {reserve}"


RULE = Rule(
    name="dealers_keep_their_reserve",
    meaning="a source keeps the units that are reserved for its own trade",
    chinese="保留经销商自用库存",
    restrict=_restrict,
    broken=_broken,
)
