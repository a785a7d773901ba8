"""How much a source or a service can take in a day, and how far it is behind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

from solver.network.calendar import WorkDays

WHOLE_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCapacity:
    """What a source works off in a day, by measure: no number (no limit), one for every day, or seven from Monday on.

    0 stands for "no limit" on its day.
    """

    orders: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    handling_minutes: tuple[int, ...] = ()


UNLIMITED = DailyCapacity()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work accepted and not yet done, in the measures of `DailyCapacity`."""

    orders: int = 0
    units: int = 0
    handling_minutes: int = 0


IDLE = Work()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Where the next piece of work would fall: `backlog_days` work days on, on a day that is used up so far.

    `left` is what that day still takes; None: any amount. `use_basis_points` is rounded down; a full day is 10,000.
    """

    use_basis_points: int
    backlog_days: int
    left: int | None


def load_of(daily_caps: Iterable[int], consumed: int) -> Load:
    """The load after so much is consumed of these caps, today's first; 0: no limit. The last holds for all days after.

    A full day is passed over: with a cap of N exactly N pieces are accepted, and the next moves on. Raises ValueError
    for no caps.
    """
    for day, cap in enumerate(_without_end(daily_caps)):
        if not cap:
            return Load(use_basis_points=0, backlog_days=day, left=None)
        if consumed < cap:
            return Load(use_basis_points=consumed * WHOLE_BASIS_POINTS // cap, backlog_days=day, left=cap - consumed)
        consumed -= cap
    raise ValueError("give at least one day's cap")


def caps_from(capacity: Sequence[int], first_day: date, days: WorkDays) -> Iterator[int]:
    """The caps of every open day from `first_day` on, without end; `capacity` as in `DailyCapacity`."""
    day = days.on_or_after(first_day)
    while True:
        yield capacity_on(capacity, day)
        day = days.later(day, 1)


def capacity_on(capacity: Sequence[int], day: date) -> int:
    """The cap of one day; 0: no limit."""
    if len(capacity) <= 1:
        return capacity[0] if capacity else 0
    return capacity[day.isoweekday() - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a source still takes on a day, in the measures of `DailyCapacity`; None: any amount."""

    orders: int | None
    units: int | None
    handling_minutes: int | None


def left_on(capacity: DailyCapacity, work: Work, day: date) -> Left:
    """What the day's capacity leaves beside the work; never below 0."""

    def left(caps: Sequence[int], consumed: int) -> int | None:
        cap = capacity_on(caps, day)
        return max(0, cap - consumed) if cap else None

    return Left(
        orders=left(capacity.orders, work.orders),
        units=left(capacity.units, work.units),
        handling_minutes=left(capacity.handling_minutes, work.handling_minutes),
    )


def source_load(capacity: DailyCapacity, work: Work, first_day: date, days: WorkDays) -> Load:
    """The load by the measure that is farthest behind, and among those the fullest. `left` is in that measure.

    `first_day` is the day on which work that is accepted now would be begun.
    """
    loads = [
        load_of(caps_from(getattr(capacity, measure), first_day, days), getattr(work, measure))
        for measure in ("orders", "units", "handling_minutes")
    ]
    return max(loads, key=lambda load: (load.backlog_days, load.use_basis_points))


def _without_end(caps: Iterable[int]) -> Iterator[int]:
    last: int | None = None
    for last in caps:
        yield last
    if last is not None:
        yield from repeat(last)
