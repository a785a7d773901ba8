"""What a decision comes to, term by term, and when its packages arrive, without a Problem.

Every lane is worked out by `solver.network`, every amount from what the real terms said of the view: a recount of the
arrays' total by another way, which must agree with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from solver.network.lanes import Lane, lane_by
from solver.network.network import Network
from solver.network.surcharge import surcharge_minor
from solver.orders.model import Order
from solver.sourcing.case import Ints
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.grounds import Grounds
from solver.sourcing.snapshot.materials import Materials
from solver.sourcing.snapshot.places import Places
from solver.sourcing.snapshot.restated import chosen_of
from solver.sourcing.snapshot.view import ViewCharge
from solver.sourcing.terms import distance, lateness, lost_sales, split, transit, unfilled, waiting
from solver.units import ceil_div, round_half_up_div

_MINUTE = timedelta(minutes=1)
_HOUR_MINUTES, _DAY_MINUTES = 60, 1440
_OF_LANE = frozenset({"freight", "surcharges", "distance", "lateness", "waiting", "transit"})
_METERS_PER_KM, _WHOLE = 1000, 1000


_PackagePrice = tuple[str, int, int, int]  # by a term: of a package, of each SKU in it, of each unit


class _Falling:
    """What terms charge in a view beside what a package's lane costs, which is worked out anew.

    `sources` are amounts by source, [S], of terms that charge those that ship anything.
    """

    def __init__(self, charges: Mapping[str, ViewCharge]) -> None:
        self.sources = tuple((name, charge.source) for name, charge in charges.items() if charge.source.any())
        self._packages = tuple((name, charge) for name, charge in charges.items() if name not in _OF_LANE)
        self._prices: dict[tuple[int, int], tuple[_PackagePrice, ...]] = {}

    def of_package(self, source: int, service: int) -> tuple[_PackagePrice, ...]:
        """What each term charges a package of this source by this service, if anything."""
        prices = self._prices.get((source, service))
        if prices is None:
            every = (
                (name, _at(charge.package, source, service), _at(charge.kind, source), _at(charge.unit, source))
                for name, charge in self._packages
            )
            prices = self._prices[source, service] = tuple(one for one in every if any(one[1:]))
        return prices


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemisedPackage:
    """A package with the lane that it travels by."""

    source_id: str
    service_id: str
    units: Mapping[str, int]
    weight_grams: int
    distance_meters: int
    hand_over_at: datetime
    arrives_at: datetime
    late_minutes: int
    crosses_province: bool
    carbon_grams: int
    cost_minor: Mapping[str, int]  # by term, what falls on the package itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Itemised:
    """A decision's packages, and its cost by term, in minor units; terms that cost nothing are left out."""

    packages: tuple[ItemisedPackage, ...]
    cost_minor: Mapping[str, int]


class PackageCost(NamedTuple):
    """What a package costs, by each term that costs anything in alphabetical order, and by how much it is late."""

    late_minutes: int
    by_term: Mapping[str, int]


