"""Sources with the same lanes, priced once for all of them.

Sources that are alike in all that prices a lane, but for an amount on all of their lanes, have a *pattern* in common.
Those of one pattern at distances of one class have the same lanes, up to that amount: a class of sources.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.snapshot.inner.ground import DISTANCE_PER_KM, DONE, NONE, PROMISED, SETTING, VIEW, Ground
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Stocked, add_times, lanes_open
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


@inner
def classes_of(g: Ground, words: Ints, s: Stocked) -> Classes:
    """The order's sources by class, and the open lanes of each class: those of its first source."""
    of_source, base, first = numbered(g, words, s)
    examples, far = s.sources[first], s.far[first]
    offers, services, rates, costs = lanes_open(g, words, examples, far, np.zeros_like(far))
    status, count = DONE, len(offers)
    if asks_for_times(g.policy, words[PROMISED]):
        status, count = add_times(g, words, examples, offers, services, rates, costs)
    start = np.zeros(len(first) + 1, np.int64)
    tariffs, of_rate, base_of = rates[:count], g.rate_tariff[words[VIEW]], g.lane_base[words[VIEW]]
    for lane in range(count):
        tariffs[lane] = of_rate[rates[lane]]
        costs[lane] -= base_of[examples[offers[lane]]]
        start[offers[lane] + 1] += 1
    for m in range(len(first)):
        start[m + 1] += start[m]
    return Classes(status, of_source, base, start, services[:count], tariffs, costs[:count])


@inner
def numbered(g: Ground, words: Ints, s: Stocked) -> tuple[Ints, Ints, Ints]:
    """The class of each source, what its lanes cost beyond the class's, and the first source of each class."""
    pattern, base_of, sources, far, way = g.pattern[words[SETTING]], g.lane_base[words[VIEW]], s.sources, s.far, s.way
    columns, per_km = g.distance_rate.shape[1], g.policy[DISTANCE_PER_KM]
    class_of = np.full(g.patterns[words[SETTING]] * columns, NONE, np.int64)
    of_source, base = np.empty(len(sources), np.int64), np.empty(len(sources), np.int64)
    first = np.empty(min(len(class_of), len(sources)), np.int64)
    count = 0
    for n in range(len(sources)):
        key = pattern[sources[n]] * columns + far[n]
        if class_of[key] == NONE:
            class_of[key] = count
            first[count] = n
            count += 1
        of_source[n] = class_of[key]
        base[n] = base_of[sources[n]]
        if per_km > 0:
            base[n] += (2 * way[n] * per_km + 1000) // 2000
    return of_source, base, first[:count]
