"""Local time of day: the clock on the wall of a place, whose hands are turned twice a year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from solver.network.calendar import WorkDays


def at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Local wall-clock minute of a day as UTC; minute 1440 is the next midnight."""
    midnight_of = day + timedelta(days=minute // 1440)
    return datetime.combine(midnight_of, time(minute % 1440 // 60, minute % 60), zone).astimezone(UTC)


def on_day(moment: datetime, day: date, zone: ZoneInfo) -> datetime:
    """The moment's time of day on another day (UTC)."""
    return datetime.combine(day, moment.astimezone(zone).time(), zone).astimezone(UTC)


def same_time_later(moment: datetime, days: WorkDays, count: int, zone: ZoneInfo) -> datetime:
    """The same time of day `count` open days later (UTC); 0: the moment itself."""
    return on_day(moment, days.later(moment.astimezone(zone).date(), count), zone) if count else moment
