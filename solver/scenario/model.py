"""A whole little world: network, catalog, opening stock and orders, and what happens to it meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from solver.catalog.combinations.model import Combination
from solver.catalog.model import Material, SalesItem
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.transfer import Transfer
from solver.orders.model import Order
from solver.orders.shipment import Shipment
from solver.scenario.returns_model import ReturnRule
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningStock:
    """Units of one SKU on hand at one source when the scenario begins."""

    source_id: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Units of one SKU that come to a source later."""

    source_id: str
    sku: str
    units: int
    arrives_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consigned:
    """Units of one SKU on their way to a source, which may be promised until they are there.

    Rows of one `consignment_id` are one consignment: they say the same of everything but SKU and units. It was sent
    before the scenario begins, or is at `sent_at`: then out of the free units of `from_source_id`, where that is named.
    It is expected at one time and arrives at that or (late inbound) another.
    """

    consignment_id: str
    source_id: str
    sku: str
    units: int
    expected_at: datetime
    arrives_at: datetime | None = None  # None: as expected
    sent_at: datetime | None = None  # None: before the scenario begins
    from_source_id: str = ""  # empty: a supplier

    @property
    def comes_at(self) -> datetime:
        """When it arrives."""
        return self.arrives_at or self.expected_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """From when until when a scenario runs; orders are placed within."""

    starts_at: datetime
    ends_at: datetime


class Trouble(StrEnum):
    """What may go wrong, or otherwise than usual."""

    CARRIER_DOWN = "carrier_down"  # takes nothing
    CARRIER_CONGESTED = "carrier_congested"  # parcels take `extra_minutes` longer
    SOURCE_CLOSED = "source_closed"  # ships nothing
    SOURCE_SLOW = "source_slow"  # hands over `extra_minutes` later
    REJECTIONS = "rejections"  # refuses `permille` of the orders that it is given
    DEMAND_SURGE = "demand_surge"  # `permille` of the usual number of drawn orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """Something that goes otherwise from `starts_at` until `ends_at`.

    It befalls a service, all services of a carrier, or a source; a surge befalls a region with all that lie in it
    (empty: all regions).
    """

    trouble: Trouble
    starts_at: datetime
    ends_at: datetime
    service_id: str = ""
    carrier_id: str = ""
    source_id: str = ""
    region_id: str = ""
    extra_minutes: int = 0
    permille: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What a run must come to: `metric` is one of docs/scenarios.md; both limits are included."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """Orders that are drawn instead of listed: the same seed, the same orders.

    Orders come as a Poisson process of `orders_per_day` over the horizon, on `hours` of the day in `time_zone`. Weights
    say how often each is drawn; where nothing is said, all are drawn alike. SKUs are drawn without repetition. A
    region's orders come from `customers_per_region`, all alike; 0: they name no customer.
    """

    orders_per_day: int
    seed: int = 0
    lines: Mapping[int, int] = field(default_factory=lambda: {1: 1})  # so many lines: weight
    quantities: Mapping[int, int] = field(default_factory=lambda: {1: 1})  # units of a line: weight
    skus: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[int, int] = field(default_factory=dict)
    time_zone: str = "UTC"
    promised_within_hours: int = 0  # of the order; 0: nothing is promised
    prices_minor: Mapping[str, int] = field(default_factory=dict)  # of a unit; what is not listed has no price
    customers_per_region: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything a run needs. `assumptions` says in words what was made up and by which rule.

    `base` is the folder of another scenario, relative to this one: its rows stand in for nouns without a file here.
    `policies` names others to compare `policy` with: shipped ids, or files of the folder. Orders are listed or drawn by
    a `generator`, not both. `horizon` None: from the first order to a day after the last.
    """

    name: str
    title: str
    currency: str
    description: str = ""
    base: str = ""
    assumptions: tuple[str, ...] = ()
    policy: Policy = DEFAULT_POLICY
    policies: tuple[str, ...] = ()
    horizon: Horizon | None = None
    generator: Generator | None = None
    disturbances: tuple[Disturbance, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    returns: tuple[ReturnRule, ...] = ()
    regions: tuple[Region, ...] = ()
    sources: tuple[Source, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    services: tuple[Service, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    materials: tuple[Material, ...] = ()
    sales_items: tuple[SalesItem, ...] = ()
    combinations: tuple[Combination, ...] = ()
    stock: tuple[OpeningStock, ...] = ()
    inbound: tuple[Inbound, ...] = ()
    logical_warehouses: tuple[LogicalWarehouse, ...] = ()
    channels: tuple[Channel, ...] = ()
    quotas: tuple[Quota, ...] = ()
    backorders: tuple[BackorderLimit, ...] = ()
    consignments: tuple[Consigned, ...] = ()
    orders: tuple[Order, ...] = ()
    history: tuple[Shipment, ...] = ()  # what was really shipped for the orders

    @property
    def comings(self) -> tuple[Inbound, ...]:
        """All that comes to sources, whether it was announced or not."""
        consigned = (
            Inbound(source_id=row.source_id, sku=row.sku, units=row.units, arrives_at=row.comes_at)
            for row in self.consignments
        )
        return (*self.inbound, *consigned)

    @property
    def is_layered(self) -> bool:
        """Whether more decides what an order may have than what lies there: shares of channels, or what is to come."""
        return bool(self.logical_warehouses or self.quotas or self.backorders or self.consignments)
