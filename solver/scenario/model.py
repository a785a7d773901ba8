"""A whole little world: network, catalog, opening stock and orders."""

from dataclasses import dataclass

from solver.catalog.model import Material, SalesItem
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.transfer import Transfer
from solver.orders.model import Order
from solver.sourcing.policy import DEFAULT_POLICY, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningStock:
    """Units of one SKU on hand at one source when the scenario begins."""

    source_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything a run needs. `assumptions` says in words what was made up and by which rule."""

    name: str
    title: str
    currency: str
    description: str = ""
    assumptions: tuple[str, ...] = ()
    policy: Policy = DEFAULT_POLICY
    regions: tuple[Region, ...] = ()
    sources: tuple[Source, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    services: tuple[Service, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    materials: tuple[Material, ...] = ()
    sales_items: tuple[SalesItem, ...] = ()
    stock: tuple[OpeningStock, ...] = ()
    orders: tuple[Order, ...] = ()
