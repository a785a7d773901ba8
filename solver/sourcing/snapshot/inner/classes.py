"""Sources with the same lanes, priced once for all of them.

Sources that are alike in all that prices a lane, but for an amount on all of their lanes, have a *pattern* in common.
Those of one pattern at distances of one class have the same lanes, up to that amount: a class of sources.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.snapshot.inner.ground import (
    BEYOND_TIMETABLE,
    BRANCH,
    CLOSED,
    DISTANCE_PER_KM,
    DONE,
    NEAR_CLASS,
    NONE,
    PROMISED,
    SETTING,
    VIEW,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled
from solver.sourcing.snapshot.inner.reach import Stocked, add_times
from solver.sourcing.snapshot.inner.times import asks_for_times


class Classes(NamedTuple):
    """Lane j of class m, from start[m] to start[m + 1], costs a package of source n of it base[n] + cost[j]."""

    status: int
    of_source: Ints  # [N] -> M
    base: Ints  # [N]
    start: Ints  # [M + 1]
    service: Ints
    tariff: Ints
    cost: Ints


@compiled
def classes_of(g: Ground, words: Ints, s: Stocked) -> Classes:
    """The order's sources by class, and the open lanes of each class."""
    pattern, base_of, sources, far, way = g.pattern[words[SETTING]], g.lane_base[words[VIEW]], s.sources, s.far, s.way
    columns, services, per_km = g.distance_rate.shape[1], g.distance_rate.shape[0], g.policy[DISTANCE_PER_KM]
    class_of = np.full(g.patterns[words[SETTING]] * columns, NONE, np.int64)
    room = min(len(class_of), len(sources))
    of_source, base = np.empty(len(sources), np.int64), np.empty(len(sources), np.int64)
    start = np.zeros(room + 1, np.int64)
    lanes = np.empty((3, room * services), np.int64)
    count, status = 0, DONE
    for n in range(len(sources)):
        key = pattern[sources[n]] * columns + far[n]
        if class_of[key] == NONE:
            class_of[key] = count
            more, status = lanes_of_class(g, words, sources[n], far[n], lanes[:, start[count] :])
            if status != DONE:
                break
            start[count + 1] = start[count] + more
            count += 1
        of_source[n] = class_of[key]
        base[n] = base_of[sources[n]] + (2 * way[n] * per_km + 1000) // 2000
    return Classes(status, of_source, base, start[: count + 1], lanes[0], lanes[1], lanes[2])


@compiled
def lanes_of_class(g: Ground, words: Ints, source: int, far: int, lanes: Ints) -> tuple[int, int]:
    """Write service, tariff and cost beyond the base of a source's open lanes; how many they are, and how it ended."""
    if far > g.source_facts[words[VIEW], source, NEAR_CLASS]:
        return 0, DONE
    offers, services = np.zeros(lanes.shape[1], np.int64), lanes[0]
    rates, costs = lanes[1], lanes[2]
    count = 0
    for service in range(g.distance_rate.shape[0]):
        cost, rate = g.lane_cost[words[VIEW], source, service], g.branch_rate[words[BRANCH], source, service]
        if rate == NONE:
            rate = g.distance_rate[service, far]
        if cost == CLOSED or rate == NONE or g.rate_cost[words[VIEW], rate] == CLOSED:
            continue
        services[count], rates[count] = service, rate
        costs[count] = cost - g.lane_base[words[VIEW], source] + g.rate_cost[words[VIEW], rate]
        count += 1
    status = DONE
    if asks_for_times(g.policy, words[PROMISED]):
        alone = np.full(1, source, np.int64)
        status, count = add_times(g, words, alone, offers[:count], services, rates, costs)
    for lane in range(count):
        rates[lane] = g.rate_tariff[words[VIEW], rates[lane]]
    return count, status if status == DONE else BEYOND_TIMETABLE
