"""Packages travel only with carriers that the policy allows."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

ONLY = WordsSetting(name="only_carriers", meaning="ids of the only carriers that may be used; none: all may")
BLOCKED = WordsSetting(name="blocked_carriers", meaning="ids of carriers that may not be used")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    return Restriction(closed_lanes=refused([(lane.carrier_id,) for lane in facts.lanes], only, blocked))


def _broken(finished: Finished) -> Iterator[str]:
    only, blocked = ONLY.of(finished.policy), BLOCKED.of(finished.policy)
    for parcel in finished.parcels:
        carrier_id = parcel.lane.carrier_id
        if carrier_id in blocked:
            yield f"carrier {carrier_id} is blocked"
        if only and carrier_id not in only:
            yield f"carrier {carrier_id} is not among the only carriers: {', '.join(only)}"


RULE = Rule(
    name="carriers_are_allowed",
    meaning="packages travel only with the carriers in only_carriers, if it names any, and none in blocked_carriers",
    chinese="指定/屏蔽承运商",
    words=(ONLY, BLOCKED),
    asked_by=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
