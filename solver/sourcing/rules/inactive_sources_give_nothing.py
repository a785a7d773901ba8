"""A source that is switched off ships nothing."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    active = facts.of_offers("is_active").astype(bool)
    return None if active.all() else Restriction(closed_lanes=~active[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        if not parcel.offer.is_active:
            yield f"{parcel.source_id} is not active"


RULE = Rule(
    name="inactive_sources_give_nothing",
    meaning="a source that is not active ships nothing",
    chinese="停用的源不发货",
    restrict=_restrict,
    broken=_broken,
)
