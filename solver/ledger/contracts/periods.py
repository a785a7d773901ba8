"""Days, weeks, months, quarters and years of the calendar."""

from datetime import date, timedelta

from solver.ledger.contracts.model import Period

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def first_day(period: Period, day: date) -> date:
    """The first day of the period in which a day lies; weeks begin on Monday."""
    if period is Period.DAY:
        return day
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def last_day(period: Period, day: date) -> date:
    """The last day of the period in which a day lies."""
    first = first_day(period, day)
    if period is Period.DAY:
        return first
    if period is Period.WEEK:
        return first + timedelta(days=6)
    months = first.month - 1 + _MONTHS[period]
    return date(first.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
