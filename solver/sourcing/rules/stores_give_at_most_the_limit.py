"""A store picks only so many units for an order."""

from collections.abc import Iterator

import numpy as np

from solver.network.model import SourceKind
from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.limits import least_of
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="max_units_per_store", meaning="at most so many units of an order from a store; 0: no limit")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    if not limit:
        return None
    of_offers = [limit if offer.kind == SourceKind.STORE else NO_LIMIT for offer in facts.offers]
    most = least_of(np.array(of_offers, dtype=np.int64), facts.offer_source, len(facts.source_ids))
    return Restriction(source_most_units=most)


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    stores = sorted({offer.source_id for offer in finished.at_sources if offer.kind == SourceKind.STORE})
    for source_id in stores if limit else ():
        units = sum(parcel.units for parcel in finished.parcels if parcel.source_id == source_id)
        if units > limit:
            yield f"store {source_id} gives {units} units, at most {limit} allowed"


RULE = Rule(
    name="stores_give_at_most_the_limit",
    meaning="a store gives at most max_units_per_store units of an order",
    chinese="门店单笔件数上限",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
