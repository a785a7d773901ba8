"""No package leaves a store farther away than the policy allows for stores."""

from collections.abc import Iterator

import numpy as np

from solver.network.model import SourceKind
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="max_store_distance_meters", meaning="no store farther than this; 0: no limit")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    if not limit:
        return None
    stores = np.array([offer.kind == SourceKind.STORE for offer in facts.offers], dtype=bool)
    return Restriction(closed_lanes=stores[facts.lane_offer] & (facts.of_lanes("distance_meters") > limit))


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    for parcel in finished.parcels:
        meters = parcel.lane.distance_meters
        if limit and parcel.offer.kind == SourceKind.STORE and meters > limit:
            yield f"store {parcel.source_id} is {meters} m away, at most {limit} allowed"


RULE = Rule(
    name="stores_are_near_enough",
    meaning="no package leaves a store farther away than max_store_distance_meters",
    chinese="门店配送半径",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
