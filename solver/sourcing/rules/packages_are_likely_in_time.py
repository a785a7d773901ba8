"""Every package has a fair chance of being at the door by the promise.

The chance is the share of the lane's parcels that took no longer than there is between hand-over and promise. Where it
is not known, because nobody counted the parcels or the lane does not say when it is handed over, nothing is forbidden.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from solver.network.transit import arrival_permille
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="min_on_time_permille", most=1000, meaning="the least chance, of 1,000, of arriving by the promise; 0: any"
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit, promised_at = LIMIT.of(policy), facts.problem.promised_at
    if promised_at is None or not limit:
        return None
    chances = (
        None
        if lane.hand_over_at is None
        else arrival_permille(lane.transit_times, begins_at=lane.hand_over_at, deadline=promised_at)
        for lane in facts.lanes
    )
    return Restriction(closed_lanes=np.array([chance is not None and chance < limit for chance in chances], dtype=bool))


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    promised_at = finished.problem.promised_at
    if promised_at is None or not limit:
        return
    for parcel in finished.parcels:
        lane = parcel.lane
        if lane.transit_times is None or lane.hand_over_at is None:
            continue
        minutes = (promised_at - lane.hand_over_at) // timedelta(minutes=1)
        chance = lane.transit_times.on_time_permille(minutes)
        if chance < limit:
            yield f"the package from {parcel.source_id} is in time {chance} times of 1000, at least {limit} asked"


RULE = Rule(
    name="packages_are_likely_in_time",
    meaning="every package arrives by the promise with a chance of at least min_on_time_permille, where it is known",
    chinese="准时概率下限",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
