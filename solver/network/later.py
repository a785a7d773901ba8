"""Stock that is not there yet: on its way, promised in advance (预售), or owed (缺货)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from solver.network.wall_clock import on_day

DEFAULT_DAYS_TO_SHIP = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterStock:
    """An offer of a source whose stock is there only from `available_at` on; `offer_id` tells it from others."""

    source_id: str
    offer_id: str
    available_at: datetime


def days_to_ship(material_days: int | None, source_days: int | None) -> int:
    """Days from order to shipment of a backorder: what the product says, else what the source says, else 30."""
    if material_days is not None:
        return material_days
    return DEFAULT_DAYS_TO_SHIP if source_days is None else source_days


def backorder_available_at(placed_at: datetime, days: int, time_zone: str) -> datetime:
    """The order's own time of day so many calendar days later, on the source's clock (UTC)."""
    zone = ZoneInfo(time_zone)
    return on_day(placed_at, placed_at.astimezone(zone).date() + timedelta(days=days), zone)
