"""When the lanes of each class of sources arrive, and which kinds and services lead to the door at all."""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.promising.inner.machine_code import inner
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import BRANCH, NONE, PICK_UP_GROUP, PLACED, SOURCE_ZONE, ZONE, Ground
from solver.sourcing.snapshot.inner.reach import Stocked
from solver.sourcing.snapshot.inner.times import OUTSIDE, looked_up, ready_at


@inner
def arrivals_of(g: Ground, words: Ints, s: Stocked, m: Classes) -> Ints:
    """When each lane of each class arrives, as those of its first source do; OUTSIDE where no table tells."""
    zone, times, pick_ups, arrivals = words[ZONE], g.source_times, g.pick_up_table, g.arrival_table
    by_branch, by_distance = g.branch_rate[words[BRANCH]], g.distance_rate
    lane_start, lane_service, of_source = m.start, m.service, m.of_source
    start, at, to, slope, transit = g.table_start, g.table_at, g.table_to, g.table_slope, g.transit_micros
    first = np.full(len(lane_start) - 1, NONE, np.int64)
    for n in range(len(of_source) - 1, -1, -1):
        first[of_source[n]] = n
    ready = ready_at(g, s.sources[first], words[PLACED])
    sources, distances = s.sources[first], s.far[first]
    arrives = np.empty(len(lane_service), np.int64)
    for one in range(len(first)):
        source = sources[one]
        for lane in range(lane_start[one], lane_start[one + 1]):
            rate = by_branch[source, lane_service[lane]]
            if rate == NONE:
                rate = by_distance[lane_service[lane], distances[one]]
            moment = ready[one]
            table = pick_ups[times[source, PICK_UP_GROUP], lane_service[lane]]
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
    by_branch, by_distance, sources, distances = g.branch_rate[words[BRANCH]], g.distance_rate, s.sources, s.far
    for n in range(len(sources)):
        source, far = sources[n], distances[n]
        for service in range(len(by_service)):
            if leads[source, service] and (by_branch[source, service] != NONE or by_distance[service, far] != NONE):
                by_kind[kinds[source]] = True
                by_service[service] = True
