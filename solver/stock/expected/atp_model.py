"""Available to promise, by day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AtpDay:
    """From this day on: what arrives on it, how much of that is promised, and what may be promised for it in all.

    `atp_units` count everything until that day; they are what may be promised now for a delivery on this day or later,
    so that no promise made before is broken.
    """

    day: date
    incoming_units: int
    promised_units: int
    atp_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Atp:
    """One SKU at one site, for a channel where one is named.

    `available_units` may be held now. `backordered_units` are promised beyond what is there and served from what
    arrives first. `overdue_units` should have arrived before today and count for no day. The first of `days` is today;
    others are listed where something arrives.
    """

    site_id: str
    sku: str
    channel: str
    available_units: int
    backordered_units: int
    overdue_units: int
    days: tuple[AtpDay, ...]
