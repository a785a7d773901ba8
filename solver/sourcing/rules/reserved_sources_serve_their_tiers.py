"""Sources that are set aside for customers of certain tiers ship to them alone."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import pairs_of, refused

RESERVED = WordsSetting(
    name="tier_sources",
    meaning='"gold|flagship": sources tagged flagship serve the customer tier gold only, and every other tier that a '
    "further pair names for the tag; a single word: tier and tag are the same",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    tier = facts.problem.customer_tier
    pairs = [(one, tag or one) for one, tag in pairs_of(RESERVED.of(policy))]
    reserved = {tag for _, tag in pairs} - {tag for one, tag in pairs if one == tier}
    if not reserved:
        return None
    closed = refused([offer.tags for offer in facts.offers], (), reserved)
    return Restriction(closed_lanes=closed[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    tiers_of: dict[str, set[str]] = {}
    for tier, tag in pairs_of(RESERVED.of(finished.policy)):
        tiers_of.setdefault(tag or tier, set()).add(tier)
    for parcel in finished.parcels:
        for tag in parcel.offer.tags:
            if tag in tiers_of and finished.problem.customer_tier not in tiers_of[tag]:
                yield f"{parcel.source_id} is {tag}, reserved for {', '.join(sorted(tiers_of[tag]))}"


RULE = Rule(
    name="reserved_sources_serve_their_tiers",
    meaning="sources with a tag in tier_sources ship only to customers of the tiers that it names",
    chinese="会员等级专属源",
    words=(RESERVED,),
    asked_by=(RESERVED,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
