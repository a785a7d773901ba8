"""What a decision comes to, term by term, and when its packages arrive, without a Problem.

Every lane is worked out by `solver.network`, every amount from what the real terms said of the view: a recount of the
arrays' total by another way, which must agree with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.network.lanes import Lane, lane_by
from solver.network.network import Network
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Falling:
    """What one term charges in a view, without the arrays that are all zeros."""

    name: str
    package: Ints | None  # [S, V]
    kind: Ints | None  # [S]
    unit: Ints | None  # [S]
    source: Ints | None  # [S]

    @classmethod
    def of(cls, name: str, charge: ViewCharge) -> "_Falling":
        package, kind, unit, source = (
            one if one.any() else None for one in (charge.package, charge.kind, charge.unit, charge.source)
        )
        return cls(name=name, package=package, kind=kind, unit=unit, source=source)

    @property
    def falls_on_packages(self) -> bool:
        """Whether any package may be charged; what its lane costs is worked out anew."""
        any_of = self.package is not None or self.kind is not None or self.unit is not None
        return any_of and self.name not in _OF_LANE

    def of_package(self, source: int, service: int, kinds: int, units: int) -> int:
        """What a package of so many SKUs and units is charged."""
        amount = 0 if self.package is None else int(self.package.item(source, service))
        if self.kind is not None:
            amount += kinds * int(self.kind.item(source))
        if self.unit is not None:
            amount += units * int(self.unit.item(source))
        return amount


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _FallingInView:
    """What all terms charge in a view: those that fall on packages, and on sources that ship anything."""

    packages: tuple[_Falling, ...]
    sources: tuple[tuple[str, Ints], ...]

    @classmethod
    def of(cls, charges: Mapping[str, ViewCharge]) -> "_FallingInView":
        every = [_Falling.of(name, charge) for name, charge in charges.items()]
        return cls(
            packages=tuple(one for one in every if one.falls_on_packages),
            sources=tuple((one.name, one.source) for one in every if one.source is not None),
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCost:
    """What a package costs, by each term that costs anything in alphabetical order, and by how much it is late."""

    late_minutes: int
    by_term: Mapping[str, int]


class Itemiser:
    """Itemises decisions on one network under one policy."""

    def __init__(
        self, network: Network, materials: Materials, policy: Policy, grounds: Grounds, places: Places
    ) -> None:
        self._network, self._materials, self._policy = network, materials, policy
        self._grounds, self._places = grounds, places
        self._seen: dict[tuple[str, str, str], _FallingInView] = {}
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

    def of_package(self, order: Order, chosen: Chosen, lane: Lane, grams: int, mm3: int) -> PackageCost:
        """What a package costs that travels by this lane."""
        late = _begun_minutes(lane.arrives_at, order.promised_at)
        cost = self._of_view(chosen, self._view(order).packages)
        cost.update(self._of_lane(order, lane, grams, mm3, late))
        return PackageCost(late_minutes=late, by_term={name: cost[name] for name in sorted(cost) if cost[name]})

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

    def _view(self, order: Order) -> _FallingInView:
        key = self._places.order_key(order)
        charges = self._seen.get(key)
        if charges is None:
            door = self._places.door(order.destination.region_id)
            of_view = self._grounds.charges(self._grounds.view(self._places, order, door))
            charges = _FallingInView.of(of_view)
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
        cost = self.of_package(order, chosen, lane, grams, mm3)
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
            cost_minor={name: amount for name, amount in cost.by_term.items() if amount},
        )

    def _of_view(self, chosen: Chosen, view: Sequence[_Falling]) -> dict[str, int]:
        source = self._network.source_positions[chosen.source_id]
        service = self._service_numbers[chosen.service_id]
        kinds, units = len(chosen.units), sum(chosen.units.values())
        return {one.name: one.of_package(source, service, kinds, units) for one in view}

    def _of_lane(self, order: Order, lane: Lane, grams: int, mm3: int, late: int) -> dict[str, int]:
        prices, off = self._prices, self._policy.off
        freight = lane.freight_minor(grams, mm3)
        assert freight is not None, "the lane carries the package"
        cost = {"freight": 0 if "freight" in off else freight}
        if lane.surcharges and "surcharges" not in off:
            surcharge = lane.surcharge_minor(grams, mm3)
            assert surcharge is not None, "and what is charged on it"
            cost["surcharges"] = surcharge
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

    def _add_sources(self, decision: Decision, view: _FallingInView, cost: dict[str, int]) -> None:
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


def _begun_minutes(moment: datetime, after: datetime | None) -> int:
    return 0 if after is None or moment <= after else -((after - moment) // _MINUTE)
