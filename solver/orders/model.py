"""What a caller asks for."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an order goes. Without coordinates the centre of its region stands in, and the plan says so."""

    region_id: str
    latitude: float | None = None
    longitude: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """So many of one sales item (or of a material sold as it is)."""

    line_id: str
    sku: str
    quantity: int
    unit_price_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One recipient's order. `promised_at` None means that no arrival is too late."""

    order_id: str
    currency: str
    placed_at: datetime
    destination: Address
    lines: tuple[OrderLine, ...]
    promised_at: datetime | None = None
    channel: str = ""
