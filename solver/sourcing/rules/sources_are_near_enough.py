"""No package leaves a source farther away than the policy allows."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting
from solver.validation import MOST_METERS

LIMIT = Setting(name="max_distance_meters", most=MOST_METERS, meaning="no source farther than this; 0: no limit")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    return Restriction(closed_lanes=facts.of_lanes("distance_meters") > limit) if limit else None


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    for parcel in finished.parcels:
        meters = parcel.lane.distance_meters
        if limit and meters > limit:
            yield f"{parcel.source_id} is {meters} m away, at most {limit} allowed"


RULE = Rule(
    name="sources_are_near_enough",
    meaning="no package leaves a source farther away than max_distance_meters",
    chinese="不超过最远距离",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
