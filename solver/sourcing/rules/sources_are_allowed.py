"""Packages leave only sources that the policy allows by their ids."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

ONLY = WordsSetting(name="only_sources", meaning="ids of the only sources that may ship; none: all may")
BLOCKED = WordsSetting(name="blocked_sources", meaning="ids of sources that may not ship")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    closed = refused([(source_id,) for source_id in facts.source_ids], only, blocked)
    return Restriction(closed_lanes=closed[facts.lane_source])


def _broken(finished: Finished) -> Iterator[str]:
    only, blocked = ONLY.of(finished.policy), BLOCKED.of(finished.policy)
    for parcel in finished.parcels:
        if parcel.source_id in blocked:
            yield f"{parcel.source_id} is blocked"
        if only and parcel.source_id not in only:
            yield f"{parcel.source_id} is not among the only sources: {', '.join(only)}"


RULE = Rule(
    name="sources_are_allowed",
    meaning="packages leave only the sources in only_sources, if it names any, and none in blocked_sources",
    chinese="指定/屏蔽发货源",
    words=(ONLY, BLOCKED),
    asked_by=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
