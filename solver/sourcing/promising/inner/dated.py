"""When the lanes of each class of sources arrive, and which kinds and services lead to the door at all."""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.promising.inner.machine_code import inner
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import BRANCH, NONE, PICK_UP_GROUP, PLACED, SOURCE_ZONE, ZONE, Ground
from solver.sourcing.snapshot.inner.reach import Stocked
from solver.sourcing.snapshot.inner.times import OUTSIDE, looked_up, ready_at


@inner
def rate_of(g: Ground, words: Ints, source: int, service: int, far: int) -> int:
    """The rate of a lane; NONE where the service does not run."""
    rate: int = g.branch_rate[words[BRANCH], source, service]
    return g.distance_rate[service, far] if rate == NONE else rate


@inner
def arrivals_of(g: Ground, words: Ints, s: Stocked, m: Classes) -> Ints:
    """When each lane of each class arrives, as those of its first source do; OUTSIDE where no table tells."""
    zone, times, pick_ups, arrivals = words[ZONE], g.source_times, g.pick_up_table, g.arrival_table
    start, at, to, slope, transit = g.table_start, g.table_at, g.table_to, g.table_slope, g.transit_micros
    first = np.full(len(m.start) - 1, NONE, np.int64)
    for n in range(len(s.sources) - 1, -1, -1):
        first[m.of_source[n]] = n
    ready = ready_at(g, s.sources[first], words[PLACED])
    arrives = np.empty(len(m.service), np.int64)
    for one in range(len(first)):
        source, far = s.sources[first[one]], s.far[first[one]]
        for lane in range(m.start[one], m.start[one + 1]):
            rate = rate_of(g, words, source, m.service[lane], far)
            moment = ready[one]
            table = pick_ups[times[source, PICK_UP_GROUP], m.service[lane]]
            if table != NONE and moment != OUTSIDE:
                moment = looked_up(start, at, to, slope, table, moment)
            if moment != OUTSIDE:
                table = arrivals[zone if zone != NONE else times[source, SOURCE_ZONE], rate]
                moment = moment + transit[rate] if table == NONE else looked_up(start, at, to, slope, table, moment)
            arrives[lane] = moment
    return arrives


@inner
def find_leading(
    g: Ground, words: Ints, s: Stocked, leads: Flags, kinds: Ints, by_kind: Flags, by_service: Flags
) -> None:
    """Mark the kinds of source and the services with a lane to the door, whatever the rules say of it."""
    for n in range(len(s.sources)):
        source, far = s.sources[n], s.far[n]
        for service in range(leads.shape[1]):
            if leads[source, service] and rate_of(g, words, source, service, far) != NONE:
                by_kind[kinds[source]] = True
                by_service[service] = True
