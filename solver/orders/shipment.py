"""What was shipped for an order, as far as anybody knows: by the service itself, or by another system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A package that somebody shipped. What is empty, or None, nobody knows.

    `units` are of materials, by SKU. `freight_minor` is what the carrier was paid, `paid_minor` all that was paid for
    the package, the freight within it; both in the order's currency.
    """

    order_id: str
    source_id: str = ""
    carrier_id: str = ""
    service_id: str = ""
    units: Mapping[str, int] = field(default_factory=dict)
    shipped_at: datetime | None = None
    arrived_at: datetime | None = None
    freight_minor: int | None = None
    paid_minor: int | None = None
