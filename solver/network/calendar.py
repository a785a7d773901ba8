"""Which days are worked: weekdays, and calendars of the days that differ from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days on which those who follow it do not keep to their weekdays.

    `closed_days` are public holidays (节假日); `open_days` are make-up working days (调休), worked on whatever
    weekday. Both ascend.
    """

    calendar_id: str
    name: str = ""
    closed_days: tuple[date, ...] = ()
    open_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkDays:
    """Weekdays and calendar together, indexed for look-up. Build it with `WorkDays.of`."""

    weekdays: frozenset[int]
    closed: frozenset[date]
    opened: frozenset[date]

    @classmethod
    def of(cls, weekdays: Iterable[int] = EVERY_DAY, calendar: Calendar | None = None) -> "WorkDays":
        """The days with one of these ISO weekdays, but for what the calendar says otherwise.

        Raises ValueError without a weekday: then no day would ever come.
        """
        known = frozenset(weekdays)
        if not known:
            raise ValueError("without a weekday the days are never open")
        return cls(
            weekdays=known,
            closed=frozenset(calendar.closed_days if calendar else ()),
            opened=frozenset(calendar.open_days if calendar else ()),
        )

    def is_open(self, day: date) -> bool:
        """True on a make-up day, false on a holiday, else as the weekday says."""
        return day in self.opened or (day not in self.closed and day.isoweekday() in self.weekdays)

    def on_or_after(self, day: date) -> date:
        """The first open day that is not before `day`."""
        while not self.is_open(day):  # ends: a calendar closes so many days and no more
            day += _ONE_DAY
        return day

    def later(self, day: date, count: int) -> date:
        """The open day `count` open days after the first one that is not before `day`."""
        day = self.on_or_after(day)
        for _ in range(count):
            day = self.on_or_after(day + _ONE_DAY)
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th open day after `day`, which itself does not count and need not be open; 0: `on_or_after`."""
        return self.later(day + _ONE_DAY, count - 1) if count else self.on_or_after(day)
