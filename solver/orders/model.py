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
    """So many of one sales item (or of a material sold as it is).

    One with `ships_complete` ships whole or not at all; all that ships of one with `ships_together` leaves from one
    source.
    """

    line_id: str
    sku: str
    quantity: int
    unit_price_minor: int = 0
    ships_complete: bool = False
    ships_together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One recipient's order. `promised_at` None means that no arrival is too late.

    `channel`, `brand`, `customer_tier` and `scene` (everyday, promotion ...) say which policy applies.
    One with `ships_complete` ships whole or not at all.
    """

    order_id: str
    currency: str
    placed_at: datetime
    destination: Address
    lines: tuple[OrderLine, ...]
    promised_at: datetime | None = None
    channel: str = ""
    brand: str = ""
    customer_tier: str = ""
    scene: str = ""
    ships_complete: bool = False
