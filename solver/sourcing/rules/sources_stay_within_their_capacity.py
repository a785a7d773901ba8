"""No source takes more orders, units or minutes of work than it has left today."""

from collections.abc import Iterator

from solver.sourcing.case import NO_LIMIT, Ints
from solver.sourcing.facts import Facts
from solver.sourcing.limits import least_of, limits_of
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import offer_of, units_in
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    orders, units, minutes = (_left(facts, name) for name in ("orders_left", "units_left", "minutes_left"))
    if min(orders.min(initial=NO_LIMIT), units.min(initial=NO_LIMIT), minutes.min(initial=NO_LIMIT)) == NO_LIMIT:
        return None
    return Restriction(
        closed_lanes=(orders == 0)[facts.lane_source], source_most_units=units, source_most_minutes=minutes
    )


def _left(facts: Facts, name: str) -> Ints:
    """By source; where its offers say different things, the least holds."""
    return least_of(limits_of(facts.offers, name), facts.offer_source, len(facts.source_ids))


def _broken(problem: Problem, plan: Plan) -> Iterator[str]:
    for source_id in plan.source_ids:
        packages = [package for package in plan.packages if package.source_id == source_id]
        units = sum(units_in(package) for package in packages)
        minutes = sum(_minutes(problem, package) for package in packages)
        used = {"orders_left": 1, "units_left": units, "minutes_left": minutes}
        for name, amount in used.items():
            stated = [getattr(offer, name) for offer in problem.offers if offer.source_id == source_id]
            left = [max(0, limit) for limit in stated if limit is not None]
            if left and amount > min(left):
                yield f"{source_id} has {min(left)} {name.removesuffix('_left')} left today, the plan takes {amount}"


def _minutes(problem: Problem, package: Package) -> int:
    offer = offer_of(problem, package)
    return offer.minutes_per_package + offer.minutes_per_unit * units_in(package)


RULE = Rule(
    name="sources_stay_within_their_capacity",
    meaning="no source takes more orders, units or minutes of handling than it has left today",
    chinese="源日产能",
    restrict=_restrict,
    broken=_broken,
)
