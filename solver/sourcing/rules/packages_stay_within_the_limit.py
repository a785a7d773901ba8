"""The order travels in at most so many packages."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import MOST_PACKAGES, Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(
    name="max_packages", default=5, least=1, most=MOST_PACKAGES, meaning="at most so many packages for an order"
)


def _restrict(facts: Facts, policy: Policy) -> Restriction:
    return Restriction(most_packages=LIMIT.of(policy))


def _broken(finished: Finished) -> Iterator[str]:
    limit = LIMIT.of(finished.policy)
    if len(finished.parcels) > limit:
        yield f"{len(finished.parcels)} packages, at most {limit} allowed"


RULE = Rule(
    name="packages_stay_within_the_limit",
    meaning="the order travels in at most max_packages packages",
    chinese="包裹数上限",
    settings=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
