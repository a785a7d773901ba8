"""When packages are handed over and arrive, by table."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.snapshot.inner.ground import (
    BY_PROMISE,
    CLOCK,
    GRACE_MICROS,
    LATE_DAY,
    LATE_HOUR,
    LEAD_MICROS,
    NONE,
    SOON_MICROS,
    WAITING_DAY,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled, inner

OUTSIDE = -(2**62)  # beyond what a table covers
SHUT = -1
_MINUTE = 60_000_000
_HOUR_MINUTES, _DAY_MINUTES = 60, 1440


@compiled
def looked_up(start: Ints, at: Ints, to: Ints, slope: Ints, table: int, moment: int) -> int:
    """What follows a moment by a table; its last row is its end."""
    begin, end = start[table], start[table + 1] - 1
    if moment < at[begin] or moment >= at[end]:
        return OUTSIDE
    while end - begin > 1:
        middle = (begin + end) >> 1
        if at[middle] <= moment:
            begin = middle
        else:
            end = middle
    follows: int = to[begin] + slope[begin] * (moment - at[begin])
    return follows


@inner
def ready_at(g: Ground, sources: Ints, placed: int) -> Ints:
    """When each of these sources has the order ready; OUTSIDE where its clock's table does not tell."""
    times, start, at, to, slope = g.source_times, g.table_start, g.table_at, g.table_to, g.table_slope
    begun = np.full(len(start), NONE, np.int64)
    ready = np.empty(len(sources), np.int64)
    for n in range(len(sources)):
        clock = times[sources[n], CLOCK]
        if begun[clock] == NONE:
            begun[clock] = looked_up(start, at, to, slope, clock, placed)
        ready[n] = OUTSIDE if begun[clock] == OUTSIDE else begun[clock] + times[sources[n], LEAD_MICROS]
    return ready


@inner
def cost_of_time(policy: Ints, arrival: int, placed: int, promised: int) -> int:
    """What a package pays for its arrival: lateness and waiting; SHUT where a rule forbids it."""
    cost = 0
    if promised != NONE:
        if policy[BY_PROMISE] > 0 and arrival > promised + policy[GRACE_MICROS]:
            return SHUT
        if arrival > promised:
            minutes = -((promised - arrival) // _MINUTE)
            cost += -(-minutes // _HOUR_MINUTES) * policy[LATE_HOUR] - (-minutes // _DAY_MINUTES) * policy[LATE_DAY]
    if policy[SOON_MICROS] > 0 and arrival > placed + policy[SOON_MICROS]:
        return SHUT
    if policy[WAITING_DAY] > 0 and arrival > placed:
        minutes = -((placed - arrival) // _MINUTE)
        cost += (2 * minutes * policy[WAITING_DAY] + _DAY_MINUTES) // (2 * _DAY_MINUTES)
    return cost


@inner
def asks_for_times(policy: Ints, promised: int) -> bool:
    """Whether any cost or rule looks at the arrival."""
    of_promise = promised != NONE and (policy[LATE_HOUR] > 0 or policy[LATE_DAY] > 0 or policy[BY_PROMISE] > 0)
    asks: bool = of_promise or policy[SOON_MICROS] > 0 or policy[WAITING_DAY] > 0
    return asks