class Itemiser:
    """Itemises decisions on one network under one policy."""

    def __init__(
        self, network: Network, materials: Materials, policy: Policy, grounds: Grounds, places: Places
    ) -> None:
        self.policy = policy
        self._network, self._materials = network, materials
        self._grounds, self._places = grounds, places
        self._seen: dict[tuple[str, str, str], _Falling] = {}
        self._service_numbers = {service_id: number for number, service_id in enumerate(network.services)}
        self._prices = {
            name: 0 if term in policy.off else setting.of(policy)
            for name, (term, setting) in {
                "distance": ("distance", distance.PRICE),
                "late_hour": ("lateness", lateness.PRICE),
                "late_day": ("lateness", lateness.PRICE_PER_DAY),
                "lost": ("lost_sales", lost_sales.SHARE),
                "package": ("split", split.PACKAGE_PRICE),
                "source": ("split", split.SOURCE_PRICE),
                "transit": ("transit", transit.PRICE),
                "unfilled": ("unfilled", unfilled.PRICE),
                "waiting": ("waiting", waiting.PRICE),
            }.items()
        }

    def itemise(self, order: Order, decision: Decision) -> Itemised:
        """The decision about this order in full."""
        if decision.plan is not None:
            return self._of_plan(order, decision.plan)
        packages = tuple(self._package(order, chosen) for chosen in decision.packages)
        cost = self.beside_packages(order, decision)
        for package in packages:
            for name, amount in package.cost_minor.items():
                cost[name] = cost.get(name, 0) + amount
        made = {name: amount for name, amount in cost.items() if amount}
        assert sum(made.values()) == decision.total_minor, "the terms of a decision come to its total"
        return Itemised(packages=packages, cost_minor=made)

    def of_package(self, order: Order, chosen: Chosen, lane: Lane, billable_grams: int) -> PackageCost:
        """What a package costs that travels by this lane, and is billed as so heavy."""
        late = _begun_minutes(lane.arrives_at, order.promised_at)
        cost = self._of_lane(order, lane, billable_grams, late)
        source, service = self._network.source_positions[chosen.source_id], self._service_numbers[chosen.service_id]
        kinds, units = len(chosen.units), sum(chosen.units.values())
        for name, of_package, of_kind, of_unit in self._view(order).of_package(source, service):
            cost[name] = of_package + kinds * of_kind + units * of_unit
        return PackageCost(late, {name: cost[name] for name in sorted(cost) if cost[name]})

    def beside_packages(self, order: Order, decision: Decision) -> dict[str, int]:
        """What falls on the order as a whole, by term."""
        cost: dict[str, int] = {}
        self._add_sources(decision, self._view(order), cost)
        self._add_unfilled(order, decision, cost)
        return cost

    def _of_plan(self, order: Order, plan: Plan) -> Itemised:
        return Itemised(
            packages=tuple(self._planned(order, package) for package in plan.packages),
            cost_minor={str(term): minor for term, minor in plan.cost_minor.items() if minor},
        )

    def _planned(self, order: Order, package: Package) -> ItemisedPackage:
        """As the plan has it; what goes by way of another source is handed over when that is known, else on arrival."""
        chosen = chosen_of(package)
        lane = None
        if not (package.via_source_id or package.offer_id):
            place = self._network.place(order.destination)
            lane = lane_by(self._network, place, order.placed_at, package.source_id, package.service_id)
        return ItemisedPackage(
            source_id=package.source_id,
            service_id=package.service_id,
            units=chosen.units,
            weight_grams=package.weight_grams,
            distance_meters=package.distance_meters,
            hand_over_at=(lane.hand_over_at if lane else None) or package.arrives_at,
            arrives_at=package.arrives_at,
            late_minutes=package.late_minutes,
            crosses_province=package.crosses_province,
            carbon_grams=self._carbon(lane, chosen) if lane else 0,
            cost_minor={str(term): minor for term, minor in package.cost_minor.items() if minor},
        )

    def _view(self, order: Order) -> _Falling:
        key = self._places.order_key(order)
        charges = self._seen.get(key)
        if charges is None:
            door = self._places.door(order.destination.region_id)
            of_view = self._grounds.charges(self._grounds.view(self._places, order, door))
            charges = _Falling(of_view)
            if not self._places.has_dates:
                self._seen[key] = charges
        return charges

    def _package(self, order: Order, chosen: Chosen) -> ItemisedPackage:
        place = self._network.place(order.destination)
        lane = lane_by(self._network, place, order.placed_at, chosen.source_id, chosen.service_id)
        facts, number_of = self._materials.facts, self._materials.number_of
        grams = mm3 = 0
        for sku, units in chosen.units.items():
            number = number_of[sku]
            grams += units * int(facts[number, 0])
            mm3 += units * int(facts[number, 1])
        cost = self.of_package(order, chosen, lane, lane.billable_grams(grams, mm3))
        return ItemisedPackage(
            source_id=chosen.source_id,
            service_id=chosen.service_id,
            units=chosen.units,
            weight_grams=grams,
            distance_meters=lane.distance_meters,
            hand_over_at=lane.hand_over_at or order.placed_at,
            arrives_at=lane.arrives_at,
            late_minutes=cost.late_minutes,
            crosses_province=lane.crosses_province,
            carbon_grams=self._carbon(lane, chosen),
            cost_minor=cost.by_term,
        )

    def _of_lane(self, order: Order, lane: Lane, billable_grams: int, late: int) -> dict[str, int]:
        prices, off = self._prices, self.policy.off
        freight = lane.card.price_minor(billable_grams)
        assert freight is not None, "the lane carries the package"
        cost = {"freight": 0 if "freight" in off else freight}
        if lane.surcharges and "surcharges" not in off:
            cost["surcharges"] = surcharge_minor(lane.surcharges, freight, billable_grams)
        if late:
            late_hours, late_days = ceil_div(late, _HOUR_MINUTES), ceil_div(late, _DAY_MINUTES)
            cost["lateness"] = late_hours * prices["late_hour"] + late_days * prices["late_day"]
        if prices["distance"]:
            cost["distance"] = round_half_up_div(lane.distance_meters * prices["distance"], _METERS_PER_KM)
        if prices["waiting"]:
            waited = _begun_minutes(lane.arrives_at, order.placed_at)
            cost["waiting"] = round_half_up_div(waited * prices["waiting"], _DAY_MINUTES)
        if prices["transit"]:
            cost["transit"] = round_half_up_div(lane.transit_minutes * prices["transit"], _DAY_MINUTES)
        return cost

    def _add_sources(self, decision: Decision, view: _Falling, cost: dict[str, int]) -> None:
        sources = {chosen.source_id for chosen in decision.packages}
        positions = [self._network.source_positions[source_id] for source_id in sources]
        for name, of_source in view.sources:
            cost[name] = cost.get(name, 0) + sum([int(of_source.item(at)) for at in positions])
        further_packages, further_sources = max(0, len(decision.packages) - 1), max(0, len(sources) - 1)
        cost["split"] = further_packages * self._prices["package"] + further_sources * self._prices["source"]

    def _add_unfilled(self, order: Order, decision: Decision, cost: dict[str, int]) -> None:
        for line, units in zip(order.lines, decision.unfilled, strict=True):
            if units:
                lost = round_half_up_div(line.unit_price_minor * self._prices["lost"], _WHOLE)
                cost["unfilled"] = cost.get("unfilled", 0) + units * self._prices["unfilled"]
                cost["lost_sales"] = cost.get("lost_sales", 0) + units * lost

    def _carbon(self, lane: Lane, chosen: Chosen) -> int:
        """As the term `carbon` measures it: what a unit emits rounds by itself."""
        packing = self._network.sources[chosen.source_id].carbon_grams_per_package + lane.carbon_grams_per_package
        per_gram = lane.distance_meters * lane.carbon_grams_per_tonne_km
        facts, number_of = self._materials.facts, self._materials.number_of
        return packing + sum(
            units * round_half_up_div(int(facts[number_of[sku], 0]) * per_gram, 10**9)
            for sku, units in chosen.units.items()
        )


def _at(amounts: Ints, *position: int) -> int:
    return amounts.item(*position) if amounts.size else 0  # it is empty where nothing is charged so


def _begun_minutes(moment: datetime, after: datetime | None) -> int:
    return 0 if after is None or moment <= after else -((after - moment) // _MINUTE)
