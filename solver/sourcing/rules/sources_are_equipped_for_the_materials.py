"""A material that needs something of its source leaves only where there is that: the cold chain, a licence, a vault."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import bearing, pairs_of

NEEDS = WordsSetting(
    name="needs_tag",
    meaning='"cold_chain|cold_room": materials tagged cold_chain leave only sources tagged cold_room; '
    "a single word: both bear the same tag",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    needs = [(material, source or material) for material, source in pairs_of(NEEDS.of(policy))]
    if not needs:
        return None
    bears = bearing([facts.problem.items[sku].tags for sku in facts.skus], [material for material, _ in needs])
    lacks = ~bearing([offer.tags for offer in facts.offers], [source for _, source in needs])
    closed = lacks @ bears.T
    return Restriction(closed_parts=closed[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        tags = parcel.offer.tags
        for sku in parcel.skus:
            for material, source in pairs_of(NEEDS.of(finished.policy)):
                if material in finished.problem.items[sku].tags and (source or material) not in tags:
                    yield f"{sku} is {material}, and {parcel.source_id} is not {source or material}"


RULE = Rule(
    name="sources_are_equipped_for_the_materials",
    meaning="materials with a tag in needs_tag leave only sources with the tag that it asks for",
    chinese="特殊商品需具备条件的源",
    words=(NEEDS,),
    asked_by=(NEEDS,),
    restrict=_restrict,
    broken=_broken,
)
