"""Packages travel only by services that the policy allows."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

ONLY = WordsSetting(name="only_services", meaning="ids of the only carrier services that may be used; none: all may")
BLOCKED = WordsSetting(name="blocked_services", meaning="ids of carrier services that may not be used")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    closed = refused([(service_id,) for service_id in facts.service_ids], only, blocked)
    return Restriction(closed_lanes=closed[facts.lane_service])


def _broken(finished: Finished) -> Iterator[str]:
    only, blocked = ONLY.of(finished.policy), BLOCKED.of(finished.policy)
    for parcel in finished.parcels:
        if parcel.service_id in blocked:
            yield f"service {parcel.service_id} is blocked"
        if only and parcel.service_id not in only:
            yield f"service {parcel.service_id} is not among the only services: {', '.join(only)}"


RULE = Rule(
    name="services_are_allowed",
    meaning="packages travel only by the services in only_services, if it names any, and none in blocked_services",
    chinese="指定/屏蔽承运服务",
    words=(ONLY, BLOCKED),
    asked_by=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
