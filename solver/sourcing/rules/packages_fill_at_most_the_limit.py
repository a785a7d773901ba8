"""The goods of a package take no more room than its service allows."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limits = facts.of_lanes("max_volume_mm3")
    return Restriction(package_most_mm3=np.where(limits > 0, limits, NO_LIMIT)) if limits.any() else None


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        limit = parcel.lane.max_volume_mm3
        if limit and parcel.volume_mm3 > limit:
            yield f"{parcel.volume_mm3} mm3 from {parcel.source_id} is more than the service's {limit} mm3"


RULE = Rule(
    name="packages_fill_at_most_the_limit",
    meaning="the goods of a package take no more room than its service allows",
    chinese="包裹体积上限",
    restrict=_restrict,
    broken=_broken,
)
