"""Packages leave only sources with tags that the policy allows."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

ONLY = WordsSetting(name="only_tags", meaning="a source needs one of these tags to ship; none: any may")
BLOCKED = WordsSetting(name="blocked_tags", meaning="sources with one of these tags may not ship")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    return Restriction(closed_lanes=refused([offer.tags for offer in facts.offers], only, blocked)[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    only, blocked = ONLY.of(finished.policy), BLOCKED.of(finished.policy)
    for parcel in finished.parcels:
        tags = parcel.offer.tags
        for tag in tags:
            if tag in blocked:
                yield f"{parcel.source_id} is {tag}, which is blocked"
        if only and not any(tag in only for tag in tags):
            yield f"{parcel.source_id} is none of {', '.join(only)}"


RULE = Rule(
    name="source_tags_are_allowed",
    meaning="packages leave only sources with a tag in only_tags, if it names any, and with none in blocked_tags",
    chinese="指定/屏蔽源标签",
    words=(ONLY, BLOCKED),
    asked_by=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
