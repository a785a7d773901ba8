"""No package holds a material that its service refuses: hazmat, battery, cold_chain ..."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.tagging import bearing


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    tags = sorted({tag for lane in facts.lanes for tag in lane.refuses_tags})
    if not tags:
        return None
    refuses = bearing([lane.refuses_tags for lane in facts.lanes], tags)
    bears = bearing([facts.problem.items[sku].tags for sku in facts.skus], tags)
    return Restriction(closed_parts=refuses @ bears.T)


def _broken(finished: Finished) -> Iterator[str]:
    for parcel in finished.parcels:
        refused_tags = parcel.lane.refuses_tags
        for sku in parcel.skus:
            for tag in finished.problem.items[sku].tags:
                if tag in refused_tags:
                    yield f"{sku} is {tag}, which {parcel.service_id} refuses"


RULE = Rule(
    name="carriers_accept_the_materials",
    meaning="no package holds a material with a tag that its service refuses",
    chinese="承运商拒收品类",
    restrict=_restrict,
    broken=_broken,
)
