"""When a source can hand a package over."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from solver.network.model import Hours, Source

_DAYS_AHEAD = 8  # a week and a day: every opening pattern with at least one weekday opens within it


@lru_cache(maxsize=4096)
def hand_over_at(source_hours: Hours, time_zone: str, lead_minutes: int, placed_at: datetime) -> datetime:
    """The moment (UTC) at which an order placed at `placed_at` is handed to the carrier.

    Work begins at once while the source is open, else at its next opening, and takes `lead_minutes`; work that has
    begun is finished also after closing time.
    """
    zone = ZoneInfo(time_zone)
    local = placed_at.astimezone(zone)
    for day in (local.date() + timedelta(days=offset) for offset in range(_DAYS_AHEAD)):
        if day.isoweekday() not in source_hours.weekdays:
            continue
        opens = _at_minute(day, source_hours.opens_minute, zone)
        closes = _at_minute(day, source_hours.closes_minute, zone)
        if placed_at < closes:
            return max(opens, placed_at) + timedelta(minutes=lead_minutes)
    raise ValueError(f"hours {source_hours} never open")


def source_hand_over_at(source: Source, placed_at: datetime) -> datetime:
    """`hand_over_at` of this source."""
    return hand_over_at(source.hours, source.time_zone, source.lead_minutes, placed_at)


def _at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Local wall-clock minute of a day as UTC; minute 1440 is the next midnight."""
    midnight_of = day + timedelta(days=minute // 1440)
    return datetime.combine(midnight_of, time(minute % 1440 // 60, minute % 60), zone).astimezone(UTC)
