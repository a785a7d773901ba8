"""No service takes more packages or weight than it has left today.

Weight is kept in a way that needs no sum over packages: a service that has less left than the whole order weighs takes
one package of it, no heavier than that.
"""

from collections.abc import Iterator

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.limits import least_of
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    packages, grams = (_left(facts, name) for name in ("packages_left", "grams_left"))
    short = grams < facts.demand @ facts.of_items("weight_grams")
    packages = np.where(short, np.minimum(packages, grams > 0), packages)
    if (packages == NO_LIMIT).all():
        return None
    return Restriction(
        closed_lanes=(packages == 0)[facts.lane_service],
        service_most_packages=packages,
        package_most_grams=np.where(short, grams, NO_LIMIT)[facts.lane_service],
    )


def _left(facts: Facts, name: str) -> Ints:
    return least_of(facts.limits_of_lanes(name), facts.lane_service, len(facts.service_ids))


def _broken(finished: Finished) -> Iterator[str]:
    problem = finished.problem
    limited = [lane for lane in problem.lanes if lane.packages_left is not None or lane.grams_left is not None]
    for service_id in sorted({parcel.service_id for parcel in finished.parcels}) if limited else ():
        lanes = [lane for lane in limited if lane.service_id == service_id]
        parcels = [parcel for parcel in finished.parcels if parcel.service_id == service_id]
        packages_left = min((lane.packages_left for lane in lanes if lane.packages_left is not None), default=None)
        grams_left = min((lane.grams_left for lane in lanes if lane.grams_left is not None), default=None)
        if packages_left is not None and len(parcels) > packages_left:
            yield f"{service_id} has {packages_left} packages left today, the plan takes {len(parcels)}"
        if grams_left is None or _order_grams(problem) <= grams_left:
            continue
        heaviest = max(parcel.weight_grams for parcel in parcels)
        if len(parcels) > 1 or heaviest > grams_left:
            yield f"{service_id} has {grams_left} g left today, the plan takes {len(parcels)} up to {heaviest} g"


def _order_grams(problem: Problem) -> int:
    return sum(units * problem.items[sku].weight_grams for sku, units in problem.demand_units.items())


RULE = Rule(
    name="services_stay_within_their_capacity",
    meaning="no service takes more packages or weight than it has left today; one with less left than the whole order "
    "weighs takes one package",
    chinese="承运商日运力",
    restrict=_restrict,
    broken=_broken,
)
