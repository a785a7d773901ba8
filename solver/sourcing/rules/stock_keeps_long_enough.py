"""Nothing ships that expires too soon. Stock without lots is of no known age, and not restricted."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="min_days_to_expiry",
    meaning="lots with fewer days until they expire do not ship; 0: only what has expired does not",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    if not any(offer.lots for offer in facts.offers):
        return None
    limit = LIMIT.of(policy)
    most = np.full((len(facts.offers), len(facts.skus)), NO_LIMIT, dtype=np.int64)
    for row, offer in enumerate(facts.offers):
        for sku, lots in offer.lots.items():
            if lots and sku in facts.part_of:
                most[row, facts.part_of[sku]] = sum(lot.units for lot in lots if lot.days_to_expiry >= limit)
    return Restriction(stock=most)


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    for offer in finished.offers:
        taken = finished.taken[offer.key]
        for sku, lots in sorted(offer.lots.items()) if offer.lots else ():
            keeping = sum(lot.units for lot in lots if lot.days_to_expiry >= limit)
            if lots and taken.get(sku, 0) > keeping:
                yield f"{offer.source_id} gives {taken[sku]} of {sku}, only {keeping} keep {limit} days"


RULE = Rule(
    name="stock_keeps_long_enough",
    meaning="only units of lots with at least min_days_to_expiry days left ship",
    chinese="最短剩余保质期",
    settings=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
