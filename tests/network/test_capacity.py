"""How much a day takes, what is left of it, and how many days work is behind."""

from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.network.calendar import Calendar, WorkDays
from solver.network.capacity import (
    DailyCapacity,
    Left,
    Load,
    Work,
    capacity_on,
    caps_from,
    left_on,
    load_of,
    source_load,
)

RAMP = (50, 60, 185, 250, 300, 400, 150)
MONDAY = date(2026, 3, 2)
WEEK = WorkDays.of((1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("consumed", "basis_points", "backlog_days", "left"),
    [
        (0, 0, 0, 50),
        (40, 8_000, 0, 10),
        (49, 9_800, 0, 1),
        (50, 0, 1, 60),  # today is full: the next piece is tomorrow's
        (1_036, 4_775, 5, 209),  # 845 fill five days; 191 of 400 on the sixth
        (1_245, 0, 6, 150),
        (1_395, 0, 7, 150),  # beyond the list the last cap holds
        (1_546, 66, 8, 149),  # 1 of 150 is 66.67 basis points, rounded down
    ],
)
def test_work_fills_one_day_after_the_other(consumed: int, basis_points: int, backlog_days: int, left: int) -> None:
    assert load_of(RAMP, consumed) == Load(use_basis_points=basis_points, backlog_days=backlog_days, left=left)


def test_a_limit_of_n_takes_exactly_n_and_the_next_moves_on() -> None:
    days = [load_of((3,), accepted).backlog_days for accepted in range(8)]
    assert days == [0, 0, 0, 1, 1, 1, 2, 2]


def test_work_that_is_overdue_takes_from_the_next_day() -> None:
    assert load_of((50,), 10) == Load(use_basis_points=2_000, backlog_days=0, left=40)


def test_a_day_without_a_limit_takes_all_that_is_left() -> None:
    unlimited = Load(use_basis_points=0, backlog_days=0, left=None)
    assert load_of((0,), 1_000_000) == unlimited
    assert load_of((10, 0, 10), 25) == Load(use_basis_points=0, backlog_days=1, left=None)


def test_no_caps_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        load_of((), 0)


def test_a_capacity_is_nothing_one_number_or_one_for_each_weekday() -> None:
    by_weekday = (10, 20, 30, 40, 50, 60, 70)
    assert [capacity_on((), MONDAY), capacity_on((9,), MONDAY)] == [0, 9]
    assert [capacity_on(by_weekday, date(2026, 3, day)) for day in (2, 3, 8)] == [10, 20, 70]


def test_only_days_of_work_have_a_capacity() -> None:
    by_weekday = (10, 20, 30, 40, 50, 60, 70)
    holiday = Calendar(calendar_id="X", closed_days=(date(2026, 3, 9),), open_days=(date(2026, 3, 8),))
    days = WorkDays.of((1, 2, 3, 4, 5), holiday)
    # Thursday, Friday, the made-up Sunday, no Monday, Tuesday
    assert list(islice(caps_from(by_weekday, date(2026, 3, 5), days), 4)) == [40, 50, 70, 20]


def test_the_measure_that_is_farthest_behind_is_the_load_of_a_source() -> None:
    capacity = DailyCapacity(orders=(100,), units=(300,), handling_minutes=(480,))
    assert source_load(capacity, Work(orders=50, units=90, handling_minutes=120), MONDAY, WEEK) == Load(
        use_basis_points=5_000, backlog_days=0, left=50
    )
    assert source_load(capacity, Work(orders=50, units=700, handling_minutes=500), MONDAY, WEEK) == Load(
        use_basis_points=3_333, backlog_days=2, left=200
    )
    assert source_load(DailyCapacity(), Work(orders=9_999), MONDAY, WEEK) == Load(
        use_basis_points=0, backlog_days=0, left=None
    )


def test_what_is_left_of_a_day_is_said_by_each_measure() -> None:
    capacity = DailyCapacity(orders=(100,), units=(300, 0, 300, 300, 300, 300, 300))
    work = Work(orders=40, units=310, handling_minutes=999)
    assert left_on(capacity, work, MONDAY) == Left(orders=60, units=0, handling_minutes=None)
    assert left_on(capacity, work, date(2026, 3, 3)) == Left(orders=60, units=None, handling_minutes=None)


@given(
    caps=st.lists(st.integers(1, 60), min_size=1, max_size=8),
    pieces=st.integers(0, 200),
)
def test_the_load_is_what_counting_piece_by_piece_finds(caps: list[int], pieces: int) -> None:
    day, used = 0, 0
    for _ in range(pieces):
        used += 1
        if used == caps[min(day, len(caps) - 1)]:
            day, used = day + 1, 0
    cap = caps[min(day, len(caps) - 1)]
    assert load_of(caps, pieces) == Load(use_basis_points=used * 10_000 // cap, backlog_days=day, left=cap - used)
