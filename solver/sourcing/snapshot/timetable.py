"""Tables of what follows when: when work begins, when a carrier collects, when it delivers.

Each table is made by asking `solver.network` at the moments where its answer can change, and a microsecond before: in
between, the answer either stands still or moves with the question. A stretch in which it does neither is halved until
it does, so that no assumption about clocks and calendars is needed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from solver.network.hours import source_hand_over_at
from solver.network.model import Source
from solver.network.network import Network
from solver.network.schedule import Schedule
from solver.network.wall_clock import at_minute
from solver.network.ways import NO_WORK, Way, collected_at
from solver.sourcing.case import Ints
from solver.sourcing.facts import micros_of
from solver.sourcing.snapshot.inner.ground import NONE
from solver.sourcing.snapshot.rates import Rate

Step = Callable[[datetime], datetime]

BLOCK_DAYS = 8  # orders placed in a block of so many days share their tables
_AFTER_DAYS = 40  # hand-overs are in the tables up to so long after the block
_ONE_DAY = timedelta(days=1)
_HOUR_MINUTES, _DAY_MINUTES = 60, 1440
_MICROS_PER_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timetable:
    """Arrays as in `inner.ground`; `zones` numbers the time zones of doors and sources."""

    zones: dict[str, int]
    source_times: Ints
    pick_up_table: Ints
    arrival_table: Ints
    transit_micros: Ints
    table_start: Ints
    table_at: Ints
    table_to: Ints
    table_slope: Ints


def block_of(placed_at: datetime) -> int:
    """The block of days that a moment lies in."""
    return placed_at.astimezone(UTC).date().toordinal() // BLOCK_DAYS


def timetable_of(network: Network, rates: Iterable[Rate], block: int) -> Timetable:
    """The timetable for orders that are placed in this block of days."""
    first = date.fromordinal(block * BLOCK_DAYS) - _ONE_DAY
    tables = _Tables(first=first)
    sources = list(network.sources.values())
    zones = _zones(network)
    rows = [
        (
            tables.begins(network, source),
            source.lead_minutes * _MICROS_PER_MINUTE,
            zones[source.time_zone],
        )
        for source in sources
    ]
    groups: dict[tuple[str, int], Source] = {}
    group_of = {key: number for number, key in enumerate(dict.fromkeys(map(_place_of_pick_up, sources)))}
    for source in sources:
        groups.setdefault(_place_of_pick_up(source), source)
    pick_ups = [[tables.pick_up(network, source, service.schedule) for service in network.services.values()]
                for source in groups.values()]  # fmt: skip
    services = list(network.services.values())
    rates = tuple(rates)
    arrivals = [
        [tables.arrival(network, services[one.service].schedule, one.rate.transit_minutes, name) for one in rates]
        for name in zones
    ]
    transit = [one.rate.transit_minutes * _MICROS_PER_MINUTE for one in rates]
    times = [(*row, group_of[_place_of_pick_up(source)]) for row, source in zip(rows, sources, strict=True)]
    start, segments = tables.flat()
    return Timetable(
        zones=zones,
        source_times=np.array(times, dtype=np.int64).reshape(-1, 4),
        pick_up_table=np.array(pick_ups, dtype=np.int64).reshape(-1, len(services)),
        arrival_table=np.array(arrivals, dtype=np.int64).reshape(-1, len(rates)),
        transit_micros=np.array(transit, dtype=np.int64),
        table_start=start,
        table_at=np.ascontiguousarray(segments[:, 0]),
        table_to=np.ascontiguousarray(segments[:, 1]),
        table_slope=np.ascontiguousarray(segments[:, 2]),
    )


def no_timetable(network: Network, rates: Iterable[Rate]) -> Timetable:
    """For orders whose times nothing asks for."""
    services, count = len(network.services), len(tuple(rates))
    zones = _zones(network)
    none = np.zeros(0, dtype=np.int64)
    return Timetable(
        zones=zones,
        source_times=np.zeros((len(network.sources), 4), dtype=np.int64),
        pick_up_table=np.full((1, services), NONE, dtype=np.int64),
        arrival_table=np.full((max(1, len(zones)), count), NONE, dtype=np.int64),
        transit_micros=np.zeros(count, dtype=np.int64),
        table_start=np.zeros(1, dtype=np.int64),
        table_at=none,
        table_to=none,
        table_slope=none,
    )


def _zones(network: Network) -> dict[str, int]:
    regions = (region.time_zone for region in network.regions.values())
    sources = (source.time_zone for source in network.sources.values())
    return {name: number for number, name in enumerate(dict.fromkeys(filter(None, (*regions, *sources))))}


def _place_of_pick_up(source: Source) -> tuple[str, int]:
    return source.time_zone, source.hours.opens_minute


class _Tables:
    """Tables as they are made; the same one is made once. The first ones are of clocks, so that these count from 0."""

    def __init__(self, *, first: date) -> None:
        self._first = first
        self._number_of: dict[object, int] = {}
        self._segments: list[list[tuple[int, int, int]]] = []

    def begins(self, network: Network, source: Source) -> int:
        """When an order's work begins at this source."""
        days = network.work_days[source.source_id]
        key = (source.hours, source.time_zone, source.cut_off_minute, id(days))
        begun_at_once = replace(source, lead_minutes=0)
        minutes = (source.hours.opens_minute, source.hours.closes_minute, source.cut_off_minute or 0)
        return self._made(
            ("begins", key),
            lambda placed_at: source_hand_over_at(begun_at_once, placed_at, days=days),
            source.time_zone,
            minutes,
            days=BLOCK_DAYS + 2,
        )

    def pick_up(self, network: Network, source: Source, schedule: Schedule) -> int:
        """When a service with this schedule collects what is ready here; NONE: at once."""
        if network.collections[schedule] is None:
            return NONE
        service = next(one for one in network.services.values() if one.schedule == schedule)

        def collected(ready_at: datetime) -> datetime:
            return collected_at(network, Way(source=source, shipper=source, ready_at=ready_at), service, NO_WORK)

        minutes = (source.hours.opens_minute, *schedule.pick_up_minutes)
        key = ("pick_up", _place_of_pick_up(source), schedule)
        return self._made(key, collected, source.time_zone, minutes, days=BLOCK_DAYS + _AFTER_DAYS)

    def arrival(self, network: Network, schedule: Schedule, transit_minutes: int, time_zone: str) -> int:
        """When what is handed over arrives at a door in this time zone; NONE: after the transit, whatever the day."""
        delivery = network.deliveries[schedule]
        every_day = len(delivery.days.weekdays) == 7 and not delivery.days.closed
        if every_day and not delivery.counts_delivery_days:
            return NONE
        zone = ZoneInfo(time_zone)
        running = transit_minutes % _DAY_MINUTES if delivery.counts_delivery_days else transit_minutes
        return self._made(
            ("arrival", schedule, transit_minutes, time_zone),
            lambda handed_over_at: delivery.arrives_at(handed_over_at, transit_minutes, zone),
            time_zone,
            (),
            days=BLOCK_DAYS + _AFTER_DAYS,
            earlier=timedelta(minutes=running),
        )

    def flat(self) -> tuple[Ints, Ints]:
        """Where each table begins, and all of their rows: from this moment, that moment follows, moving so fast."""
        start = np.cumsum([0, *(len(table) for table in self._segments)], dtype=np.int64)
        rows = [row for table in self._segments for row in table]
        return start, np.array(rows, dtype=np.int64).reshape(-1, 3)

    def _made(
        self,
        key: object,
        step: Step,
        time_zone: str,
        minutes: Iterable[int],
        *,
        days: int,
        earlier: timedelta = timedelta(0),
    ) -> int:
        if key not in self._number_of:
            self._number_of[key] = len(self._segments)
            moments = _moments(self._first, days, ZoneInfo(time_zone), minutes, earlier)
            self._segments.append(_table(step, moments))
        return self._number_of[key]


