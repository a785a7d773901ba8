"""A source whose share of the orders is used up ships nothing: a dealer's quota over a batch or a day."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    left = facts.limits_of_offers("quota_orders_left")
    return Restriction(closed_lanes=facts.at_lanes(left) == 0) if (left == 0).any() else None


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        left = parcel.offer.quota_orders_left
        if left is not None and left <= 0:
            yield f"{parcel.source_id} has no orders left of its quota"


RULE = Rule(
    name="sources_stay_within_their_quota",
    meaning="a source whose quota of orders is used up ships nothing",
    chinese="派单配额",
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
