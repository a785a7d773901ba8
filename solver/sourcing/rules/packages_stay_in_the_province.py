"""No package leaves a province other than that of the address."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

SWITCH = Setting(name="forbid_cross_province", most=1, meaning="1: no package may come from another province")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    return Restriction(closed_lanes=facts.of_lanes("crosses_province") > 0) if SWITCH.of(policy) else None


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        if SWITCH.of(finished.policy) and parcel.lane.crosses_province:
            yield f"the package from {parcel.source_id} comes from another province"


RULE = Rule(
    name="packages_stay_in_the_province",
    meaning="with forbid_cross_province no package comes from another province",
    chinese="禁止跨省",
    settings=(SWITCH,),
    asked_by=(SWITCH,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
