"""Nothing in a package has a side longer than its service takes. A side that is not known is taken as short."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limits = facts.of_lanes("max_side_mm")
    if not limits.any():
        return None
    most = np.where(limits > 0, limits, NO_LIMIT)
    return Restriction(closed_parts=facts.of_items("longest_side_mm") > most[:, None])


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        limit = parcel.lane.max_side_mm
        for sku in parcel.skus:
            side_mm = finished.problem.items[sku].longest_side_mm
            if limit and side_mm > limit:
                yield f"{sku} is {side_mm} mm long, {parcel.service_id} takes at most {limit}"


RULE = Rule(
    name="items_are_short_enough",
    meaning="nothing in a package has a side longer than its service takes",
    chinese="最长边限制",
    restrict=_restrict,
    broken=_broken,
)
