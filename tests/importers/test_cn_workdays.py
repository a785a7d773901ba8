"""China's working days, from rows as they stand and from the real file."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from solver.errors import NotFound, Violations
from solver.importers.cn.workdays import FILE, read_workdays
from solver.importers.intake import Intake
from solver.network.calendar import Calendar, WorkDays
from solver.network.check_time import check_calendar
from solver.network.hours import hand_over_at
from solver.network.model import Hours
from tests.importers.data_folder import DataFolder

HEADER = ("date", "is_workday", "is_holiday", "is_in_lieu", "holiday_name")
OFFICE = (1, 2, 3, 4, 5)


def read(folder: DataFolder, *rows: tuple[str, ...]) -> tuple[Calendar, Intake]:
    folder.write(FILE, HEADER, rows)
    intake = Intake()
    return read_workdays(folder.root, intake), intake


def test_only_days_that_differ_from_their_weekday_and_named_holidays_are_written(folder: DataFolder) -> None:
    calendar, intake = read(
        folder,
        ("2026-10-01", "0", "1", "0", "National Day"),  # Thursday
        ("2026-10-03", "0", "1", "0", "National Day"),  # Saturday within the holiday
        ("2026-10-08", "1", "0", "0", ""),  # Thursday
        ("2026-10-10", "1", "0", "0", "National Day"),  # Saturday, made up for
        ("2026-10-11", "0", "1", "0", ""),  # Sunday
    )
    assert calendar == Calendar(
        calendar_id="CN",
        name="China, 2026 to 2026",
        closed_days=(date(2026, 10, 1), date(2026, 10, 3)),
        open_days=(date(2026, 10, 10),),
    )
    assert intake.rejected == []
    assert intake.reads[FILE] == 5


def test_rows_that_cannot_be_read_are_rejected_with_their_reason(folder: DataFolder) -> None:
    calendar, intake = read(
        folder,
        ("2026-13-01", "0", "1", "0", "?"),
        ("2026-10-01", "yes", "1", "0", "National Day"),
        ("2026-10-02", "0", "1", "0", "National Day"),
        ("2026-10-02", "1", "0", "0", ""),
    )
    assert calendar.closed_days == (date(2026, 10, 2),)
    assert [(one.line, one.reason, one.text) for one in intake.rejected] == [
        (2, "unreadable_day", "2026-13-01"),
        (3, "unreadable_is_workday", "yes"),
        (5, "day_repeated", "2026-10-02"),
    ]


def test_a_missing_file_is_named(folder: DataFolder) -> None:
    with pytest.raises(NotFound, match="cn_workdays"):
        read_workdays(folder.root, Intake())


@pytest.fixture
def china(real_data: Path) -> Calendar:
    intake = Intake()
    calendar = read_workdays(real_data, intake)
    assert intake.rejected == []
    assert intake.reads[FILE] == 3_287
    return calendar


def test_the_real_calendar_is_sound_and_counts_every_holiday_and_make_up_day(china: Calendar) -> None:
    violations = Violations()
    check_calendar(china, "calendar", violations)
    assert violations.found == []
    assert (china.name, len(china.closed_days), len(china.open_days)) == ("China, 2018 to 2026", 263, 59)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2018, 1, 1), False),  # Monday, New Year's Day
        (date(2018, 2, 11), True),  # Sunday, made up for the Spring Festival
        (date(2018, 2, 19), False),  # Monday, in lieu
        (date(2018, 2, 22), True),  # Thursday after the holiday
        (date(2026, 5, 9), True),  # Saturday, made up for Labour Day
        (date(2026, 5, 10), False),  # Sunday
        (date(2026, 10, 7), False),  # Wednesday, last day of the golden week
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # Saturday, made up for
    ],
)
def test_an_office_in_china_works_on_make_up_days_and_rests_on_holidays(
    china: Calendar, day: date, is_open: bool
) -> None:
    assert WorkDays.of(OFFICE, china).is_open(day) is is_open


def test_a_weekend_within_a_holiday_is_closed_also_for_those_who_never_rest(china: Calendar) -> None:
    never_rests = WorkDays.of(range(1, 8), china)
    assert not never_rests.is_open(date(2026, 10, 3))  # Saturday of the golden week
    assert never_rests.is_open(date(2026, 10, 11))  # an ordinary Sunday


def test_every_real_day_is_worked_as_the_file_says(china: Calendar, real_data: Path) -> None:
    days = WorkDays.of(OFFICE, china)
    rows = list(Intake().rows(real_data, FILE, HEADER))
    assert len(rows) == 3_287
    assert [
        row["date"] for row in rows if days.is_open(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")
    ] == []


def test_an_order_on_the_eve_of_the_golden_week_is_handed_over_after_it(china: Calendar) -> None:
    hours = Hours(opens_minute=540, closes_minute=1080, weekdays=OFFICE)
    days = WorkDays.of(OFFICE, china)
    eve = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai: closed for seven days
    assert hand_over_at(hours, "Asia/Shanghai", 60, eve, days=days) == datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
    friday = datetime(2026, 10, 9, 10, 0, tzinfo=UTC)  # 18:00: Saturday is worked
    assert hand_over_at(hours, "Asia/Shanghai", 60, friday, days=days) == datetime(2026, 10, 10, 2, 0, tzinfo=UTC)
