"""The actual weight of a package stays within its service's limit."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction:
    limits = facts.of_lanes("max_weight_grams")
    return Restriction(package_most_grams=np.where(limits > 0, limits, NO_LIMIT))


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        limit = parcel.lane.max_weight_grams
        if limit and parcel.weight_grams > limit:
            yield f"{parcel.weight_grams} g from {parcel.source_id} is more than the service's {limit} g"


RULE = Rule(
    name="packages_weigh_at_most_the_limit",
    meaning="the actual weight of a package stays within its service's limit",
    chinese="包裹重量上限",
    restrict=_restrict,
    broken=_broken,
)
