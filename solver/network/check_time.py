"""What sound calendars, schedules, capacities, transfers and facts of a source are."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from solver.errors import Violations
from solver.network.calendar import Calendar
from solver.network.capacity import DailyCapacity
from solver.network.check_terms import MOST_CARBON_GRAMS, MOST_TAGS
from solver.network.model import Hours, Service, Source
from solver.network.schedule import Schedule
from solver.network.transfer import Transfer
from solver.validation import (
    MOST_DAYS,
    MOST_GRAMS,
    MOST_MINOR,
    MOST_MINUTES,
    MOST_UNITS,
    Known,
    check_between,
    check_id,
    check_reference,
    check_unique,
)

MINUTES_PER_DAY = 1440
MOST_CALENDAR_DAYS = 5_000
MOST_PICK_UPS = 48
MOST_PRIORITY = 1_000
_WEEKDAYS = frozenset(range(1, 8))


def check_calendar(calendar: Calendar, path: str, violations: Violations) -> None:
    """A calendar has an id, names each day once, and does not both open and close it."""
    check_id(calendar.calendar_id, f"{path}.calendar_id", violations)
    for name in ("closed_days", "open_days"):
        days = getattr(calendar, name)
        at = f"{path}.{name}"
        violations.require(
            len(days) <= MOST_CALENDAR_DAYS, at, f"{len(days)} days", f"give at most {MOST_CALENDAR_DAYS:,}"
        )
        violations.require(list(days) == sorted(set(days)), at, "out of order", "name each day once, ascending")
    both = sorted(set(calendar.closed_days) & set(calendar.open_days))
    if both:
        violations.add(f"{path}.open_days", both[0].isoformat(), "is among closed_days as well; name it in one of them")


def check_time_zone(name: str, path: str, violations: Violations) -> None:
    """The name of a time zone."""
    violations.require(_is_time_zone(name), path, name, "give an IANA name")


def check_hours(hours: Hours, path: str, violations: Violations) -> None:
    """Hours open on some weekday, and before they close."""
    opens_before_it_closes = 0 <= hours.opens_minute < hours.closes_minute <= MINUTES_PER_DAY
    violations.require(
        opens_before_it_closes,
        path,
        (hours.opens_minute, hours.closes_minute),
        "give 0 <= opens_minute < closes_minute <= 1440",
    )
    weekdays = set(hours.weekdays)
    violations.require(
        bool(weekdays) and weekdays <= _WEEKDAYS,
        f"{path}.weekdays",
        hours.weekdays,
        "give at least one weekday, Monday 1 to Sunday 7",
    )


def check_source_time(source: Source, calendars: Known, path: str, violations: Violations) -> None:
    """Time zone, hours, cut-off, calendar, lead and capacity of a source."""
    check_time_zone(source.time_zone, f"{path}.time_zone", violations)
    check_hours(source.hours, f"{path}.hours", violations)
    if source.cut_off_minute is not None:
        opens, at = source.hours.opens_minute, f"{path}.cut_off_minute"
        check_between(source.cut_off_minute, opens, MINUTES_PER_DAY, at, violations)
    _check_calendar_id(source.calendar_id, calendars, path, violations)
    check_between(source.lead_minutes, 0, MOST_MINUTES, f"{path}.lead_minutes", violations)
    if source.days_to_ship is not None:
        check_between(source.days_to_ship, 0, MOST_DAYS, f"{path}.days_to_ship", violations)
    for name in ("minutes_per_package", "minutes_per_unit"):
        check_between(getattr(source, name), 0, MOST_MINUTES, f"{path}.{name}", violations)
    _check_capacity(source.capacity, f"{path}.capacity", violations)


def check_source_facts(source: Source, path: str, violations: Violations) -> None:
    """Prices, priority, carbon and tags of a source."""
    for name in (
        "handling_per_order_minor",
        "handling_per_package_minor",
        "handling_per_line_minor",
        "handling_per_unit_minor",
        "packaging_minor",
    ):
        check_between(getattr(source, name), 0, MOST_MINOR, f"{path}.{name}", violations)
    check_between(source.priority, 0, MOST_PRIORITY, f"{path}.priority", violations)
    carbon = source.carbon_grams_per_package
    check_between(carbon, 0, MOST_CARBON_GRAMS, f"{path}.carbon_grams_per_package", violations)
    few = len(source.tags) <= MOST_TAGS
    violations.require(few, f"{path}.tags", f"{len(source.tags)} tags", f"give at most {MOST_TAGS}")
    check_unique(source.tags, f"{path}.tags", violations)
    for position, tag in enumerate(source.tags):
        check_id(tag, f"{path}.tags[{position}]", violations)


def check_service_time(service: Service, calendars: Known, path: str, violations: Violations) -> None:
    """Schedule and daily capacity of a service."""
    check_schedule(service.schedule, calendars, f"{path}.schedule", violations)
    check_between(service.daily_packages, 0, MOST_UNITS, f"{path}.daily_packages", violations)
    check_between(service.daily_grams, 0, MOST_UNITS * MOST_GRAMS, f"{path}.daily_grams", violations)


def check_schedule(schedule: Schedule, calendars: Known, path: str, violations: Violations) -> None:
    """Weekdays and minutes of the day, ascending, and a known calendar."""
    for name in ("pick_up_weekdays", "delivery_weekdays"):
        weekdays = getattr(schedule, name)
        sound = list(weekdays) == sorted(set(weekdays) & _WEEKDAYS)
        violations.require(sound, f"{path}.{name}", weekdays, "give weekdays ascending, Monday 1 to Sunday 7, or none")
    at, minutes = f"{path}.pick_up_minutes", schedule.pick_up_minutes
    violations.require(len(minutes) <= MOST_PICK_UPS, at, f"{len(minutes)} times", f"give at most {MOST_PICK_UPS}")
    within = all(0 <= minute < MINUTES_PER_DAY for minute in minutes) and list(minutes) == sorted(set(minutes))
    violations.require(within, at, minutes, "give minutes of the day ascending, 0 to 1439")
    _check_calendar_id(schedule.calendar_id, calendars, path, violations)


def check_transfer(transfer: Transfer, sources: Known, calendars: Known, path: str, violations: Violations) -> None:
    """A transfer leads from one known source to another."""
    for name in ("from_source_id", "to_source_id"):
        check_reference(getattr(transfer, name), sources, "source", f"{path}.{name}", violations)
    apart = transfer.from_source_id != transfer.to_source_id
    violations.require(apart, f"{path}.to_source_id", transfer.to_source_id, "name another source than it comes from")
    check_between(transfer.transit_minutes, 0, MOST_MINUTES, f"{path}.transit_minutes", violations)
    for name in ("per_package_minor", "per_unit_minor"):
        check_between(getattr(transfer, name), 0, MOST_MINOR, f"{path}.{name}", violations)
    check_schedule(transfer.schedule, calendars, f"{path}.schedule", violations)


def _check_capacity(capacity: DailyCapacity, path: str, violations: Violations) -> None:
    for name in ("orders", "units", "handling_minutes"):
        caps: Sequence[int] = getattr(capacity, name)
        at = f"{path}.{name}"
        remedy = "give no number, one for every day, or seven from Monday on"
        violations.require(len(caps) in (0, 1, 7), at, f"{len(caps)} numbers", remedy)
        for position, cap in enumerate(caps):
            check_between(cap, 0, MOST_UNITS, f"{at}[{position}]", violations)


def _check_calendar_id(calendar_id: str, calendars: Known, path: str, violations: Violations) -> None:
    if calendar_id:
        check_reference(calendar_id, calendars, "calendar", f"{path}.calendar_id", violations)


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