def _moments(first: date, days: int, zone: ZoneInfo, minutes: Iterable[int], earlier: timedelta) -> list[datetime]:
    """The moments at which something can change: these minutes of every day, and where clocks are turned, all hours."""
    every = {0, *minutes}
    offsets = {at_minute(first + timedelta(days=day), 0, zone).astimezone(zone).utcoffset() for day in range(days + 9)}
    if len(offsets) > 1:
        every |= set(range(0, _DAY_MINUTES, _HOUR_MINUTES // 2))
    moments: set[datetime] = set()
    for day in range(days):
        for minute in every:
            moment = at_minute(first + timedelta(days=day), minute, zone) - earlier
            moments |= {moment, moment + timedelta(microseconds=1)}
    return sorted(moments)


def _table(step: Step, moments: list[datetime]) -> list[tuple[int, int, int]]:
    rows: list[tuple[int, int, int]] = []
    for begin, end in pairwise(moments):
        for at, to, slope in _stretches(step, begin, end):
            last = rows[-1] if rows else None
            if last is None or last[2] != slope or last[1] + slope * (at - last[0]) != to:
                rows.append((at, to, slope))
    return [*rows, (micros_of(moments[-1]), 0, 0)]


def _stretches(step: Step, begin: datetime, end: datetime) -> Iterator[tuple[int, int, int]]:
    """The answers from `begin` until before `end`, in stretches that stand still (slope 0) or move along (1)."""
    middle, last = begin + (end - begin) / 2, end - timedelta(microseconds=1)
    first_answer, middle_answer, last_answer = step(begin), step(middle), step(last)
    if first_answer == middle_answer == last_answer:
        yield micros_of(begin), micros_of(first_answer), 0
    elif last_answer - first_answer == last - begin and middle_answer - first_answer == middle - begin:
        yield micros_of(begin), micros_of(first_answer), 1
    else:
        yield from _stretches(step, begin, middle)
        yield from _stretches(step, middle, end)
