"""The question: one order, what could ship it, and what is preferred. A frozen value; everything needed is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from solver.frozen import quickly_made
from solver.network.lanes import ClosedLane, Lane
from solver.network.model import SourceKind
from solver.sourcing.policy import Policy


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One unit of a SKU as a carrier sees it; it weighs at least 1 gram.

    `tags` are its material's: hazmat, battery, cold_chain ... `longest_side_mm` 0: not known. `value_minor` is what a
    unit is worth to the company.
    """

    sku: str
    weight_grams: int
    volume_mm3: int = 0
    longest_side_mm: int = 0
    tags: tuple[str, ...] = ()
    value_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """So many units of a SKU in each unit of an order line."""

    sku: str
    units: int


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An order line exploded to what is stocked: `quantity` times `parts`, filled in whole units of the line only.

    `unit_price_minor` is what the customer pays for a unit. A line with `ships_complete` ships whole or not at all; all
    that ships of a line with `ships_together` leaves from one source.
    """

    line_id: str
    sku: str
    quantity: int
    parts: tuple[LinePart, ...]
    unit_price_minor: int = 0
    ships_complete: bool = False
    ships_together: bool = False


class Stage(StrEnum):
    """How real an offer's stock is."""

    ON_HAND = "on_hand"
    IN_TRANSIT = "in_transit"
    BACKORDER = "backorder"
    PRE_SALE = "pre_sale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units of a SKU that are of one age: how many days until they expire, and what they lose by being kept."""

    units: int
    days_to_expiry: int
    markdown_minor: int = 0


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a source could give: units by SKU (only SKUs that the order needs), and what is known about the source.

    A source may make several offers (what lies there, what is on its way); `offer_id` tells them apart, empty stands
    for the source's only one. `on_hand` counts also what others hold; it only serves to tell "held" from "none" in
    explanations. `safety` and `reserve` are units which the safety stock and a dealer's own trade would like to keep.
    `unit_cost_minor` is what a unit costs the company at this source (a dealer's settlement price), `lots` the ages of
    the stock, `load_basis_points` how much of its day's work it already has, `orders_left` ... how many more orders,
    units and minutes of work it takes today, `quota_orders_left` how many more orders its share leaves it; None: no
    limit. `rejects` counts the orders that it lately refused. `stock_out_minor` is what taking a unit of the safety
    stock is likely to cost, `share_excess_basis_points` by how much it is above its agreed share of orders.
    `stock_value_minor` is what a unit left here is worth to the orders still to come, `landed_cost_minor` what a unit
    costs here once all contracts are served.
    """

    source_id: str
    available: Mapping[str, int]
    on_hand: Mapping[str, int]
    offer_id: str = ""
    stage: Stage = Stage.ON_HAND
    kind: SourceKind = SourceKind.WAREHOUSE
    tags: tuple[str, ...] = ()
    priority: int = 0
    is_active: bool = True
    handling_per_order_minor: int = 0
    handling_per_package_minor: int = 0
    handling_per_line_minor: int = 0
    handling_per_unit_minor: int = 0
    packaging_minor: int = 0
    minutes_per_package: int = 0
    minutes_per_unit: int = 0
    carbon_grams_per_package: int = 0
    safety: Mapping[str, int] = field(default_factory=dict)
    reserve: Mapping[str, int] = field(default_factory=dict)
    unit_cost_minor: Mapping[str, int] = field(default_factory=dict)
    lots: Mapping[str, tuple[Lot, ...]] = field(default_factory=dict)
    stock_out_minor: Mapping[str, int] = field(default_factory=dict)
    stock_value_minor: Mapping[str, int] = field(default_factory=dict)
    landed_cost_minor: Mapping[str, int] = field(default_factory=dict)
    load_basis_points: int = 0
    share_excess_basis_points: int = 0
    orders_left: int | None = None
    units_left: int | None = None
    minutes_left: int | None = None
    rejects: int = 0
    quota_orders_left: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Source and offer; unique among the offers of one order."""
        return (self.source_id, self.offer_id)


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One order's sourcing problem.

    `lanes` are unique by their id; each belongs to one of `offers`. `items` knows every SKU of every part. An order
    with `ships_complete` ships whole or not at all. `notes` are remarks on how the problem was made (an assumed
    coordinate), carried into the plan; `notes_zh` are the same in Chinese, one for one. `money_decimals` is how many
    decimals a minor unit stands for (None: the currency's own), for texts.
    """

    order_id: str
    currency: str
    lines: tuple[Line, ...]
    items: Mapping[str, Item]
    offers: tuple[Offer, ...]
    lanes: tuple[Lane, ...]
    policy: Policy
    promised_at: datetime | None = None
    placed_at: datetime | None = None
    channel: str = ""
    customer_tier: str = ""
    ships_complete: bool = False
    closed_lanes: tuple[ClosedLane, ...] = ()
    notes: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    money_decimals: int | None = None
    standing: tuple[tuple[str, str], ...] = ()

    @property
    def value_minor(self) -> int:
        """What the customer pays for the goods."""
        return sum(line.quantity * line.unit_price_minor for line in self.lines)

    @property
    def demand_units(self) -> dict[str, int]:
        """Units of each SKU that the whole order asks for."""
        demand: dict[str, int] = {}
        for line in self.lines:
            for part in line.parts:
                demand[part.sku] = demand.get(part.sku, 0) + line.quantity * part.units
        return demand
