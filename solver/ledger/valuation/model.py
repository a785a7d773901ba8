"""The nouns of inventory valuation: what stock cost, by whom it is owned, and what leaves with every unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ValuationMethod(StrEnum):
    """What units that leave have cost: the average of all that are there (移动加权平均), or the oldest (先进先出)."""

    MOVING_AVERAGE = "moving_average"
    FIFO = "fifo"


class CostCause(StrEnum):
    """Why units or value came or went.

    OPENING, RECEIPT, FOUND, RETURN and TRANSFER_IN bring units; SHIPMENT, LOSS, SCRAP, SENT_BACK and TRANSFER_OUT take
    them; WRITE_DOWN and COSTED change the value of what is there.
    """

    OPENING = "opening"
    RECEIPT = "receipt"
    FOUND = "found"
    RETURN = "return"
    TRANSFER_IN = "transfer_in"
    SHIPMENT = "shipment"
    LOSS = "loss"
    SCRAP = "scrap"
    SENT_BACK = "sent_back"
    TRANSFER_OUT = "transfer_out"
    WRITE_DOWN = "write_down"
    COSTED = "costed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuationTerms:
    """How stock is valued, and who owns and sells it. Empty entities are the one at home.

    `entity_of_site` says whose stock lies where, `entity_of_channel` who sells there; elsewhere `entity` does. Stock at
    sites `not_owned` (a dealer's, a drop-shipper's) is in none of our books. With a `tax_place` prices include the tax
    of `tax_items` (by SKU) or else of `tax_item` there; without one they include none.
    """

    method: ValuationMethod
    currency: str
    entity: str = ""
    entity_of_site: Mapping[str, str] = field(default_factory=dict)
    not_owned: tuple[str, ...] = ()
    entity_of_channel: Mapping[str, str] = field(default_factory=dict)
    tax_place: str = ""
    tax_item: str = ""
    tax_items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """What a unit of a SKU costs when it is bought from a day on, where its receipt does not say."""

    sku: str
    from_on: date
    unit_cost_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When cost moves, and why: the entry of the stock book (0: only the value changes) and what it is about."""

    entry_id: int
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Units of a SKU that come to an owner (> 0) or leave him (< 0), before anybody knows what they cost.

    `value_minor` is what their receipt says they cost (None: nothing). `counterpart` is the other owner of a transfer.
    """

    entity: str
    sku: str
    cause: CostCause
    units: int
    value_minor: int | None = None
    counterpart: str = ""
    order_id: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostMove:
    """Units of a SKU that came to an owner (> 0) or left (< 0), and their value, of the same sign.

    `entry_id` is the entry of the stock book that moved them (0: only the value changed), `voucher_id` the voucher in
    the money book (empty: the value is 0). `reference` is what moved them: a plan, a return, a receipt's reference.
    A receipt that is not `costed` came in at 0 because nobody knew its cost; `uncosted_units` of it still have none.
    """

    move_id: int
    entry_id: int
    entity: str
    sku: str
    cause: CostCause
    units: int
    value_minor: int
    at: datetime
    reference: str
    order_id: str
    voucher_id: str
    uncosted_units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryValue:
    """All units of a SKU that an owner has, wherever they lie, and what they cost together."""

    entity: str
    sku: str
    currency: str
    units: int
    value_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Net sales, the cost of what was sold, and what is left of it; by SKU, order or channel (`key`)."""

    key: str
    currency: str
    sales_minor: int
    cost_minor: int

    @property
    def margin_minor(self) -> int:
        """Gross margin: sales less cost."""
        return self.sales_minor - self.cost_minor
