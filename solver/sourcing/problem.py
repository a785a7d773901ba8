"""The question: one order, what could ship it, and what is preferred. A frozen value; everything needed is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from solver.network.lanes import ClosedLane, Lane
from solver.sourcing.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One unit of a SKU as a carrier sees it; it weighs at least 1 gram."""

    sku: str
    weight_grams: int
    volume_mm3: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """So many units of a SKU in each unit of an order line."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An order line exploded to what is stocked: `quantity` times `parts`, filled in whole units of the line only."""

    line_id: str
    sku: str
    quantity: int
    parts: tuple[LinePart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a source could give: units by SKU (only SKUs that the order needs), and its handling prices.

    `on_hand` counts also what others hold; it only serves to tell "held" from "none" in explanations.
    """

    source_id: str
    available: Mapping[str, int]
    on_hand: Mapping[str, int]
    handling_per_package_minor: int = 0
    handling_per_unit_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One order's sourcing problem.

    `lanes` are unique by source and service; each belongs to one of `offers`. `items` knows every SKU of every part.
    `notes` are remarks on how the problem was made (an assumed coordinate), carried into the plan.
    """

    order_id: str
    currency: str
    lines: tuple[Line, ...]
    items: Mapping[str, Item]
    offers: tuple[Offer, ...]
    lanes: tuple[Lane, ...]
    policy: Policy
    promised_at: datetime | None = None
    closed_lanes: tuple[ClosedLane, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def demand_units(self) -> dict[str, int]:
        """Units of each SKU that the whole order asks for."""
        demand: dict[str, int] = {}
        for line in self.lines:
            for part in line.parts:
                demand[part.sku] = demand.get(part.sku, 0) + line.quantity * part.units
        return demand
