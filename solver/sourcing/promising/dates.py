"""When each lane of an order arrives, and before which date no option's lanes bring all that is to be had.

Letters in shapes as in `snapshot.inner.ground`; further N sources that have something of the order, O options. An
option is a view of the ground: view o has its lanes and no others.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.snapshot.inner.ground import (
    BEYOND_TIMETABLE,
    BRANCH,
    CLOSED,
    DONE,
    HEAD,
    NEAR_A_LIMIT,
    NEAR_CLASS,
    NONE,
    PART_WORDS,
    PARTS,
    PICK_UP_GROUP,
    PLACED,
    SOON_MICROS,
    SOURCE_ZONE,
    ZONE,
    Floats,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled, inner
from solver.sourcing.snapshot.inner.reach import Stocked, Units, stocked
from solver.sourcing.snapshot.inner.times import OUTSIDE, looked_up, ready_at


class Dates(NamedTuple):
    """The dates of an order's lanes. Moments are microseconds since 1970, NEVER where there is none."""

    status: int
    sources: Ints  # [N], ascending
    arrives: Ints  # [N, V]: of every lane that leads to the door
    is_open: Flags  # [O, N, V]: whether the option leaves the lane, and every rule that looks at one lane does
    earliest: Ints  # [O]: before it, not all that the option has of what is asked can be there
    missing: Ints  # [O]: the units asked that it does not have
    like: Ints  # [O]: the first option with the same open lanes


@compiled
def dates_of(g: Ground, stock: Units, words: Ints, xyz: Floats, meters: Ints, leads: Flags) -> Dates:
    """The dates of the order. `leads` says which lanes the network has at all, [S, V]; `meters` as in `stocked`."""
    s = stocked(g, stock, words, xyz, meters)
    options = len(g.lane_cost)
    earliest, missing = np.full(options, NEVER, np.int64), np.zeros(options, np.int64)
    like = np.zeros(options, np.int64)
    arrives, rates = np.full((len(s.sources), leads.shape[1]), NEVER, np.int64), np.zeros((1, 1), np.int64)
    is_open = np.zeros((options, len(s.sources), leads.shape[1]), np.bool_)
    for far in s.far:
        if far == NONE:
            return Dates(NEAR_A_LIMIT, s.sources, arrives, is_open, earliest, missing, like)
    rates = rates_of(g, words, s, leads)
    if not arrive(g, words, s, rates, arrives):
        return Dates(BEYOND_TIMETABLE, s.sources, arrives, is_open, earliest, missing, like)
    for o in range(options):
        leave_open(g, words, o, s, rates, arrives, is_open[o])
        like[o] = first_like(is_open, o)
        if like[o] < o:
            earliest[o], missing[o] = earliest[like[o]], missing[like[o]]
            continue
        soonest = soonest_of(is_open[o], arrives)
        for d in range(words[PARTS]):
            demand = words[HEAD + PART_WORDS * d + 1]
            by, lacking = covered(soonest, s.blocks, d, demand)
            missing[o] += lacking
            if by != NEVER:
                earliest[o] = by if earliest[o] == NEVER else max(earliest[o], by)
    return Dates(DONE, s.sources, arrives, is_open, earliest, missing, like)


@inner
def rates_of(g: Ground, words: Ints, s: Stocked, leads: Flags) -> Ints:
    """The rate of each lane, [N, V]; NONE where it does not lead to the door."""
    by_branch, by_distance = g.branch_rate[words[BRANCH]], g.distance_rate
    rates = np.full((len(s.sources), leads.shape[1]), NONE, np.int64)
    for n in range(len(s.sources)):
        source = s.sources[n]
        for service in range(leads.shape[1]):
            if leads[source, service]:
                rate = by_branch[source, service]
                rates[n, service] = by_distance[service, s.far[n]] if rate == NONE else rate
    return rates


@inner
def arrive(g: Ground, words: Ints, s: Stocked, rates: Ints, arrives: Ints) -> bool:
    """Write when each lane arrives; False where the tables do not tell."""
    zone, times, pick_ups, arrivals = words[ZONE], g.source_times, g.pick_up_table, g.arrival_table
    start, at, to, slope, transit = g.table_start, g.table_at, g.table_to, g.table_slope, g.transit_micros
    ready = ready_at(g, s.sources, words[PLACED])
    for n in range(len(s.sources)):
        source = s.sources[n]
        for service in range(rates.shape[1]):
            rate = rates[n, service]
            if rate == NONE:
                continue
            moment = ready[n]
            table = pick_ups[times[source, PICK_UP_GROUP], service]
            if table != NONE and moment != OUTSIDE:
                moment = looked_up(start, at, to, slope, table, moment)
            if moment == OUTSIDE:
                return False
            table = arrivals[zone if zone != NONE else times[source, SOURCE_ZONE], rate]
            moment = moment + transit[rate] if table == NONE else looked_up(start, at, to, slope, table, moment)
            if moment == OUTSIDE:
                return False
            arrives[n, service] = moment
    return True


@inner
def leave_open(g: Ground, words: Ints, o: int, s: Stocked, rates: Ints, arrives: Ints, is_open: Flags) -> None:
    """Say which lanes option o leaves open."""
    package, rate_cost, facts = g.lane_cost[o], g.rate_cost[o], g.source_facts[o]
    latest = words[PLACED] + g.policy[SOON_MICROS] if g.policy[SOON_MICROS] > 0 else NEVER
    for n in range(len(s.sources)):
        source = s.sources[n]
        if s.far[n] > facts[source, NEAR_CLASS]:
            continue
        for service in range(rates.shape[1]):
            rate = rates[n, service]
            if rate != NONE and package[source, service] != CLOSED and rate_cost[rate] != CLOSED:
                is_open[n, service] = arrives[n, service] <= latest


@inner
def first_like(is_open: Flags, o: int) -> int:
    """The first option with the same open lanes as option o."""
    for other in range(o):
        if (is_open[other] == is_open[o]).all():
            return other
    return o


@inner
def soonest_of(is_open: Flags, arrives: Ints) -> Ints:
    """When the first open lane of each source arrives, [N]."""
    soonest = np.full(len(arrives), NEVER, np.int64)
    for n in range(len(arrives)):
        for service in range(arrives.shape[1]):
            if is_open[n, service] and arrives[n, service] < soonest[n]:
                soonest[n] = arrives[n, service]
    return soonest


@inner
def covered(soonest: Ints, blocks: Ints, d: int, demand: int) -> tuple[int, int]:
    """By when sources have brought part d's demand, or all that they have of it; and how many units are lacking."""
    times, units = np.empty(demand + 1, np.int64), np.empty(demand + 1, np.int64)
    count, together = 0, 0  # of the soonest sources, as few as bring the demand
    for n in range(len(soonest)):
        moment, has = soonest[n], blocks[n, d]
        if has == 0 or moment == NEVER or (together >= demand and moment >= times[count - 1]):
            continue
        at = count
        while at > 0 and times[at - 1] > moment:
            times[at], units[at] = times[at - 1], units[at - 1]
            at -= 1
        times[at], units[at] = moment, has
        count += 1
        together += has
        while together - units[count - 1] >= demand:
            count -= 1
            together -= units[count]
    return (times[count - 1] if count > 0 else NEVER), max(0, demand - together)
