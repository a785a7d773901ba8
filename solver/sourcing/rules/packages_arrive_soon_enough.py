"""Every package is at the door within a stated time from the order."""

from collections.abc import Iterator
from datetime import timedelta

from solver.sourcing.facts import Facts, micros_of
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="max_minutes_to_door", meaning="at most so long from the order to the door, such as 120; 0: no limit"
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit, placed_at = LIMIT.of(policy), facts.problem.placed_at
    if placed_at is None or not limit:
        return None
    latest = micros_of(placed_at + timedelta(minutes=limit))
    return Restriction(closed_lanes=facts.arrives_micros > latest)


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    placed_at = finished.problem.placed_at
    if placed_at is None or not limit:
        return
    for parcel in finished.parcels:
        taken = parcel.lane.arrives_at - placed_at
        if taken > timedelta(minutes=limit):
            yield f"the package from {parcel.source_id} takes {taken} from the order on, at most {limit} min allowed"


RULE = Rule(
    name="packages_arrive_soon_enough",
    meaning="every package is at the door within max_minutes_to_door from the order",
    chinese="时效上限",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
