"""What a caller asks for."""

from dataclasses import dataclass
from datetime import datetime

from solver.frozen import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an order goes. Without coordinates the centre of its region stands in, and the plan says so."""

    region_id: str
    latitude: float | None = None
    longitude: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """So many units of an option in a slot of a combination, for one unit of the line.

    The slot of a combination that is nested has the ids on the way before it: `GIFTBOX/colour`; one of an offer its
    combination's id: `ADD-ON/extra`. Upgrades have the option `better`.
    """

    slot: str
    option: str
    units: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPart:
    """So many units of a material in each unit of a line; `price_minor` is what all of them have of its unit price."""

    sku: str
    units: int
    price_minor: int = 0


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """So many of one sales item (or of a material sold as it is, or of a combination, with what is `chosen` in it).

    One with `ships_complete` ships whole or not at all; all that ships of one with `ships_together` leaves from one
    source. `parts` say what a unit is made of, in place of the catalog; then `sku` is but a name. `unit_price_minor` is
    what is paid for a unit; `list_minor` what all units cost by the list (0: what is paid), `tax_minor` the tax within
    what is paid for all units (0: not known). Settlement shares them out.
    """

    line_id: str
    sku: str
    quantity: int
    unit_price_minor: int = 0
    ships_complete: bool = False
    ships_together: bool = False
    chosen: tuple[Chosen, ...] = ()
    parts: tuple[OrderPart, ...] = ()
    list_minor: int = 0
    tax_minor: int = 0


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One recipient's order. `promised_at` None means that no arrival is too late.

    `channel`, `brand`, `customer_tier` and `scene` (everyday, promotion ...) say which policy applies.
    One with `ships_complete` ships whole or not at all. `chosen` are choices in offers that apply to the whole order.
    `customer_id` is who orders (empty: not known): gifts with a limit for each customer are counted by it.
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
    chosen: tuple[Chosen, ...] = ()
    customer_id: str = ""
