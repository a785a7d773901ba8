"""What a sound scenario is: every row by itself, every name that one row says of another, times, and the head."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from solver.catalog.attributes import check_stated_attributes
from solver.catalog.fields.model import Layer
from solver.catalog.validate import check_material, check_sales_item
from solver.errors import FieldViolation, Violations
from solver.network.check_time import check_calendar, check_transfer
from solver.network.validate import check_carrier, check_no_loops, check_region, check_service, check_source
from solver.orders.check_shipment import check_shipment
from solver.orders.shipment import Shipment
from solver.orders.validate import check_destination, check_order
from solver.scenario.check_combined import check_combined
from solver.scenario.check_head import check_disturbances, check_generator, check_head
from solver.scenario.check_layers import LayerChecks
from solver.scenario.check_returns import check_returns
from solver.scenario.model import Horizon, Scenario
from solver.scenario.names import Names
from solver.validation import MOST_UNITS, check_between, check_reference

MOST_GUESSES = 20  # names that are looked for among thousands take a while
_ROW = "row"  # stands for the place of a row until that is known
_ID_FIELDS = {
    "regions": "region_id",
    "sources": "source_id",
    "carriers": "carrier_id",
    "services": "service_id",
    "calendars": "calendar_id",
    "materials": "sku",
    "sales_items": "item_id",
    "combinations": "combination_id",
    "logical_warehouses": "logical_id",
    "channels": "channel_id",
    "orders": "order_id",
}
Place = Callable[[str, int], str]
"""Where a row of a noun stands: its file and line."""
HeadPlace = Callable[[str], str]
"""Where a field of the head stands."""


def check_scenario(scenario: Scenario, place: Place, head: HeadPlace, violations: Violations) -> None:
    """Record everything that is wrong, each with its place."""
    names, told = Names.of(scenario), Violations()
    found = Violations()
    check_head(scenario, found)
    check_disturbances(scenario, names, found)
    check_generator(scenario, names, found)
    check_returns(scenario, names, found)
    told.found += [FieldViolation(field=head(one.field), value=one.value, remedy=one.remedy) for one in found.found]
    checks = _checks(scenario, names)
    for noun, check in checks.items():
        for position, row in enumerate(getattr(scenario, noun)):
            found = Violations()
            check(row, found)
            for fault in found.found:
                told.found.append(_moved(fault, place(noun, position)))
    _check_unique_ids(scenario, place, told)
    parents = {region.region_id: region.parent_id for region in scenario.regions}
    check_no_loops(parents, place("regions", 0) if scenario.regions else "", told)
    _check_currency(scenario, place, told)
    if scenario.combinations and not told.found:
        check_combined(scenario, place, head, told)
    violations.found += _with_guesses(told.found, names)


def _checks(scenario: Scenario, names: Names) -> dict[str, Callable[[Any, Violations], None]]:
    """What is checked of a row by itself, by noun."""
    horizon = scenario.horizon

    def of_order(row: Any, found: Violations) -> None:
        check_order(row, names.items, None, _ROW, found, materials=names.skus)
        check_destination(row.destination, names.regions, f"{_ROW}.destination", found)
        _check_within(row.placed_at, horizon, f"{_ROW}.placed_at", found)
        _check_later(row.promised_at, row.placed_at, "the order", f"{_ROW}.promised_at", found)

    def of_material(row: Any, found: Violations) -> None:
        check_material(row, _ROW, found)
        check_stated_attributes(row, Layer.MATERIAL, _ROW, found)

    def of_sales_item(row: Any, found: Violations) -> None:
        check_sales_item(row, names.skus, _ROW, found)
        check_stated_attributes(row, Layer.SALES_ITEM, _ROW, found)

    def of_stock(row: Any, found: Violations) -> None:
        check_reference(row.source_id, names.sources, "source", f"{_ROW}.source_id", found)
        check_reference(row.sku, names.skus, "material", f"{_ROW}.sku", found)
        check_between(row.units, 1, MOST_UNITS, f"{_ROW}.units", found)

    def of_inbound(row: Any, found: Violations) -> None:
        of_stock(row, found)
        _check_within(row.arrives_at, horizon, f"{_ROW}.arrives_at", found)

    placed = {order.order_id: order.placed_at for order in scenario.orders}

    def of_shipment(row: Shipment, found: Violations) -> None:
        check_shipment(row, _ROW, found)
        check_reference(row.order_id, placed, "order", f"{_ROW}.order_id", found)
        if row.source_id:
            check_reference(row.source_id, names.sources, "source", f"{_ROW}.source_id", found)
        for sku in row.units:
            check_reference(sku, names.skus, "material", f"{_ROW}.units.{sku}", found)
        if row.order_id in placed:
            _check_later(row.shipped_at, placed[row.order_id], "the order", f"{_ROW}.shipped_at", found)

    calendars, layers = names.calendars, LayerChecks(scenario, names, _ROW)
    return {
        "regions": lambda row, found: check_region(row, names.regions, _ROW, found),
        "calendars": lambda row, found: check_calendar(row, _ROW, found),
        "sources": lambda row, found: check_source(row, names.regions, _ROW, found, calendars=calendars),
        "carriers": lambda row, found: check_carrier(row, _ROW, found),
        "services": lambda row, found: check_service(
            row, names.carriers, names.regions, _ROW, found, calendars=calendars
        ),
        "transfers": lambda row, found: check_transfer(row, names.sources, calendars, _ROW, found),
        "materials": of_material,
        "sales_items": of_sales_item,
        "stock": of_stock,
        "inbound": of_inbound,
        "logical_warehouses": layers.warehouse,
        "channels": layers.channel,
        "quotas": layers.quota,
        "backorders": layers.backorder,
        "consignments": layers.consigned,
        "orders": of_order,
        "history": of_shipment,
    }


def _check_within(moment: datetime, horizon: Horizon | None, path: str, violations: Violations) -> None:
    if horizon is not None and not horizon.starts_at <= moment <= horizon.ends_at:
        remedy = f"lies outside the horizon, {horizon.starts_at.isoformat()} to {horizon.ends_at.isoformat()}"
        violations.add(path, moment.isoformat(), remedy)


def _check_later(moment: datetime | None, than: datetime, what: str, path: str, violations: Violations) -> None:
    if moment is not None and moment < than:
        violations.add(path, moment.isoformat(), f"is earlier than {what}, {than.isoformat()}")


def _check_unique_ids(scenario: Scenario, place: Place, violations: Violations) -> None:
    for noun, field in _ID_FIELDS.items():
        first: dict[str, int] = {}
        for position, row in enumerate(getattr(scenario, noun)):
            known = first.setdefault(getattr(row, field), position)
            if known != position:
                at = f"{place(noun, position)}: {field}"
                violations.add(at, getattr(row, field), f"stands at {place(noun, known)} before; say it once")


def _check_currency(scenario: Scenario, place: Place, violations: Violations) -> None:
    """Tariffs and orders are in the scenario's currency; a file's first stray is named."""
    for noun in ("services", "orders"):
        for position, row in enumerate(getattr(scenario, noun)):
            if row.currency != scenario.currency:
                remedy = f"the scenario is in {scenario.currency}; use one throughout"
                violations.add(f"{place(noun, position)}: currency", row.currency, remedy)
                break


def _moved(fault: FieldViolation, place: str) -> FieldViolation:
    field = fault.field.removeprefix(_ROW).removeprefix(".")
    return FieldViolation(field=f"{place}: {field}" if field else place, value=fault.value, remedy=fault.remedy)


def _with_guesses(faults: Sequence[FieldViolation], names: Names) -> Iterator[FieldViolation]:
    """The same; the first that name what does not exist say what was probably meant."""
    guesses = 0
    for fault in faults:
        known = names.of_field(fault.field.rpartition(": ")[2])
        if not known or "there is no such" not in fault.remedy or guesses >= MOST_GUESSES:
            yield fault
            continue
        guesses += 1
        close = get_close_matches(fault.value.strip("'\""), known, n=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        yield FieldViolation(field=fault.field, value=fault.value, remedy=fault.remedy + meant)
