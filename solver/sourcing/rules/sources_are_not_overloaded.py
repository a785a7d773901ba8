"""No package leaves a source that is busier than the policy allows."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="max_load_basis_points",
    meaning="no source that already has more than so much of its day's work (10,000: all of it); 0: no limit",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    if not limit:
        return None
    return Restriction(closed_lanes=facts.at_lanes(facts.of_offers("load_basis_points")) > limit)


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    for parcel in finished.parcels:
        load = parcel.offer.load_basis_points
        if limit and load > limit:
            yield f"{parcel.source_id} is loaded to {load} basis points, at most {limit} allowed"


RULE = Rule(
    name="sources_are_not_overloaded",
    meaning="no package leaves a source whose load is above max_load_basis_points",
    chinese="源负荷上限",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
