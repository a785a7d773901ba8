"""When a carrier collects, and when it delivers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.network.calendar import Calendar
from solver.network.schedule import Collection, Delivery, Schedule

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NINE = 540
MONDAY_CLOSED = Calendar(calendar_id="X", closed_days=(date(2026, 3, 9),), open_days=(date(2026, 3, 8),))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def collected(schedule: Schedule, ready_at: str, calendar: Calendar | None = None, days_later: int = 0) -> datetime:
    collection = Collection.of(schedule, calendar)
    assert collection is not None
    return collection.collects_at(utc(ready_at), NINE, SHANGHAI, days_later)


def test_a_schedule_that_says_nothing_of_pick_ups_has_none() -> None:
    assert Collection.of(Schedule()) is None
    assert Collection.of(Schedule(delivery_weekdays=(1,))) is None


@pytest.mark.parametrize(
    ("ready_at", "collected_at"),
    [
        ("2026-03-02 03:00", "2026-03-02 03:00"),  # Monday 11:00: at the very time
        ("2026-03-02 03:01", "2026-03-02 09:30"),  # a minute late: at 17:30
        ("2026-03-02 09:30", "2026-03-02 09:30"),
        ("2026-03-02 09:31", "2026-03-03 03:00"),  # after the last: Tuesday 11:00
        ("2026-03-06 09:31", "2026-03-09 03:00"),  # Friday after the last: Monday
        ("2026-03-07 02:00", "2026-03-09 03:00"),  # Saturday
        ("2026-03-01 17:00", "2026-03-02 03:00"),  # Sunday in UTC, Monday 1:00 there
    ],
)
def test_what_is_ready_waits_for_the_next_pick_up(ready_at: str, collected_at: str) -> None:
    twice_on_weekdays = Schedule(pick_up_weekdays=(1, 2, 3, 4, 5), pick_up_minutes=(660, 1050))
    assert collected(twice_on_weekdays, ready_at) == utc(collected_at)


@pytest.mark.parametrize(
    ("ready_at", "collected_at"),
    [
        ("2026-03-06 12:00", "2026-03-06 12:00"),  # Friday 20:00: any time
        ("2026-03-06 15:59", "2026-03-06 15:59"),  # 23:59
        ("2026-03-06 16:00", "2026-03-09 01:00"),  # Saturday 0:00: Monday at the opening
        ("2026-03-08 22:00", "2026-03-09 01:00"),  # Monday 6:00: at the opening
    ],
)
def test_without_times_it_is_picked_up_from_the_opening_on(ready_at: str, collected_at: str) -> None:
    assert collected(Schedule(pick_up_weekdays=(1, 2, 3, 4, 5)), ready_at) == utc(collected_at)


def test_a_calendar_moves_pick_ups_past_holidays_and_onto_make_up_days() -> None:
    daily_at_eleven = Schedule(pick_up_minutes=(660,), calendar_id="X")
    assert collected(daily_at_eleven, "2026-03-08 04:00", MONDAY_CLOSED) == utc("2026-03-10 03:00")
    on_weekdays = Schedule(pick_up_weekdays=(1, 2, 3, 4, 5), pick_up_minutes=(660,), calendar_id="X")
    assert collected(on_weekdays, "2026-03-07 04:00", MONDAY_CLOSED) == utc("2026-03-08 03:00")  # a made-up Sunday


def test_a_carrier_that_is_behind_comes_so_many_pick_up_days_later() -> None:
    schedule = Schedule(pick_up_weekdays=(1, 2, 3, 4, 5), pick_up_minutes=(660,))
    assert collected(schedule, "2026-03-05 02:00", days_later=2) == utc("2026-03-09 03:00")  # Thursday: Monday


def test_a_pick_up_is_on_the_clock_of_the_wall_when_clocks_are_turned() -> None:
    collection = Collection.of(Schedule(pick_up_minutes=(660,)))
    assert collection is not None
    assert collection.collects_at(utc("2026-03-28 09:59"), 0, BERLIN) == utc("2026-03-28 10:00")
    assert collection.collects_at(utc("2026-03-28 10:01"), 0, BERLIN) == utc("2026-03-29 09:00")  # summer time


@pytest.mark.parametrize(
    ("handed_over_at", "transit_minutes", "arrives_at"),
    [
        ("2026-03-05 10:00", 1440, "2026-03-06 10:00"),  # Thursday to Friday
        ("2026-03-06 10:00", 1440, "2026-03-09 10:00"),  # Friday: Saturday moves to Monday
        ("2026-03-06 10:00", 2880, "2026-03-09 10:00"),  # and so does Sunday
        ("2026-03-06 10:00", 4320, "2026-03-09 10:00"),  # Monday as it is
        ("2026-03-06 10:00", 120, "2026-03-06 12:00"),
        ("2026-03-06 15:30", 60, "2026-03-08 16:30"),  # 0:30 on Saturday: 0:30 on Monday
    ],
)
def test_an_arrival_on_a_day_without_delivery_moves_to_the_next_at_the_same_time(
    handed_over_at: str, transit_minutes: int, arrives_at: str
) -> None:
    delivery = Delivery.of(Schedule(delivery_weekdays=(1, 2, 3, 4, 5)))
    assert delivery.arrives_at(utc(handed_over_at), transit_minutes, SHANGHAI) == utc(arrives_at)


@pytest.mark.parametrize(
    ("handed_over_at", "transit_minutes", "arrives_at"),
    [
        ("2026-03-05 10:00", 2880, "2026-03-09 10:00"),  # Thursday: Friday, Monday
        ("2026-03-07 10:00", 1440, "2026-03-09 10:00"),  # Saturday: Monday is the first
        ("2026-03-05 10:00", 1500, "2026-03-06 11:00"),  # the odd hour runs first, then Friday
        ("2026-03-05 15:30", 1500, "2026-03-08 16:30"),  # 23:30 and an hour is Friday 0:30, then Monday
        ("2026-03-05 10:00", 60, "2026-03-05 11:00"),  # no whole day
        ("2026-03-06 15:30", 60, "2026-03-08 16:30"),  # none either, and reached on Saturday
    ],
)
def test_whole_days_of_transit_may_be_days_of_delivery(
    handed_over_at: str, transit_minutes: int, arrives_at: str
) -> None:
    schedule = Schedule(delivery_weekdays=(1, 2, 3, 4, 5), transit_counts_delivery_days=True)
    assert Delivery.of(schedule).arrives_at(utc(handed_over_at), transit_minutes, SHANGHAI) == utc(arrives_at)


def test_no_delivery_on_a_holiday() -> None:
    delivery = Delivery.of(Schedule(), MONDAY_CLOSED)
    assert delivery.arrives_at(utc("2026-03-08 02:00"), 1440, SHANGHAI) == utc("2026-03-10 02:00")


def test_running_time_is_elapsed_time_when_clocks_are_turned_and_delivery_days_keep_the_hour() -> None:
    noon_before = utc("2026-03-28 11:00")  # Saturday, 12:00 in winter time
    running = Delivery.of(Schedule())
    assert running.arrives_at(noon_before, 1440, BERLIN) == utc("2026-03-29 11:00")  # 13:00 in summer time
    in_days = Delivery.of(Schedule(transit_counts_delivery_days=True))
    assert in_days.arrives_at(noon_before, 1440, BERLIN) == utc("2026-03-29 10:00")  # 12:00


def first_pick_up_by_the_minute(schedule: Schedule, calendar: Calendar, ready_at: datetime, zone: ZoneInfo) -> datetime:
    """Look at every minute from `ready_at` on; nothing is shared with the schedule's own arithmetic."""
    moment = ready_at
    while True:
        local = moment.astimezone(zone)
        weekday_fits = not schedule.pick_up_weekdays or local.isoweekday() in schedule.pick_up_weekdays
        day = local.date()
        is_open = day in calendar.open_days or (weekday_fits and day not in calendar.closed_days)
        minute = local.hour * 60 + local.minute
        is_time = minute in schedule.pick_up_minutes if schedule.pick_up_minutes else minute >= NINE
        if is_open and is_time:
            return moment
        moment += timedelta(minutes=1)


