"""What a sound row of a scenario is, by itself: every name that it says exists, and its times fit the others."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from solver.catalog.attributes import check_stated_attributes
from solver.catalog.fields.model import Layer
from solver.catalog.model import Material, SalesItem
from solver.catalog.validate import check_material, check_sales_item
from solver.errors import Violations
from solver.network.calendar import Calendar
from solver.network.check_time import check_calendar, check_transfer
from solver.network.model import Carrier, Region, Service, Source
from solver.network.transfer import Transfer
from solver.network.validate import check_carrier, check_region, check_service, check_source
from solver.orders.check_shipment import check_shipment
from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.orders.validate import check_destination, check_order
from solver.scenario.check_layers import LayerChecks
from solver.scenario.model import Inbound, OpeningStock, Scenario
from solver.scenario.names import Names
from solver.validation import MOST_UNITS, check_between, check_reference


class RowChecks:
    """Checks of rows by themselves; their fields are recorded below `path`."""

    def __init__(self, scenario: Scenario, names: Names, path: str) -> None:
        self._names, self._path, self._horizon = names, path, scenario.horizon
        self._placed_at = {order.order_id: order.placed_at for order in scenario.orders}
        self._layers = LayerChecks(scenario, names, path)

    @property
    def by_noun(self) -> Mapping[str, Callable[[Any, Violations], None]]:
        """The check of each noun's rows, in the sequence in which faults are told."""
        layers = self._layers
        return {
            "regions": self._region,
            "calendars": self._calendar,
            "sources": self._source,
            "carriers": self._carrier,
            "services": self._service,
            "transfers": self._transfer,
            "materials": self._material,
            "sales_items": self._sales_item,
            "stock": self._stock,
            "inbound": self._inbound,
            "logical_warehouses": layers.warehouse,
            "channels": layers.channel,
            "quotas": layers.quota,
            "backorders": layers.backorder,
            "consignments": layers.consigned,
            "orders": self._order,
            "history": self._shipment,
        }

    def _region(self, row: Region, found: Violations) -> None:
        check_region(row, self._names.regions, self._path, found)

    def _calendar(self, row: Calendar, found: Violations) -> None:
        check_calendar(row, self._path, found)

    def _source(self, row: Source, found: Violations) -> None:
        check_source(row, self._names.regions, self._path, found, calendars=self._names.calendars)

    def _carrier(self, row: Carrier, found: Violations) -> None:
        check_carrier(row, self._path, found)

    def _service(self, row: Service, found: Violations) -> None:
        names = self._names
        check_service(row, names.carriers, names.regions, self._path, found, calendars=names.calendars)

    def _transfer(self, row: Transfer, found: Violations) -> None:
        check_transfer(row, self._names.sources, self._names.calendars, self._path, found)

    def _material(self, row: Material, found: Violations) -> None:
        check_material(row, self._path, found)
        check_stated_attributes(row, Layer.MATERIAL, self._path, found)

    def _sales_item(self, row: SalesItem, found: Violations) -> None:
        check_sales_item(row, self._names.skus, self._path, found)
        check_stated_attributes(row, Layer.SALES_ITEM, self._path, found)

    def _stock(self, row: OpeningStock | Inbound, found: Violations) -> None:
        self._check_source(row.source_id, found)
        check_reference(row.sku, self._names.skus, "material", f"{self._path}.sku", found)
        check_between(row.units, 1, MOST_UNITS, f"{self._path}.units", found)

    def _inbound(self, row: Inbound, found: Violations) -> None:
        self._stock(row, found)
        self._check_within(row.arrives_at, f"{self._path}.arrives_at", found)

    def _order(self, row: Order, found: Violations) -> None:
        check_order(row, self._names.items, None, self._path, found, materials=self._names.skus)
        check_destination(row.destination, self._names.regions, f"{self._path}.destination", found)
        self._check_within(row.placed_at, f"{self._path}.placed_at", found)
        _check_later(row.promised_at, row.placed_at, "the order", f"{self._path}.promised_at", found)

    def _shipment(self, row: Shipment, found: Violations) -> None:
        check_shipment(row, self._path, found)
        check_reference(row.order_id, self._placed_at, "order", f"{self._path}.order_id", found)
        if row.source_id:
            self._check_source(row.source_id, found)
        for sku in row.units:
            check_reference(sku, self._names.skus, "material", f"{self._path}.units.{sku}", found)
        if row.order_id in self._placed_at:
            placed_at = self._placed_at[row.order_id]
            _check_later(row.shipped_at, placed_at, "the order", f"{self._path}.shipped_at", found)

    def _check_source(self, source_id: str, found: Violations) -> None:
        check_reference(source_id, self._names.sources, "source", f"{self._path}.source_id", found)

    def _check_within(self, moment: datetime, path: str, found: Violations) -> None:
        horizon = self._horizon
        if horizon is not None and not horizon.starts_at <= moment <= horizon.ends_at:
            remedy = f"lies outside the horizon, {horizon.starts_at.isoformat()} to {horizon.ends_at.isoformat()}"
            found.add(path, moment.isoformat(), remedy)


def _check_later(moment: datetime | None, than: datetime, what: str, path: str, found: Violations) -> None:
    if moment is not None and moment < than:
        found.add(path, moment.isoformat(), f"is earlier than {what}, {than.isoformat()}")
