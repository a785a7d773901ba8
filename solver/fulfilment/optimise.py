"""The optimiser alone: a whole problem comes in, plans go out, nothing is read or kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material, SalesItem
from solver.catalog.validate import check_material, check_sales_item
from solver.errors import DeadlineTooShort, Violations
from solver.fulfilment.preference import Kept, preferred
from solver.fulfilment.question import lines_of, network_problem, offers_of, problem_of
from solver.network.calendar import Calendar
from solver.network.check_terms import check_lane_terms
from solver.network.check_time import check_calendar
from solver.network.check_transit import check_transit_times
from solver.network.hours import source_hand_over_at
from solver.network.lanes import Lane
from solver.network.model import RateCard, Region, Service, Source
from solver.network.network import Network
from solver.network.surcharge import Surcharge
from solver.network.transit import TransitTimes
from solver.network.validate import (
    check_no_loops,
    check_rate_card,
    check_region,
    check_source,
    check_source_work,
    check_tariff,
)
from solver.orders.model import Order
from solver.orders.validate import check_address_point, check_destination, check_order
from solver.sourcing.check import check
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.solve import solve
from solver.validation import (
    MOST_GRAMS,
    MOST_METERS,
    MOST_MINUTES,
    MOST_UNITS,
    Known,
    check_between,
    check_id,
    check_reference,
    check_rows,
    check_unique,
)

MOST_SOURCES = 5_000
_NOTHING: Kept = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAmount:
    """Units of one SKU that one source could give; `on_hand_units` 0 stands for `available_units`."""

    source_id: str
    sku: str
    available_units: int
    on_hand_units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLane:
    """A way from a source to the door of one order (`order_id`) or of every order, priced by the caller."""

    source_id: str
    service_id: str
    card: RateCard
    carrier_id: str = ""
    order_id: str = ""
    distance_meters: int = 0
    transit_minutes: int = 0
    crosses_province: bool = False
    volumetric_divisor_cm3_per_kg: int = 0
    min_billable_grams: int = 0
    max_weight_grams: int = 0
    transit_times: TransitTimes | None = None
    surcharges: tuple[Surcharge, ...] = ()  # those that apply; none of them names regions or days
    max_volume_mm3: int = 0
    max_side_mm: int = 0
    max_units: int = 0
    refuses_tags: tuple[str, ...] = ()
    crosses_border: bool = False
    carbon_grams_per_package: int = 0
    carbon_grams_per_tonne_km: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizeCommand:
    """The whole problem: either `lanes`, or `services` with `regions`."""

    orders: tuple[Order, ...]
    sources: tuple[Source, ...]
    stock: tuple[StockAmount, ...]
    materials: tuple[Material, ...]
    sales_items: tuple[SalesItem, ...] = ()
    lanes: tuple[PricedLane, ...] = ()
    services: tuple[Service, ...] = ()
    regions: tuple[Region, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0
    engine: Engine = Engine.MIP


def optimize(command: OptimizeCommand, *, seconds_left: Callable[[], float], kept: Kept = _NOTHING) -> tuple[Plan, ...]:
    """Decide the orders one after the other, each at its best on what the earlier ones left.

    `kept` has the policies that the command may name, and those that are chosen from where it brings none. Raises
    InvalidRequest with every violation, and DeadlineTooShort when `seconds_left()` runs out before the last.
    """
    policies = _refuse_invalid(command, kept)
    desk = _Desk(command)
    plans: list[Plan] = []
    for order, policy in zip(command.orders, policies, strict=True):
        limit = min(policy.time_limit_ms / 1000, seconds_left())
        if limit <= 0:
            raise DeadlineTooShort(f"the deadline passed after {len(plans)} of {len(command.orders)} orders")
        problem = desk.problem(order, policy)
        plan = solve(problem, engine=command.engine, time_limit_seconds=limit)
        check(problem, plan)
        desk.count_down(plan)
        plans.append(plan)
    return tuple(plans)


class _Desk:
    """What is left for the next order."""

    def __init__(self, command: OptimizeCommand) -> None:
        self._command = command
        self._catalog = Catalog.of(command.materials, command.sales_items)
        self._network = Network.of(
            regions=command.regions,
            sources=command.sources,
            services=command.services,
            calendars=command.calendars,
        )
        self._available: dict[str, dict[str, int]] = {}
        self._on_hand: dict[str, dict[str, int]] = {}
        for amount in command.stock:
            on_hand = amount.on_hand_units or amount.available_units
            self._available.setdefault(amount.sku, {})[amount.source_id] = amount.available_units
            self._on_hand.setdefault(amount.sku, {})[amount.source_id] = on_hand

    def problem(self, order: Order, policy: Policy) -> Problem:
        lines = lines_of(order, self._catalog)
        skus = {part.sku for line in lines for part in line.parts}
        available, on_hand = _of(self._available, skus), _of(self._on_hand, skus)
        if not self._command.lanes:
            return network_problem(order, self._catalog, self._network, available, on_hand, policy)
        offers = offers_of(self._network.sources, available, on_hand)
        offering = {offer.source_id for offer in offers}
        limit = policy.max_distance_meters
        # A lane for this very order takes the place of one for every order.
        lanes = {
            (priced.source_id, priced.service_id): self._lane(order, priced)
            for priced in sorted(self._command.lanes, key=lambda priced: priced.order_id)
            if priced.order_id in ("", order.order_id)
            and priced.source_id in offering
            and (not limit or priced.distance_meters <= limit)
        }
        return problem_of(order, lines, self._catalog, offers, policy, tuple(lanes.values()))

    def count_down(self, plan: Plan) -> None:
        for package in plan.packages:
            for packed in package.contents:
                self._available[packed.sku][package.source_id] -= packed.units
                self._on_hand[packed.sku][package.source_id] -= packed.units

    def _lane(self, order: Order, priced: PricedLane) -> Lane:
        source = self._network.sources[priced.source_id]
        handed_over_at = source_hand_over_at(source, order.placed_at, days=self._network.work_days[source.source_id])
        return Lane(
            source_id=priced.source_id,
            service_id=priced.service_id,
            carrier_id=priced.carrier_id,
            distance_meters=priced.distance_meters,
            arrives_at=handed_over_at + timedelta(minutes=priced.transit_minutes),
            card=priced.card,
            crosses_province=priced.crosses_province,
            volumetric_divisor_cm3_per_kg=priced.volumetric_divisor_cm3_per_kg,
            min_billable_grams=priced.min_billable_grams,
            max_weight_grams=priced.max_weight_grams,
            surcharges=priced.surcharges,
            max_volume_mm3=priced.max_volume_mm3,
            max_side_mm=priced.max_side_mm,
            max_units=priced.max_units,
            refuses_tags=priced.refuses_tags,
            crosses_border=priced.crosses_border,
            carbon_grams_per_package=priced.carbon_grams_per_package,
            carbon_grams_per_tonne_km=priced.carbon_grams_per_tonne_km,
            hand_over_at=handed_over_at,
            transit_minutes=priced.transit_minutes,
            lead_times=source.lead_times,
            transit_times=priced.transit_times,
        )


def _of(units: Mapping[str, dict[str, int]], skus: set[str]) -> dict[str, dict[str, int]]:
    return {sku: units.get(sku, {}) for sku in skus}


def _refuse_invalid(command: OptimizeCommand, kept: Kept) -> tuple[Policy, ...]:
    """The policy of each order. Raises InvalidRequest with everything that is wrong."""
    violations = Violations()
    policies = preferred(command, command.orders, kept, violations)
    _check_catalog(command, violations)
    _check_network(command, violations)
    _check_stock(command, violations)
    _check_orders(command, violations)
    violations.refuse_any("the problem")
    return policies


def _check_catalog(command: OptimizeCommand, violations: Violations) -> None:
    check_unique([material.sku for material in command.materials], "materials", violations)
    for position, material in enumerate(command.materials):
        check_material(material, f"materials[{position}]", violations)
    check_unique([item.item_id for item in command.sales_items], "sales_items", violations)
    skus = {material.sku for material in command.materials}
    for position, item in enumerate(command.sales_items):
        check_sales_item(item, skus, f"sales_items[{position}]", violations)


def _check_network(command: OptimizeCommand, violations: Violations) -> None:
    one_kind = bool(command.lanes) != bool(command.services)
    violations.require(one_kind, "lanes", f"{len(command.lanes)} lanes, {len(command.services)} services",
                       "give either lanes, or services with their regions")  # fmt: skip
    check_rows(command.sources, "sources", violations, MOST_SOURCES)
    check_unique([source.source_id for source in command.sources], "sources", violations)
    regions = {region.region_id for region in command.regions}
    for position, region in enumerate(command.regions):
        check_region(region, regions, f"regions[{position}]", violations)
    check_no_loops({region.region_id: region.parent_id for region in command.regions}, "regions", violations)
    calendars = {calendar.calendar_id for calendar in command.calendars}
    check_unique([calendar.calendar_id for calendar in command.calendars], "calendars", violations)
    for position, calendar in enumerate(command.calendars):
        check_calendar(calendar, f"calendars[{position}]", violations)
    for position, source in enumerate(command.sources):
        path = f"sources[{position}]"
        if command.lanes:
            check_id(source.source_id, f"{path}.source_id", violations)
            check_source_work(source, path, violations, calendars=calendars)
        else:
            check_source(source, regions, path, violations, calendars=calendars)
    check_unique([service.service_id for service in command.services], "services", violations)
    for position, service in enumerate(command.services):
        check_id(service.service_id, f"services[{position}].service_id", violations)
        check_tariff(service, regions, f"services[{position}]", violations, calendars=calendars)
    _check_lanes(command, violations)


def _check_lanes(command: OptimizeCommand, violations: Violations) -> None:
    sources = {source.source_id for source in command.sources}
    orders = {order.order_id for order in command.orders} | {""}
    check_unique(
        [f"{lane.source_id}, {lane.service_id}, {lane.order_id}" for lane in command.lanes], "lanes", violations
    )
    for position, lane in enumerate(command.lanes):
        path = f"lanes[{position}]"
        check_reference(lane.source_id, sources, "source", f"{path}.source_id", violations)
        check_reference(lane.order_id, orders, "order", f"{path}.order_id", violations)
        check_id(lane.service_id, f"{path}.service_id", violations)
        check_rate_card(lane.card, f"{path}.card", violations)
        check_lane_terms(lane, path, violations)
        check_between(lane.distance_meters, 0, MOST_METERS, f"{path}.distance_meters", violations)
        check_between(lane.transit_minutes, 0, MOST_MINUTES, f"{path}.transit_minutes", violations)
        check_transit_times(lane.transit_times, f"{path}.transit_times", violations)
        divisor = lane.volumetric_divisor_cm3_per_kg
        check_between(divisor, 0, 1_000_000, f"{path}.volumetric_divisor_cm3_per_kg", violations)
        check_between(lane.min_billable_grams, 0, MOST_GRAMS, f"{path}.min_billable_grams", violations)
        check_between(lane.max_weight_grams, 0, MOST_GRAMS, f"{path}.max_weight_grams", violations)


def _check_stock(command: OptimizeCommand, violations: Violations) -> None:
    sources = {source.source_id for source in command.sources}
    skus = {material.sku for material in command.materials}
    check_unique([f"{amount.source_id}, {amount.sku}" for amount in command.stock], "stock", violations)
    for position, amount in enumerate(command.stock):
        path = f"stock[{position}]"
        check_reference(amount.source_id, sources, "source", f"{path}.source_id", violations)
        check_reference(amount.sku, skus, "material", f"{path}.sku", violations)
        check_between(amount.available_units, 0, MOST_UNITS, f"{path}.available_units", violations)
        if amount.on_hand_units:
            low = amount.available_units
            check_between(amount.on_hand_units, low, MOST_UNITS, f"{path}.on_hand_units", violations)


def _check_orders(command: OptimizeCommand, violations: Violations) -> None:
    catalog = Catalog.of(command.materials, command.sales_items)
    regions: Known = {region.region_id for region in command.regions}
    currencies = {service.currency for service in command.services} or {order.currency for order in command.orders}
    if len(currencies) > 1:
        violations.add("orders" if command.lanes else "services", sorted(currencies), "use one currency throughout")
    check_rows(command.orders, "orders", violations)
    check_unique([order.order_id for order in command.orders], "orders", violations)
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    for position, order in enumerate(command.orders):
        path = f"orders[{position}]"
        check_order(order, catalog, currency, path, violations)
        if command.lanes:
            check_address_point(order.destination, f"{path}.destination", violations)
        else:
            check_destination(order.destination, regions, f"{path}.destination", violations)
