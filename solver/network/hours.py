"""When a source can hand a package over."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from solver.network.calendar import WorkDays
from solver.network.model import Hours, Source
from solver.network.wall_clock import at_minute, same_time_later


@lru_cache(maxsize=4096)
def hand_over_at(
    source_hours: Hours,
    time_zone: str,
    lead_minutes: int,
    placed_at: datetime,
    *,
    days: WorkDays | None = None,
    cut_off_minute: int | None = None,
    backlog_days: int = 0,
) -> datetime:
    """The moment (UTC) at which an order placed at `placed_at` is ready to be handed to the carrier.

    Work begins at once while the source is open, else at its next opening, and takes `lead_minutes`; work that has
    begun is finished also after closing time. An order placed after the cut-off of a day is begun on the next open day.
    A backlog of so many days moves the beginning to the same time of day so many open days later. `days` None: the
    hours' own weekdays, without a calendar. Raises ValueError for hours without a weekday.
    """
    zone = ZoneInfo(time_zone)
    open_days = days or WorkDays.of(source_hours.weekdays)
    begins = _begins_at(source_hours, zone, open_days, cut_off_minute, placed_at)
    return same_time_later(begins, open_days, backlog_days, zone) + timedelta(minutes=lead_minutes)


def source_hand_over_at(
    source: Source,
    placed_at: datetime,
    *,
    days: WorkDays | None = None,
    backlog_days: int = 0,
    available_at: datetime | None = None,
) -> datetime:
    """`hand_over_at` of this source, for stock that is there only from `available_at` on (None: it is there).

    Later stock is worked on as if it had been ordered when it comes; a backlog is worked off in the meantime.
    """

    def ready_at(begins: datetime, backlog_days: int) -> datetime:
        return hand_over_at(
            source.hours,
            source.time_zone,
            source.lead_minutes,
            begins,
            days=days,
            cut_off_minute=source.cut_off_minute,
            backlog_days=backlog_days,
        )

    ready = ready_at(placed_at, backlog_days)
    return ready if available_at is None else max(ready, ready_at(max(placed_at, available_at), 0))


class _Day(NamedTuple):
    """The work of a source on the first open day that is not before another; the moments are UTC."""

    opens_at: datetime
    closes_at: datetime
    cut_off_at: datetime | None
    next_opens_at: datetime


def _begins_at(
    hours: Hours, zone: ZoneInfo, days: WorkDays, cut_off_minute: int | None, placed_at: datetime
) -> datetime:
    day = _day_of(hours, zone, days, cut_off_minute, placed_at.astimezone(zone).date())
    in_time = day.cut_off_at is None or placed_at <= day.cut_off_at
    return max(day.opens_at, placed_at) if placed_at < day.closes_at and in_time else day.next_opens_at


@lru_cache(maxsize=4096)
def _day_of(hours: Hours, zone: ZoneInfo, days: WorkDays, cut_off_minute: int | None, first: date) -> _Day:
    day = days.on_or_after(first)
    return _Day(
        opens_at=at_minute(day, hours.opens_minute, zone),
        closes_at=at_minute(day, hours.closes_minute, zone),
        cut_off_at=None if cut_off_minute is None else at_minute(day, cut_off_minute, zone),
        next_opens_at=at_minute(days.later(day, 1), hours.opens_minute, zone),
    )
