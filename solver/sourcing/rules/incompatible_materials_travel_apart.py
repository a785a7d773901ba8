"""Materials that may not travel together do not share a package."""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import bearing, pairs_of

APART = WordsSetting(
    name="apart_tags",
    meaning='"hazmat|food": no SKU tagged hazmat shares a package with another tagged food; a single word: an SKU '
    "with this tag shares its packages with no other",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    pairs = tuple(pairs_of(APART.of(policy)))
    if not pairs:
        return None
    tags = [facts.problem.items[sku].tags for sku in facts.skus]
    left = bearing(tags, [tag for tag, _ in pairs])
    right = bearing(tags, [tag for _, tag in pairs]) | np.array([not tag for _, tag in pairs])
    apart = left @ right.T
    apart |= apart.T
    np.fill_diagonal(apart, val=False)
    return Restriction(apart=apart) if apart.any() else None


def _broken(finished: Finished) -> Iterator[str]:
    items = finished.problem.items
    pairs = list(pairs_of(APART.of(finished.policy)))
    for parcel in finished.parcels if pairs else ():
        for one in parcel.skus:
            for other in parcel.skus:
                for left, right in pairs:
                    if one != other and left in items[one].tags and (not right or right in items[other].tags):
                        yield f"{one} ({left}) and {other} ({right or 'anything else'}) share a package"


RULE = Rule(
    name="incompatible_materials_travel_apart",
    meaning="SKUs with tags that apart_tags names do not share a package",
    chinese="禁止混装",
    words=(APART,),
    asked_by=(APART,),
    restrict=_restrict,
    broken=_broken,
)
