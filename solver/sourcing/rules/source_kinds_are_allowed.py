"""Packages leave only sources of a kind that the policy allows."""

from collections.abc import Iterator

from solver.network.model import SourceKind
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import refused

KINDS = tuple(kind.value for kind in SourceKind)
ONLY = WordsSetting(
    name="only_kinds",
    meaning="the only kinds of source that may ship: warehouse, store ...; none: all",
    choices=KINDS,
)
BLOCKED = WordsSetting(name="blocked_kinds", meaning="kinds of source that may not ship", choices=KINDS)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    only, blocked = ONLY.of(policy), BLOCKED.of(policy)
    if not (only or blocked):
        return None
    return Restriction(closed_lanes=refused([(offer.kind,) for offer in facts.offers], only, blocked)[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    only, blocked = ONLY.of(finished.policy), BLOCKED.of(finished.policy)
    for parcel in finished.parcels:
        kind = parcel.offer.kind
        if kind in blocked or (only and kind not in only):
            yield f"{parcel.source_id} is a {kind}, which may not ship"


RULE = Rule(
    name="source_kinds_are_allowed",
    meaning="packages leave only sources of a kind in only_kinds, if it names any, and of none in blocked_kinds",
    chinese="指定/屏蔽源类型",
    words=(ONLY, BLOCKED),
    asked_by=(ONLY, BLOCKED),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
