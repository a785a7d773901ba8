"""A source that has rejected too many orders ships nothing until its count is reset."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="max_rejects", meaning="a source with so many rejects is left out; 0: none is")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    if not limit:
        return None
    return Restriction(closed_lanes=facts.at_lanes(facts.of_offers("rejects")) >= limit)


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    for parcel in finished.parcels:
        rejects = parcel.offer.rejects
        if limit and rejects >= limit:
            yield f"{parcel.source_id} has rejected {rejects} orders, at {limit} it is left out"


RULE = Rule(
    name="rejecting_sources_are_left_out",
    meaning="a source with max_rejects rejects ships nothing",
    chinese="拒单达上限的源不派单",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
