"""A dealer (经销商) keeps what is reserved for his own trade. Where safety stock is stated too, the greater is kept."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    if not any(offer.reserve for offer in facts.offers):
        return None
    reserve = facts.of_stock("reserve")
    spare = np.maximum(facts.of_stock("available") - reserve, 0)
    return Restriction(stock=np.where(reserve > 0, spare, NO_LIMIT))


def _broken(finished: Finished) -> Iterator[str]:
    reserving = [offer for offer in finished.offers if offer.reserve]
    for offer in sorted(reserving, key=lambda offer: offer.key):
        for sku, units in sorted(finished.taken[offer.key].items()):
            left = offer.available.get(sku, 0) - units
            reserve = offer.reserve.get(sku, 0)
            if reserve and left < reserve:
                yield f"{offer.source_id} would keep {left} of {sku}, reserved are {reserve}"


RULE = Rule(
    name="dealers_keep_their_reserve",
    meaning="a source keeps the units that are reserved for its own trade",
    chinese="保留经销商自用库存",
    restrict=_restrict,
    broken=_broken,
)
