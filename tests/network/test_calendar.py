"""Which days are worked: weekdays, public holidays, make-up days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.network.calendar import Calendar, WorkDays

# The Labour Day holiday of 2026: closed from Friday 1 to Tuesday 5 May, made up for on Saturday 9 May.
LABOUR_DAY = Calendar(
    calendar_id="CN",
    closed_days=tuple(date(2026, 5, day) for day in range(1, 6)),
    open_days=(date(2026, 5, 9),),
)
OFFICE = (1, 2, 3, 4, 5)


def may(day: int) -> date:
    return date(2026, 5, day)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 4, 30), True),  # Thursday
        (may(1), False),  # Friday, holiday
        (may(3), False),  # Sunday, holiday
        (may(5), False),  # Tuesday, holiday
        (may(6), True),  # Wednesday
        (may(9), True),  # Saturday, made up
        (may(10), False),  # Sunday
    ],
)
def test_a_holiday_closes_and_a_make_up_day_opens_whatever_the_weekday(day: date, is_open: bool) -> None:
    assert WorkDays.of(OFFICE, LABOUR_DAY).is_open(day) is is_open


def test_without_a_calendar_the_weekday_decides() -> None:
    days = WorkDays.of(OFFICE)
    assert [days.is_open(may(day)) for day in (1, 2, 3, 4)] == [True, False, False, True]


def test_without_weekdays_said_every_day_is_open_but_for_the_holidays() -> None:
    days = WorkDays.of(calendar=LABOUR_DAY)
    assert [days.is_open(may(day)) for day in (5, 6, 10)] == [False, True, True]


def test_counting_starts_at_the_first_open_day() -> None:
    days = WorkDays.of(OFFICE, LABOUR_DAY)
    assert days.on_or_after(may(6)) == may(6)
    assert days.on_or_after(may(1)) == may(6)
    assert days.later(may(1), 0) == may(6)
    assert days.later(may(1), 1) == may(7)
    assert days.later(may(6), 3) == may(9)  # Thursday, Friday, made-up Saturday
    assert days.later(may(6), 4) == may(11)  # Monday


def test_the_day_itself_does_not_count_as_a_day_after_it() -> None:
    days = WorkDays.of(OFFICE, LABOUR_DAY)
    assert days.after(may(8), 0) == may(8)
    assert days.after(may(8), 1) == may(9)
    assert days.after(may(8), 2) == may(11)
    assert days.after(may(2), 1) == may(6)  # from a day that is not open itself
    assert days.after(may(2), 0) == may(6)


def test_no_weekday_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="never open"):
        WorkDays.of(())


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    closed=st.sets(DAYS, max_size=60),
    opened=st.sets(DAYS, max_size=20),
    day=DAYS,
    count=st.integers(0, 10),
)
def test_later_days_are_open_and_exactly_so_many_open_days_lie_between(
    weekdays: set[int], closed: set[date], opened: set[date], day: date, count: int
) -> None:
    calendar = Calendar(calendar_id="X", closed_days=tuple(sorted(closed - opened)), open_days=tuple(sorted(opened)))
    days = WorkDays.of(weekdays, calendar)
    reached = days.later(day, count)
    between = [
        number for number in range(day.toordinal(), reached.toordinal()) if days.is_open(date.fromordinal(number))
    ]
    assert days.is_open(reached)
    assert len(between) == count
