"""What a finished plan's packages refer to, for the terms and rules that add a plan up again."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor

from solver.network.lanes import Lane
from solver.sourcing.plan import Package, Plan
from solver.sourcing.problem import Offer, Problem
from solver.sourcing.term import Recount


def lane_of(problem: Problem, package: Package) -> Lane:
    """The lane that the package travels by. Raises StopIteration where there is none; the judge looks first."""
    return next(lane for lane in problem.lanes if lane.lane_id == package.lane_id)


def offer_of(problem: Problem, package: Package) -> Offer:
    """The offer that the package is taken from. Raises StopIteration where there is none."""
    return next(offer for offer in problem.offers if offer.key == (package.source_id, package.offer_id))


def units_in(package: Package) -> int:
    """Units of everything in the package."""
    return sum(packed.units for packed in package.contents)


def kinds_in(package: Package) -> int:
    """Distinct SKUs in the package."""
    return len({packed.sku for packed in package.contents})


def per_package(plan: Plan, amount: Callable[[Package], int]) -> Recount:
    """A recount that only the packages make up."""
    return Recount(packages=tuple(amount(package) for package in plan.packages))


def per_order(plan: Plan, amount: int) -> Recount:
    """A recount that belongs to the order as a whole."""
    return Recount(packages=(0,) * len(plan.packages), order=amount)


def nothing(plan: Plan) -> Recount:
    """What a term comes to that has no price."""
    return Recount(packages=(0,) * len(plan.packages))


def half_up(amount: Fraction) -> int:
    """The nearest whole number; of two equally near ones the greater."""
    return floor(amount + Fraction(1, 2))


def in_turn(problem: Problem, plan: Plan, amounts_of: Callable[[Offer, str, int], Sequence[int]]) -> Recount:
    """What units come to that are taken from an offer one after the other.

    `amounts_of` gives the amounts of the first so many units of a SKU. Every unit in a package counts as the offer's
    first one; by how much later ones are more belongs to the order.
    """
    taken: Counter[tuple[str, str, str]] = Counter()
    packages = []
    for package in plan.packages:
        offer = offer_of(problem, package)
        for packed in package.contents:
            taken[(*offer.key, packed.sku)] += packed.units
        packages.append(sum(packed.units * amounts_of(offer, packed.sku, 1)[0] for packed in package.contents))
    offers = {offer.key: offer for offer in problem.offers}
    total = sum(sum(amounts_of(offers[source, of], sku, units)) for (source, of, sku), units in taken.items())
    return Recount(packages=tuple(packages), order=total - sum(packages))
