"""No package is on its way for longer than the policy allows: for what spoils or melts."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="max_transit_minutes", meaning="at most so long from hand-over to the door by the tariff; 0: no limit"
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    return Restriction(closed_lanes=facts.of_lanes("transit_minutes") > limit) if limit else None


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    for parcel in finished.parcels:
        minutes = parcel.lane.transit_minutes
        if limit and minutes > limit:
            yield f"the package from {parcel.source_id} is on its way for {minutes} min, at most {limit} allowed"


RULE = Rule(
    name="transit_is_short_enough",
    meaning="no package is on its way for longer than max_transit_minutes",
    chinese="在途时长上限",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
