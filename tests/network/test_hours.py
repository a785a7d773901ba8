"""When a source hands a package over: opening hours, weekends, clocks that are turned."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.network.calendar import Calendar, WorkDays
from solver.network.hours import hand_over_at, source_hand_over_at
from solver.network.model import Hours, Source, SourceKind

NINE_TO_SIX = Hours(opens_minute=9 * 60, closes_minute=18 * 60, weekdays=(1, 2, 3, 4, 5))
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"  # eight hours ahead; one, and two in summer


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("placed_at", "handed_over_at"),
    [
        ("2026-03-02 00:59", "2026-03-02 03:00"),  # Monday 8:59 in Shanghai: work begins at 9:00
        ("2026-03-02 01:00", "2026-03-02 03:00"),  # at opening
        ("2026-03-02 04:30", "2026-03-02 06:30"),  # while open
        ("2026-03-02 09:59", "2026-03-02 11:59"),  # begun before closing, finished after it
        ("2026-03-02 10:00", "2026-03-03 03:00"),  # at closing: the next morning
        ("2026-03-02 15:59", "2026-03-03 03:00"),  # late on Monday
        ("2026-03-02 16:01", "2026-03-03 03:00"),  # already Tuesday in Shanghai
        ("2026-03-06 10:00", "2026-03-09 03:00"),  # Friday at closing: Monday
        ("2026-03-07 04:00", "2026-03-09 03:00"),  # Saturday noon
        ("2026-03-08 23:00", "2026-03-09 03:00"),  # Sunday in UTC, Monday 7:00 there
    ],
)
def test_work_of_two_hours_begins_while_the_source_is_open(placed_at: str, handed_over_at: str) -> None:
    assert hand_over_at(NINE_TO_SIX, SHANGHAI, 120, utc(placed_at)) == utc(handed_over_at)


@pytest.mark.parametrize(
    ("placed_at", "handed_over_at"),
    [
        ("2026-03-27 17:30", "2026-03-30 07:00"),  # Friday 18:30 in winter time: Monday 9:00 in summer time
        ("2026-03-27 08:00", "2026-03-27 08:00"),  # 9:00 in winter time
        ("2026-03-30 07:00", "2026-03-30 07:00"),  # 9:00 in summer time
        ("2026-10-23 16:00", "2026-10-26 08:00"),  # Friday 18:00 in summer time: Monday 9:00 in winter time
    ],
)
def test_opening_hours_are_those_of_the_clock_on_the_wall(placed_at: str, handed_over_at: str) -> None:
    assert hand_over_at(NINE_TO_SIX, BERLIN, 0, utc(placed_at)) == utc(handed_over_at)


def test_lead_time_is_elapsed_time_also_in_the_night_when_clocks_are_turned() -> None:
    assert hand_over_at(Hours(), BERLIN, 240, utc("2026-03-28 23:00")) == utc(
        "2026-03-29 03:00"
    )  # 00:00 to 05:00 there


def test_an_opening_time_that_the_turn_of_clocks_skips_comes_an_hour_later_on_the_wall() -> None:
    at_half_past_two = Hours(opens_minute=150, closes_minute=600)
    assert hand_over_at(at_half_past_two, BERLIN, 0, utc("2026-03-29 00:00")) == utc("2026-03-29 01:30")


def test_an_opening_time_that_comes_twice_is_the_first() -> None:
    at_half_past_two = Hours(opens_minute=150, closes_minute=600)
    assert hand_over_at(at_half_past_two, BERLIN, 0, utc("2026-10-24 23:00")) == utc("2026-10-25 00:30")


@pytest.mark.parametrize("placed_at", ["2026-03-07 15:59", "2026-03-07 16:00", "2026-03-07 16:01"])
def test_who_never_closes_begins_at_once_also_around_midnight(placed_at: str) -> None:
    assert hand_over_at(Hours(), SHANGHAI, 30, utc(placed_at)) == utc(placed_at) + timedelta(minutes=30)


def test_one_day_a_week_is_waited_for_almost_a_week() -> None:
    mondays = Hours(opens_minute=540, closes_minute=600, weekdays=(1,))
    assert hand_over_at(mondays, "UTC", 0, utc("2026-03-02 10:00")) == utc("2026-03-09 09:00")
    assert hand_over_at(mondays, "UTC", 0, utc("2026-03-02 09:59")) == utc("2026-03-02 09:59")


def test_hours_without_a_weekday_are_refused() -> None:
    with pytest.raises(ValueError, match="never open"):
        hand_over_at(Hours(weekdays=()), "UTC", 0, utc("2026-03-02 10:00"))


def test_a_source_uses_its_own_hours_zone_and_lead_time() -> None:
    source = Source(
        source_id="S1",
        name="Store 1",
        kind=SourceKind.STORE,
        region_id="SH",
        latitude=31.2,
        longitude=121.5,
        time_zone=SHANGHAI,
        hours=NINE_TO_SIX,
        lead_minutes=45,
    )
    assert source_hand_over_at(source, utc("2026-03-02 00:00")) == utc("2026-03-02 01:45")


@settings(max_examples=200, deadline=None)
@given(
    opens=st.integers(0, 1_380),
    length=st.integers(60, 1_440),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    zone=st.sampled_from([SHANGHAI, BERLIN, "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Auckland"]),
    placed_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    later=st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_work_begins_in_the_future_while_open_and_never_earlier_for_a_later_order(
    opens: int, length: int, weekdays: set[int], zone: str, placed_at: datetime, later: timedelta
) -> None:
    hours = Hours(opens_minute=opens, closes_minute=min(1_440, opens + length), weekdays=tuple(sorted(weekdays)))
    begins_at = hand_over_at(hours, zone, 0, placed_at)
    assert placed_at <= begins_at <= placed_at + timedelta(days=8)
    assert hand_over_at(hours, zone, 0, begins_at) == begins_at
    assert hand_over_at(hours, zone, 0, placed_at + later) >= begins_at


@pytest.mark.parametrize(
    ("placed_at", "handed_over_at"),
    [
        ("2026-03-02 07:59:59", "2026-03-02 08:59:59"),  # Monday 15:59:59 in Shanghai
        ("2026-03-02 08:00:00", "2026-03-02 09:00:00"),  # on the minute of the cut-off: still today
        ("2026-03-02 08:00:01", "2026-03-03 02:00:00"),  # a second later: Tuesday 9:00
        ("2026-03-02 00:00:00", "2026-03-02 02:00:00"),  # before opening
        ("2026-03-06 08:01:00", "2026-03-09 02:00:00"),  # Friday after the cut-off: Monday
        ("2026-03-07 08:01:00", "2026-03-09 02:00:00"),  # Saturday, at whatever hour: Monday
    ],
)
def test_an_order_after_the_cut_off_is_begun_on_the_next_working_day(placed_at: str, handed_over_at: str) -> None:
    at_four = 16 * 60
    assert hand_over_at(NINE_TO_SIX, SHANGHAI, 60, utc(placed_at), cut_off_minute=at_four) == utc(handed_over_at)


def test_the_cut_off_is_on_the_clock_of_the_wall() -> None:
    always = Hours()
    before, after = utc("2026-03-27 15:30"), utc("2026-03-30 15:30")  # 16:30 in winter, 17:30 in summer time
    assert hand_over_at(always, BERLIN, 0, before, cut_off_minute=17 * 60) == before
    assert hand_over_at(always, BERLIN, 0, after, cut_off_minute=17 * 60) == utc("2026-03-30 22:00")


GOLDEN_WEEK = Calendar(
    calendar_id="CN",
    closed_days=tuple(date(2026, 10, day) for day in range(1, 8)),
    open_days=(date(2026, 9, 20), date(2026, 10, 10)),
)
CHINESE_OFFICE = WorkDays.of(NINE_TO_SIX.weekdays, GOLDEN_WEEK)


@pytest.mark.parametrize(
    ("placed_at", "handed_over_at"),
    [
        ("2026-09-30 09:59", "2026-09-30 11:59"),  # the last minute before the holiday
        ("2026-09-30 10:00", "2026-10-08 03:00"),
        ("2026-10-04 04:00", "2026-10-08 03:00"),
        ("2026-10-09 10:00", "2026-10-10 03:00"),  # Friday evening: a made-up Saturday
        ("2026-10-10 04:00", "2026-10-10 06:00"),
        ("2026-10-10 10:00", "2026-10-12 03:00"),  # and from there Monday
    ],
)
def test_holidays_are_not_worked_and_made_up_days_are(placed_at: str, handed_over_at: str) -> None:
    assert hand_over_at(NINE_TO_SIX, SHANGHAI, 120, utc(placed_at), days=CHINESE_OFFICE) == utc(handed_over_at)


@pytest.mark.parametrize(
    ("backlog_days", "handed_over_at"),
    [
        (0, "2026-09-29 06:30"),  # Tuesday 12:30 in Shanghai, two hours later
        (1, "2026-09-30 06:30"),
        (2, "2026-10-08 06:30"),  # past the holiday, at the same time of day
        (3, "2026-10-09 06:30"),
        (4, "2026-10-10 06:30"),  # the made-up Saturday
        (5, "2026-10-12 06:30"),
    ],
)
def test_a_source_that_is_behind_hands_over_so_many_working_days_later(backlog_days: int, handed_over_at: str) -> None:
    placed_at = utc("2026-09-29 04:30")
    found = hand_over_at(NINE_TO_SIX, SHANGHAI, 120, placed_at, days=CHINESE_OFFICE, backlog_days=backlog_days)
    assert found == utc(handed_over_at)


def test_a_backlog_keeps_the_time_of_day_when_clocks_are_turned() -> None:
    noon = utc("2026-03-27 11:00")  # Friday 12:00 in winter time
    assert hand_over_at(NINE_TO_SIX, BERLIN, 0, noon, backlog_days=1) == utc("2026-03-30 10:00")  # Monday 12:00


OFFICE = Source(
    source_id="O1",
    name="Office",
    kind=SourceKind.WAREHOUSE,
    region_id="SH",
    latitude=31.2,
    longitude=121.5,
    time_zone=SHANGHAI,
    hours=NINE_TO_SIX,
    lead_minutes=60,
    cut_off_minute=16 * 60,
)


@pytest.mark.parametrize(
    ("available_at", "handed_over_at"),
    [
        ("2026-03-01 00:00", "2026-03-02 03:00"),  # before the order: no matter
        ("2026-03-02 02:00", "2026-03-02 03:00"),
        ("2026-03-03 07:30", "2026-03-03 08:30"),  # Tuesday 15:30
        ("2026-03-03 08:30", "2026-03-04 02:00"),  # Tuesday 16:30, after the cut-off
        ("2026-03-07 03:00", "2026-03-09 02:00"),  # Saturday
    ],
)
def test_later_stock_is_worked_on_as_if_it_were_ordered_when_it_comes(available_at: str, handed_over_at: str) -> None:
    placed_at = utc("2026-03-02 02:00")
    assert source_hand_over_at(OFFICE, placed_at, available_at=utc(available_at)) == utc(handed_over_at)


def test_a_backlog_is_worked_off_while_stock_is_on_its_way() -> None:
    placed_at = utc("2026-03-02 02:00")  # Monday 10:00
    tuesday, friday = utc("2026-03-03 02:00"), utc("2026-03-06 02:00")
    assert source_hand_over_at(OFFICE, placed_at, backlog_days=3) == utc("2026-03-05 03:00")
    assert source_hand_over_at(OFFICE, placed_at, backlog_days=3, available_at=tuesday) == utc("2026-03-05 03:00")
    assert source_hand_over_at(OFFICE, placed_at, backlog_days=3, available_at=friday) == utc("2026-03-06 03:00")


MARCH_DAYS = st.dates(date(2026, 3, 20), date(2026, 4, 10))


@settings(max_examples=60, deadline=None)
@given(
    opens=st.integers(240, 720),
    closes=st.integers(900, 1_320),
    cut_off=st.none() | st.integers(720, 1_440),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    closed=st.sets(MARCH_DAYS, max_size=4),
    opened=st.sets(MARCH_DAYS, max_size=3),
    placed_minutes=st.integers(0, 12 * 1_440),
    zone=st.sampled_from([SHANGHAI, BERLIN]),
)
def test_work_begins_in_the_first_minute_that_is_open_to_the_order(
    opens: int,
    closes: int,
    cut_off: int | None,
    weekdays: set[int],
    closed: set[date],
    opened: set[date],
    placed_minutes: int,
    zone: str,
) -> None:
    calendar = Calendar(calendar_id="X", closed_days=tuple(sorted(closed - opened)), open_days=tuple(sorted(opened)))
    hours = Hours(opens_minute=opens, closes_minute=closes, weekdays=tuple(sorted(weekdays)))
    placed_at = utc("2026-03-20 00:00") + timedelta(minutes=placed_minutes)
    placed = placed_at.astimezone(ZoneInfo(zone))

    def is_open(moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        day = local.date()
        works = day in opened or (local.isoweekday() in weekdays and day not in closed)
        too_late = day == placed.date() and cut_off is not None and placed.hour * 60 + placed.minute > cut_off
        return works and opens <= minute < closes and not too_late

    expected = placed_at
    while not is_open(expected):
        expected += timedelta(minutes=1)
    days = WorkDays.of(hours.weekdays, calendar)
    assert hand_over_at(hours, zone, 0, placed_at, days=days, cut_off_minute=cut_off) == expected
