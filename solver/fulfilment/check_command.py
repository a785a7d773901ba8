"""What a sound stated problem is: every part of it, and that the parts fit each other."""

from solver.catalog.attributes import check_stated_attributes
from solver.catalog.catalog import Catalog
from solver.catalog.fields.model import Layer
from solver.catalog.validate import check_material, check_sales_item
from solver.errors import Violations
from solver.fulfilment.check_facts import check_lanes, check_states, check_stock
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.order_checks import check_ordered
from solver.fulfilment.preference import Kept, preferred
from solver.money import MOST_DECIMALS
from solver.network.check_time import check_calendar, check_transfer
from solver.network.validate import (
    check_no_loops,
    check_region,
    check_source,
    check_source_work,
    check_tariff,
)
from solver.orders.validate import check_address_point, check_destination
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.validation import MOST_ROWS, Known, check_between, check_id, check_rows, check_unique
from solver.waves.check_terms import check_wave_limits, check_wave_terms
from solver.waves.wave import NO_TERMS

MOST_SOURCES = 5_000
MOST_WAVE_ORDERS = 20_000


def refuse_invalid(command: OptimizeCommand, kept: Kept) -> tuple[Policy, ...]:
    """The policy of each order. Raises InvalidRequest with everything that is wrong."""
    violations = Violations()
    policies = preferred(command, command.orders, kept, violations)
    _check_engine(command, violations)
    _check_catalog(command, violations)
    _check_network(command, violations)
    check_stock(command, violations)
    check_states(command, violations)
    check_lanes(command, violations)
    _check_orders(command, violations)
    _check_wave(command, violations)
    violations.refuse_any("the problem")
    return policies


def _check_engine(command: OptimizeCommand, violations: Violations) -> None:
    remedy = "that is what a person decided; name an engine that decides, or leave it out"
    violations.require(command.engine is not Engine.MANUAL, "engine", command.engine.value, remedy)
    alone = command.engine is not Engine.BATCH
    remedy = f"{command.engine.value} decides orders one by one; name the engine batch, or leave it out"
    violations.require(command.wave == NO_TERMS or not alone, "wave", "terms", remedy)
    violations.require(not (command.skip_unsound_orders and alone), "skip_unsound_orders", value=True, remedy=remedy)
    if command.money_decimals is not None:
        check_between(command.money_decimals, 0, MOST_DECIMALS, "money_decimals", violations)


def _check_wave(command: OptimizeCommand, violations: Violations) -> None:
    services = {lane.service_id for lane in command.lanes} | {service.service_id for service in command.services}
    check_wave_terms(
        command.wave,
        "wave",
        violations,
        orders={order.order_id for order in command.orders},
        sources={source.source_id for source in command.sources},
        services=services,
    )
    check_wave_limits(command.wave_limits, "wave_limits", violations)


def _check_catalog(command: OptimizeCommand, violations: Violations) -> None:
    check_unique([material.sku for material in command.materials], "materials", violations)
    for position, material in enumerate(command.materials):
        check_material(material, f"materials[{position}]", violations)
        check_stated_attributes(material, Layer.MATERIAL, f"materials[{position}]", violations)
    check_unique([item.item_id for item in command.sales_items], "sales_items", violations)
    skus = {material.sku for material in command.materials}
    for position, item in enumerate(command.sales_items):
        check_sales_item(item, skus, f"sales_items[{position}]", violations)
        check_stated_attributes(item, Layer.SALES_ITEM, f"sales_items[{position}]", violations)


def _check_network(command: OptimizeCommand, violations: Violations) -> None:
    one_kind = bool(command.lanes) != bool(command.services)
    violations.require(one_kind, "lanes", f"{len(command.lanes)} lanes, {len(command.services)} services",
                       "give either lanes, or services with their regions")  # fmt: skip
    calendars = {calendar.calendar_id for calendar in command.calendars}
    check_unique([calendar.calendar_id for calendar in command.calendars], "calendars", violations)
    for position, calendar in enumerate(command.calendars):
        check_calendar(calendar, f"calendars[{position}]", violations)
    regions = {region.region_id for region in command.regions}
    check_unique([region.region_id for region in command.regions], "regions", violations)
    for position, region in enumerate(command.regions):
        check_region(region, regions, f"regions[{position}]", violations)
    check_no_loops({region.region_id: region.parent_id for region in command.regions}, "regions", violations)
    _check_sources(command, regions, calendars, violations)
    check_unique([service.service_id for service in command.services], "services", violations)
    for position, service in enumerate(command.services):
        check_id(service.service_id, f"services[{position}].service_id", violations)
        check_tariff(service, regions, f"services[{position}]", violations, calendars=calendars)
    _check_transfers(command, calendars, violations)


def _check_sources(command: OptimizeCommand, regions: Known, calendars: Known, violations: Violations) -> None:
    check_rows(command.sources, "sources", violations, MOST_SOURCES)
    check_unique([source.source_id for source in command.sources], "sources", violations)
    for position, source in enumerate(command.sources):
        path = f"sources[{position}]"
        if command.lanes:
            check_id(source.source_id, f"{path}.source_id", violations)
            check_source_work(source, path, violations, calendars=calendars)
        else:
            check_source(source, regions, path, violations, calendars=calendars)


def _check_transfers(command: OptimizeCommand, calendars: Known, violations: Violations) -> None:
    sources = {source.source_id for source in command.sources}
    check_unique([" to ".join(transfer.ends) for transfer in command.transfers], "transfers", violations)
    for position, transfer in enumerate(command.transfers):
        check_transfer(transfer, sources, calendars, f"transfers[{position}]", violations)
    used = not (command.transfers and command.lanes)
    remedy = "lanes say themselves where they lead: give such lanes `via_source_id`, and leave transfers out"
    violations.require(used, "transfers", f"{len(command.transfers)} transfers", remedy)


def _check_orders(command: OptimizeCommand, violations: Violations) -> None:
    catalog = Catalog.of(command.materials, command.sales_items)
    regions: Known = {region.region_id for region in command.regions}
    currencies = {service.currency for service in command.services} or {order.currency for order in command.orders}
    if len(currencies) > 1:
        violations.add("orders" if command.lanes else "services", sorted(currencies), "use one currency throughout")
    most_orders = MOST_WAVE_ORDERS if command.engine is Engine.BATCH else MOST_ROWS
    check_rows(command.orders, "orders", violations, most_orders)
    check_unique([order.order_id for order in command.orders], "orders", violations)
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    for position, order in enumerate(command.orders):
        path = f"orders[{position}]"
        check_ordered(order, catalog, currency, path, violations)
        if command.lanes:
            check_address_point(order.destination, f"{path}.destination", violations)
        else:
            check_destination(order.destination, regions, f"{path}.destination", violations)
