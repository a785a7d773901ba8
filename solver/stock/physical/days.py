"""Which day it is at a site: units expire by the calendar of the place where they lie."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

# (site id, moment) -> the day there
DayOf = Callable[[str, datetime], date]

# No clock on earth is further ahead of UTC.
FURTHEST_AHEAD = timedelta(hours=14)


def utc_day(site_id: str, moment: datetime) -> date:  # noqa: ARG001  # a DayOf that asks nobody
    """The day in UTC, wherever the site is."""
    return moment.astimezone(UTC).date()


def latest_day(moment: datetime) -> date:
    """The day where it is latest: nothing has expired anywhere that keeps until then."""
    return (moment + FURTHEST_AHEAD).astimezone(UTC).date()
