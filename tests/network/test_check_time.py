"""What a caller is told about calendars, schedules, capacities, transfers and facts of a source that do not stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.errors import Violations
from solver.network.calendar import Calendar
from solver.network.capacity import DailyCapacity
from solver.network.check_time import check_calendar, check_schedule, check_transfer
from solver.network.schedule import Schedule
from solver.network.transfer import Transfer
from solver.network.validate import check_region, check_service, check_source
from tests.made_world import EAST_STORE, GROUND, REGIONS

CALENDARS = {"CN"}
KNOWN_REGIONS = {region.region_id for region in REGIONS}
NEW_YEAR, EVE = date(2026, 1, 1), date(2025, 12, 31)


def found(check: Callable[[Violations], None]) -> dict[str, str]:
    violations = Violations()
    check(violations)
    return {one.field: one.remedy for one in violations.found}


def of_source(**changes: Any) -> dict[str, str]:
    source = replace(EAST_STORE, **changes)
    return found(lambda violations: check_source(source, KNOWN_REGIONS, "s", violations, calendars=CALENDARS))


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"cut_off_minute": 1_441}, "s.cut_off_minute", "must lie between 600 and 1,440"),
        ({"cut_off_minute": 599}, "s.cut_off_minute", "must lie between 600 and 1,440"),
        ({"days_to_ship": -1}, "s.days_to_ship", "must lie between 0 and 365"),
        ({"minutes_per_package": -1}, "s.minutes_per_package", "must lie between 0 and 525,600"),
        ({"minutes_per_unit": -1}, "s.minutes_per_unit", "must lie between 0 and 525,600"),
        ({"handling_per_order_minor": -1}, "s.handling_per_order_minor", "must lie between 0 and 1,000,000,000,000"),
        ({"handling_per_line_minor": -1}, "s.handling_per_line_minor", "must lie between 0 and 1,000,000,000,000"),
        ({"packaging_minor": -1}, "s.packaging_minor", "must lie between 0 and 1,000,000,000,000"),
        ({"priority": 1_001}, "s.priority", "must lie between 0 and 1,000"),
        ({"carbon_grams_per_package": -1}, "s.carbon_grams_per_package", "must lie between 0 and 1,000,000"),
        ({"tags": ("fast", "fast")}, "s.tags[1]", "stands twice; name it once"),
        ({"tags": (" fast",)}, "s.tags[0]", "give 1 to 128 printable characters"),
        (
            {"calendar_id": "MOON"},
            "s.calendar_id",
            "there is no such calendar; name one that exists, or add it first",
        ),
        (
            {"capacity": DailyCapacity(orders=(1, 2))},
            "s.capacity.orders",
            "give no number, one for every day, or seven from Monday on",
        ),
        (
            {"capacity": DailyCapacity(handling_minutes=(5, 5, 5, 5, 5, -5, 0))},
            "s.capacity.handling_minutes[5]",
            "must lie between 0 and 1,000,000",
        ),
    ],
)
def test_a_fact_of_a_source_that_does_not_stand_is_named(changes: dict[str, Any], field: str, remedy: str) -> None:
    assert of_source(**changes) == {field: remedy}


def test_a_source_with_every_fact_stands() -> None:
    assert (
        of_source(
            cut_off_minute=960,
            calendar_id="CN",
            days_to_ship=0,
            capacity=DailyCapacity(orders=(50,), units=(0, 1, 2, 3, 4, 5, 6)),
            minutes_per_package=3,
            handling_per_order_minor=100,
            handling_per_line_minor=20,
            packaging_minor=80,
            priority=1,
            tags=("fast", "own"),
            is_active=False,
            carbon_grams_per_package=120,
        )
        == {}
    )


@pytest.mark.parametrize(
    ("calendar", "field", "remedy"),
    [
        (Calendar(calendar_id=""), "c.calendar_id", "give 1 to 128 printable characters"),
        (
            Calendar(calendar_id="X", closed_days=(NEW_YEAR, EVE)),
            "c.closed_days",
            "name each day once, ascending",
        ),
        (Calendar(calendar_id="X", open_days=(EVE, EVE)), "c.open_days", "name each day once, ascending"),
        (
            Calendar(calendar_id="X", closed_days=(NEW_YEAR,), open_days=(NEW_YEAR,)),
            "c.open_days",
            "is among closed_days as well; name it in one of them",
        ),
        (
            Calendar(calendar_id="X", open_days=tuple(date.fromordinal(700_000 + day) for day in range(5_001))),
            "c.open_days",
            "give at most 5,000",
        ),
    ],
)
def test_a_calendar_that_does_not_stand_is_named(calendar: Calendar, field: str, remedy: str) -> None:
    assert found(lambda violations: check_calendar(calendar, "c", violations)) == {field: remedy}


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        (
            {"pick_up_weekdays": (0,)},
            "w.pick_up_weekdays",
            "give weekdays ascending, Monday 1 to Sunday 7, or none",
        ),
        (
            {"delivery_weekdays": (2, 1)},
            "w.delivery_weekdays",
            "give weekdays ascending, Monday 1 to Sunday 7, or none",
        ),
        ({"pick_up_minutes": (1_440,)}, "w.pick_up_minutes", "give minutes of the day ascending, 0 to 1439"),
        ({"pick_up_minutes": (600, 600)}, "w.pick_up_minutes", "give minutes of the day ascending, 0 to 1439"),
        ({"pick_up_minutes": tuple(range(49))}, "w.pick_up_minutes", "give at most 48"),
        (
            {"calendar_id": "MOON"},
            "w.calendar_id",
            "there is no such calendar; name one that exists, or add it first",
        ),
    ],
)
def test_a_schedule_that_does_not_stand_is_named(changes: dict[str, Any], field: str, remedy: str) -> None:
    schedule = Schedule(**changes)
    assert found(lambda violations: check_schedule(schedule, CALENDARS, "w", violations)) == {field: remedy}


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"daily_packages": -1}, "v.daily_packages", "must lie between 0 and 1,000,000"),
        ({"daily_grams": -1}, "v.daily_grams", "must lie between 0 and 1,000,000,000,000,000"),
        (
            {"schedule": Schedule(pick_up_weekdays=(8,))},
            "v.schedule.pick_up_weekdays",
            "give weekdays ascending, Monday 1 to Sunday 7, or none",
        ),
    ],
)
def test_a_service_s_schedule_and_capacity_are_checked(changes: dict[str, Any], field: str, remedy: str) -> None:
    service = replace(GROUND, **changes)
    told = found(lambda violations: check_service(service, {"truck-co"}, KNOWN_REGIONS, "v", violations))
    assert told == {field: remedy}


VAN = Transfer(from_source_id="A", to_source_id="B", transit_minutes=60)


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        (
            {"from_source_id": "Z"},
            "t.from_source_id",
            "there is no such source; name one that exists, or add it first",
        ),
        ({"to_source_id": "A"}, "t.to_source_id", "name another source than it comes from"),
        ({"transit_minutes": -1}, "t.transit_minutes", "must lie between 0 and 525,600"),
        ({"per_package_minor": -1}, "t.per_package_minor", "must lie between 0 and 1,000,000,000,000"),
        ({"per_unit_minor": -1}, "t.per_unit_minor", "must lie between 0 and 1,000,000,000,000"),
        (
            {"schedule": Schedule(calendar_id="MOON")},
            "t.schedule.calendar_id",
            "there is no such calendar; name one that exists, or add it first",
        ),
    ],
)
def test_a_transfer_that_does_not_stand_is_named(changes: dict[str, Any], field: str, remedy: str) -> None:
    transfer = replace(VAN, **changes)
    assert found(lambda violations: check_transfer(transfer, {"A", "B"}, CALENDARS, "t", violations)) == {field: remedy}


def test_a_region_s_time_zone_is_checked() -> None:
    region = replace(REGIONS[0], time_zone="Mars/Olympus")
    assert found(lambda violations: check_region(region, {}, "r", violations)) == {"r.time_zone": "give an IANA name"}
