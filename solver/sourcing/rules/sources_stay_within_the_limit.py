"""The order is shipped by at most so many sources."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="max_sources", most=MOST_PACKAGES, meaning="at most so many sources for an order; 0: no limit")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    limit = LIMIT.of(policy)
    return Restriction(most_sources=limit) if limit else None


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    sources = {parcel.source_id for parcel in finished.parcels}
    if limit and len(sources) > limit:
        yield f"{len(sources)} sources, at most {limit} allowed"


RULE = Rule(
    name="sources_stay_within_the_limit",
    meaning="the order is shipped by at most max_sources sources",
    chinese="发货源数上限",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
