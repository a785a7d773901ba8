"""When a carrier collects what is ready, and when it delivers what it has collected."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solver.network.calendar import EVERY_DAY, Calendar, WorkDays
from solver.network.wall_clock import at_minute, on_day, same_time_later

_MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The days and times at which something is collected and delivered; what is not said sets no bounds.

    Pick-ups are on `pick_up_weekdays` (ISO; none: every day) at `pick_up_minutes` of the day where they are made (none:
    any time from the opening on). Deliveries are on `delivery_weekdays` (none: every day). The calendar's closed and
    open days go before both. With `transit_counts_delivery_days`, whole days of transit are delivery days, not running
    time.
    """

    pick_up_weekdays: tuple[int, ...] = ()
    pick_up_minutes: tuple[int, ...] = ()
    delivery_weekdays: tuple[int, ...] = ()
    calendar_id: str = ""
    transit_counts_delivery_days: bool = False


ANY_TIME = Schedule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Pick-ups (揽收): their days, and their minutes of the local day; no minutes: any time from the opening on."""

    days: WorkDays
    minutes: tuple[int, ...] = ()

    @classmethod
    def of(cls, schedule: Schedule, calendar: Calendar | None = None) -> "Collection | None":
        """A schedule's pick-ups; None where it says nothing of them: then one comes the moment it is needed."""
        if not schedule.pick_up_weekdays and not schedule.pick_up_minutes and calendar is None:
            return None
        days = WorkDays.of(schedule.pick_up_weekdays or EVERY_DAY, calendar)
        return cls(days=days, minutes=tuple(sorted(schedule.pick_up_minutes)))

    def collects_at(self, ready_at: datetime, opens_minute: int, zone: ZoneInfo, days_later: int = 0) -> datetime:
        """The first pick-up (UTC) that is not before `ready_at`; with `days_later`, so many pick-up days after it."""
        day = self.days.on_or_after(ready_at.astimezone(zone).date())
        first = self._first_on(day, ready_at, opens_minute, zone)
        if first is None:
            tomorrow = self.days.later(day, 1)
            first = at_minute(tomorrow, self.minutes[0] if self.minutes else opens_minute, zone)
        return same_time_later(first, self.days, days_later, zone)

    def _first_on(self, day: date, ready_at: datetime, opens_minute: int, zone: ZoneInfo) -> datetime | None:
        if not self.minutes:
            return max(ready_at, at_minute(day, opens_minute, zone))
        times = (at_minute(day, minute, zone) for minute in self.minutes)
        return next((at for at in times if at >= ready_at), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Deliveries (派送): their days, and whether whole days of transit are counted in them."""

    days: WorkDays
    counts_delivery_days: bool = False

    @classmethod
    def of(cls, schedule: Schedule, calendar: Calendar | None = None) -> "Delivery":
        """A schedule's deliveries."""
        days = WorkDays.of(schedule.delivery_weekdays or EVERY_DAY, calendar)
        return cls(days=days, counts_delivery_days=schedule.transit_counts_delivery_days)

    def arrives_at(self, handed_over_at: datetime, transit_minutes: int, zone: ZoneInfo) -> datetime:
        """When a package is at the door (UTC); `zone` is the door's.

        In running time, an arrival on a day without delivery moves to the next delivery day at the same time of day.
        In delivery days, what is beyond whole days of transit runs first; then so many delivery days follow.
        """
        whole_days = transit_minutes // _MINUTES_PER_DAY if self.counts_delivery_days else 0
        runs = handed_over_at + timedelta(minutes=transit_minutes - whole_days * _MINUTES_PER_DAY)
        reached = runs.astimezone(zone).date()
        day = self.days.after(reached, whole_days)
        return runs if day == reached else on_day(runs, day, zone)