SPRING_DAYS = st.dates(date(2026, 3, 20), date(2026, 4, 10))


@settings(max_examples=60)
@given(
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    minutes=st.sets(st.integers(240, 1_439), max_size=3),  # after the hour that is skipped in the night
    closed=st.sets(SPRING_DAYS, max_size=4),
    opened=st.sets(SPRING_DAYS, max_size=3),
    ready_minutes=st.integers(0, 12 * 1_440),
    zone=st.sampled_from([SHANGHAI, BERLIN]),
)
def test_a_pick_up_is_the_first_minute_that_fits(
    weekdays: set[int],
    minutes: set[int],
    closed: set[date],
    opened: set[date],
    ready_minutes: int,
    zone: ZoneInfo,
) -> None:
    calendar = Calendar(calendar_id="X", closed_days=tuple(sorted(closed - opened)), open_days=tuple(sorted(opened)))
    schedule = Schedule(pick_up_weekdays=tuple(sorted(weekdays)), pick_up_minutes=tuple(sorted(minutes)))
    collection = Collection.of(schedule, calendar)
    assert collection is not None
    ready_at = utc("2026-03-20 00:00") + timedelta(minutes=ready_minutes)
    found = collection.collects_at(ready_at, NINE, zone)
    assert found == first_pick_up_by_the_minute(schedule, calendar, ready_at, zone)
