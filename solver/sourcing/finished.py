"""A finished plan with what its packages refer to, gathered once for all that add it up again.

Terms recount themselves on it and rules look on it for what is broken; it prices nothing and knows no engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from solver.frozen import quickly_made
from solver.network.lanes import Lane
from solver.sourcing.plan import Package, PackedUnits, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Offer, Problem

Lanes = Mapping[tuple[str, str, str, str], Lane]  # by their id
Offers = Mapping[tuple[str, str], Offer]  # by their key, in the problem's sequence


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parcel:
    """A package, the lane that it travels by, the offer that it is taken from, and what its contents come to."""

    package: Package
    lane: Lane
    offer: Offer
    skus: tuple[str, ...]  # what is in it, each once, in alphabetical order
    units: int  # of everything in it
    weight_grams: int
    volume_mm3: int

    @property
    def source_id(self) -> str:
        """The source that ships it."""
        return self.package.source_id

    @property
    def service_id(self) -> str:
        """The service that carries it."""
        return self.package.service_id

    @property
    def contents(self) -> tuple[PackedUnits, ...]:
        """What is in it, for which line."""
        return self.package.contents

    @property
    def kinds(self) -> int:
        """Distinct SKUs in it."""
        return len(self.skus)


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finished:
    """A plan and the problem that it answers, which knows its lanes, its offers and its SKUs.

    `parcels` are its packages in their sequence. `offers` are those that they are taken from, `at_sources` all offers
    of the sources that ship, both in the problem's sequence; `taken` is how many units of each SKU an offer gives.
    """

    problem: Problem
    plan: Plan
    policy: Policy
    parcels: tuple[Parcel, ...]
    offers: tuple[Offer, ...]
    at_sources: tuple[Offer, ...]
    taken: Mapping[tuple[str, str], Mapping[str, int]]

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> "Finished":
        """KeyError where the problem does not know a package's lane, offer or SKU; the judge looks first."""
        return cls.on(problem, plan, lanes_used(problem, plan), offers_used(problem, plan))

    @classmethod
    def on(cls, problem: Problem, plan: Plan, lanes: Lanes, offers: Offers) -> "Finished":
        """The same where its lanes and offers were looked up already."""
        items = problem.items
        parcels = tuple(
            _parcel(package, lanes[package.lane_id], offers[package.source_id, package.offer_id], items)
            for package in plan.packages
        )
        return cls._gathered(problem, plan, parcels, offers)

    def alone(self, parcel: Parcel) -> "Finished":
        """The plan as if this were its only package."""
        plan = replace(self.plan, packages=(parcel.package,))
        offers = {offer.key: offer for offer in self.at_sources if offer.source_id == parcel.offer.source_id}
        return self._gathered(self.problem, plan, (parcel,), offers)

    @classmethod
    def _gathered(cls, problem: Problem, plan: Plan, parcels: tuple[Parcel, ...], offers: Offers) -> "Finished":
        taken: dict[tuple[str, str], dict[str, int]] = {}
        for parcel in parcels:
            package = parcel.package
            units_of = taken.setdefault((package.source_id, package.offer_id), {})
            for packed in package.contents:
                units_of[packed.sku] = units_of.get(packed.sku, 0) + packed.units
        return cls(
            problem=problem,
            plan=plan,
            policy=problem.policy,
            parcels=parcels,
            offers=tuple([offer for key, offer in offers.items() if key in taken]),
            at_sources=tuple(offers.values()),
            taken=taken,
        )


def lanes_used(problem: Problem, plan: Plan) -> Lanes:
    """The lanes of the sources that ship."""
    shipping = {package.source_id for package in plan.packages}
    return {lane.lane_id: lane for lane in problem.lanes if lane.source_id in shipping}


def offers_used(problem: Problem, plan: Plan) -> Offers:
    """The offers of the sources that ship."""
    shipping = {package.source_id for package in plan.packages}
    return {offer.key: offer for offer in problem.offers if offer.source_id in shipping}


def _parcel(package: Package, lane: Lane, offer: Offer, items: Mapping[str, Item]) -> Parcel:
    units = grams = mm3 = 0
    for packed in package.contents:
        item = items[packed.sku]
        units += packed.units
        grams += packed.units * item.weight_grams
        mm3 += packed.units * item.volume_mm3
    skus = tuple(sorted({packed.sku for packed in package.contents}))
    return Parcel(package=package, lane=lane, offer=offer, skus=skus, units=units, weight_grams=grams, volume_mm3=mm3)
