"""A package holds no more units than its service and the policy allow."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="max_units_per_package", meaning="at most so many units in a package; 0: no limit")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    of_services, limit = facts.of_lanes("max_units"), LIMIT.of(policy)
    if not (limit or of_services.any()):
        return None
    most = np.where(of_services > 0, of_services, NO_LIMIT)
    return Restriction(package_most_units=np.minimum(most, limit or NO_LIMIT))


def _broken(finished: Finished) -> Iterator[str]:
    by_policy = LIMIT.of(finished.policy)
    for parcel in finished.parcels:
        for limit in (parcel.lane.max_units, by_policy):
            if limit and parcel.units > limit:
                yield f"{parcel.units} units in one package from {parcel.source_id}, at most {limit} allowed"


RULE = Rule(
    name="packages_hold_at_most_the_limit",
    meaning="a package holds no more units than its service and max_units_per_package allow",
    chinese="单包裹件数上限",
    settings=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
