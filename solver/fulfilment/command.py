"""A whole problem as its caller states it: orders, what could ship them, at what price, and what is preferred."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from solver.catalog.model import Material, SalesItem
from solver.network.calendar import Calendar
from solver.network.capacity import IDLE, Work
from solver.network.model import RateCard, Region, Service, Source
from solver.network.surcharge import Surcharge
from solver.network.transfer import Transfer
from solver.network.transit import TransitTimes
from solver.orders.model import Order
from solver.sourcing.plan import Engine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Lot, Stage
from solver.waves.limits import DEFAULT_LIMITS, WaveLimits
from solver.waves.wave import NO_TERMS, WaveTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAmount:
    """Units of one SKU that one source could give; `on_hand_units` 0 stands for `available_units`.

    Stock of another stage than on hand is there from `available_at` on; a backorder may leave that out and then ships
    so many days after the order as material or source say. `safety_units` and `reserve_units` would rather be kept,
    and are among the available ones. `unit_cost_minor` is what a unit costs the company at this source (None: the
    material's value), `stock_out_minor` what taking a unit of the safety stock is likely to cost (None: what the policy
    says). `lots` are the ages of the units; units beyond them do not ship. `stock_value_minor` is what a unit left here
    is worth to the orders still to come (None: nothing), `landed_cost_minor` what a unit costs here once all contracts
    are served: goods, commission, tax (None: not known).
    """

    source_id: str
    sku: str
    available_units: int
    on_hand_units: int = 0
    stage: Stage = Stage.ON_HAND
    available_at: datetime | None = None
    safety_units: int = 0
    reserve_units: int = 0
    unit_cost_minor: int | None = None
    stock_out_minor: int | None = None
    lots: tuple[Lot, ...] = ()
    stock_value_minor: int | None = None
    landed_cost_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How a source stands when the first order is decided.

    `work` is accepted and not yet done. Together with the source's capacity it gives its load, what it still takes
    today, and how many working days later it hands over; `load_basis_points`, `orders_left`, `units_left`,
    `minutes_left` and `backlog_days` say these things themselves (None: by capacity and work). `rejects` counts orders
    lately refused, `share_excess_basis_points` by how much it is above its agreed share of orders, `quota_orders_left`
    how many more its share leaves it.
    """

    source_id: str
    work: Work = IDLE
    load_basis_points: int | None = None
    orders_left: int | None = None
    units_left: int | None = None
    minutes_left: int | None = None
    backlog_days: int | None = None
    rejects: int = 0
    share_excess_basis_points: int = 0
    quota_orders_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """What a service has accepted from all sources and not yet collected."""

    service_id: str
    packages: int = 0
    grams: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLane:
    """A way from a source to the door of one order (`order_id`) or of every order, priced by the caller.

    A package costs what `card` says of its weight (None: nothing), and `package_minor`, and `unit_minor` for each unit
    of a SKU. `offer_id` names the one offer of the source that it serves, such as `in_transit@2026-03-04T00:00Z`;
    empty: each of them. Its times follow from the source's working time and `transit_minutes` unless `hand_over_at` or
    `arrives_at` are stated. With `via_source_id` the goods go there first, and `distance_meters`, `transit_minutes` and
    the stated times are those of the whole way.
    """

    source_id: str
    service_id: str
    card: RateCard | None = None
    carrier_id: str = ""
    order_id: str = ""
    distance_meters: int = 0
    transit_minutes: int = 0
    crosses_province: bool = False
    volumetric_divisor_cm3_per_kg: int = 0
    volumetric_divisor_in3_per_lb: int = 0
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
    package_minor: int = 0
    unit_minor: Mapping[str, int] = field(default_factory=dict)
    offer_id: str = ""
    via_source_id: str = ""
    transfer_per_package_minor: int = 0
    transfer_per_unit_minor: int = 0
    hand_over_at: datetime | None = None
    arrives_at: datetime | None = None
    packages_left: int | None = None  # what the service still takes today, from all sources; None: no limit
    grams_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizeCommand:
    """The whole problem: either `lanes`, or `services` with `regions`.

    `money_decimals` (0 to 6) is how many decimals the minor unit of all its money stands for; None: the currency's own.
    `wave` and what follows are for the engine BATCH, which decides all orders together: what they share, how much work
    that may cost, and whether unsound orders are left out (else all is refused).
    """

    orders: tuple[Order, ...]
    sources: tuple[Source, ...]
    stock: tuple[StockAmount, ...]
    materials: tuple[Material, ...]
    sales_items: tuple[SalesItem, ...] = ()
    lanes: tuple[PricedLane, ...] = ()
    services: tuple[Service, ...] = ()
    regions: tuple[Region, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    source_states: tuple[SourceState, ...] = ()
    service_states: tuple[ServiceState, ...] = ()
    policy: Policy | None = None
    policy_id: str = ""
    policy_version: int = 0
    engine: Engine = Engine.EXACT
    money_decimals: int | None = None
    wave: WaveTerms = NO_TERMS
    wave_limits: WaveLimits = DEFAULT_LIMITS
    skip_unsound_orders: bool = False
