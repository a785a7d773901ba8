"""China's working days as a calendar: public holidays are closed, make-up days (调休) open."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from solver.importers.intake import Intake
from solver.importers.refusal import RefusedError, refuse
from solver.importers.rows import Row
from solver.network.calendar import Calendar

FILE = "cn_calendar/cn_workdays_2018_2026.csv"
CALENDAR_ID = "CN"
_COLUMNS = ("date", "is_workday", "holiday_name")
_SATURDAY = 6


def read_workdays(data: Path, intake: Intake) -> Calendar:
    """The calendar CN of every day that the file knows.

    A weekend day within a named holiday is closed as well, for those who else work on weekends. A row that cannot be
    read, or repeats a day, is rejected. Raises what `read_rows` raises.
    """
    closed: set[date] = set()
    opened: set[date] = set()
    seen: set[date] = set()
    for row in intake.rows(data, FILE, _COLUMNS):
        try:
            day = _day(row, seen)
            works = _flag(row, "is_workday")
        except RefusedError as refused:
            intake.reject(row, refused.reason, refused.text)
            continue
        seen.add(day)
        is_weekend = day.isoweekday() >= _SATURDAY
        if works and is_weekend:
            opened.add(day)
        elif not works and (row["holiday_name"] or not is_weekend):
            closed.add(day)
    return Calendar(
        calendar_id=CALENDAR_ID, name=_name(seen), closed_days=tuple(sorted(closed)), open_days=tuple(sorted(opened))
    )


def _day(row: Row, seen: set[date]) -> date:
    try:
        day = date.fromisoformat(row["date"])
    except ValueError as error:
        raise RefusedError("unreadable_day", row["date"]) from error
    refuse("day_repeated", row["date"], when=day in seen)
    return day


def _flag(row: Row, column: str) -> bool:
    refuse(f"unreadable_{column}", row[column], when=row[column] not in ("0", "1"))
    return row[column] == "1"


def _name(days: Iterable[date]) -> str:
    years = sorted({day.year for day in days})
    return f"China, {years[0]} to {years[-1]}" if years else "China"
