"""The inner loops in numpy, for installations without numba: the same answers, ties included, but far slower."""

from collections.abc import Iterator

import numpy as np

from solver.network.volumetric import Volumetric
from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.candidates import MOST_PACKAGES, Packages
from solver.sourcing.exact.states import States


def describe(c: Arrays) -> States:
    """As `states.describe`."""
    size = int(np.prod(c.radix))
    digits = np.arange(size)[:, None] // c.stride % c.radix
    has = digits > 0
    barred = ((has @ c.apart.astype(np.int64)) * has).any(axis=1)
    grams, mm3 = digits @ c.grams, digits @ c.mm3
    column = np.zeros((len(c.group_volumetric), size), dtype=np.int64)
    for group, rule in enumerate(c.group_volumetric.tolist()):
        billable = np.maximum(grams, Volumetric(*rule).grams_of_all(mm3))
        cuts = c.cuts[c.group_cuts[group] : c.group_cuts[group + 1]]
        column[group] = np.where(barred, len(cuts), np.searchsorted(cuts, billable))
    return States(grams, mm3, digits @ c.block_units, has.sum(axis=1), column)


def lane_costs(c: Arrays, st: States) -> Iterator[tuple[int, Ints]]:
    """For every state but nothing, what one package of it costs by each lane; NEVER where it cannot be."""
    caps = np.where(c.carries, c.blocks[c.lane_offer], 0)
    groups = c.tariff_group[c.lane_tariff]
    lowest = c.tariff_column[c.lane_tariff]
    stairs = _stairs(c)
    for state in range(1, len(st.grams)):
        digits = state // c.stride % c.radix
        price = c.prices[c.lane_tariff, np.maximum(st.column[groups, state], lowest)]
        can = (caps >= digits).all(axis=1) & (price != NEVER)
        can &= (st.units[state] <= c.most_units) & (st.grams[state] <= c.most_grams) & (st.mm3[state] <= c.most_mm3)
        cost = c.package_cost + price * can + st.kinds[state] * c.kind_cost + c.block_cost @ digits
        for part, blocks in enumerate(digits.tolist()):
            if blocks and stairs is not None:
                cost = cost + stairs[part][c.lane_offer, blocks]
        yield state, np.where(can, cost, NEVER)


def _stairs(c: Arrays) -> list[Ints] | None:
    """For every part, by offer and blocks, what they cost for being many."""
    if not len(c.stair_part):
        return None
    offers = np.repeat(np.arange(len(c.blocks)), np.diff(c.stair_start))
    tables = []
    for part, radix in enumerate(c.radix.tolist()):
        table = np.zeros((len(c.blocks), radix), dtype=np.int64)
        units = np.arange(radix) * c.block_units[part]
        for i in np.nonzero(c.stair_part == part)[0]:
            table[offers[i]] += np.maximum(0, units - c.stair_after[i]) * c.stair_cost[i]
        tables.append(table)
    return tables


def cheapest_packages(c: Arrays, st: States) -> tuple[Ints, Ints]:
    """As `packages.cheapest_packages`."""
    best = np.full(len(st.grams), NEVER, dtype=np.int64)
    lane_of = np.full(len(st.grams), -1, dtype=np.int64)
    if len(c.lane_offer):
        for state, costs in lane_costs(c, st):
            lane = int(np.argmin(costs))
            if costs[lane] != NEVER:
                best[state], lane_of[state] = costs[lane], lane
    return best, lane_of


def cheapest_chunks(c: Arrays, st: States, width: int, completion: Ints, most: int) -> tuple[Ints, Ints]:
    """As `chunks.cheapest_chunks`."""
    size = len(st.grams)
    best = np.full((width, size), NEVER, dtype=np.int64)
    source_of = np.full((width, size), -1, dtype=np.int64)
    busy = np.nonzero(np.diff(c.source_lanes))[0]
    if not len(busy):
        return best, source_of
    price = np.full((len(busy), size), NEVER, dtype=np.int64)
    for state, costs in lane_costs(c, st):
        price[:, state] = np.minimum.reduceat(costs, c.source_lanes[busy])
    caps = _stock_of_sources(c)[busy]
    value = np.array([partition(c.radix, c.stride, one, np.zeros(size, np.int64), NEVER)[0] for one in price])
    for state in range(1, size):
        can = (caps >= state // c.stride % c.radix).all(axis=1) & (value[:, state] < NEVER)
        able = np.nonzero(can & (st.units[state] <= c.source_most_units[busy]))[0]
        cost = value[able, state] + c.source_cost[busy[able]]
        within = cost + completion[size - 1 - state] <= most
        able, cost = able[within], cost[within]
        ranked = np.argsort(cost, kind="stable")[:width]
        best[: len(ranked), state], source_of[: len(ranked), state] = cost[ranked], busy[able[ranked]]
    return best, source_of


def _stock_of_sources(c: Arrays) -> Ints:
    """What the offers of each source that have a lane hold together."""
    total = np.zeros((len(c.source_cost), len(c.radix)), dtype=np.int64)
    offers = np.unique(c.lane_offer)
    np.add.at(total, c.offer_source[offers], c.blocks[offers])
    return total


def leaving_cost(c: Arrays, lines: int) -> Ints:
    """As `leaving.leaving_cost`."""
    cost = np.full(int(np.prod(c.radix)), NEVER, dtype=np.int64)
    cost[0] = 0
    for k in range(lines):
        step, before = int(c.line_state[k]), cost.copy()
        for times in range(1, int(c.line_times[k]) + 1 if step else 0):
            rest = before[: max(0, len(cost) - times * step)]
            more = np.where(rest == NEVER, NEVER, rest + times * c.line_cost[k])
            cost[times * step :] = np.minimum(cost[times * step :], more)
    return cost


def partition(radix: Ints, stride: Ints, price: Ints, spare: Ints, most: int) -> tuple[Ints, Ints]:
    """As `partition.partition`."""
    value = np.full(len(price), NEVER, dtype=np.int64)
    last = np.zeros(len(price), dtype=np.int64)
    value[0] = 0
    for state in range(len(price) - 1):
        if value[state] == NEVER or value[state] + spare[state] > most:
            continue
        added = _complements(radix, stride, state)
        _push(price, added, state, int(value[state]), value, last)
    return value, last


def partition_counted(radix: Ints, stride: Ints, price: Ints, rounds: int) -> tuple[Ints, Ints]:
    """As `partition.partition_counted`."""
    value = np.full((rounds + 1, len(price)), NEVER, dtype=np.int64)
    last = np.zeros((rounds + 1, len(price)), dtype=np.int64)
    value[0, 0] = 0
    for turn in range(rounds):
        value[turn + 1], last[turn + 1] = value[turn], last[turn]
        for state in range(len(price) - 1):
            if value[turn, state] != NEVER:
                added = _complements(radix, stride, state)
                _push(price, added, state, int(value[turn, state]), value[turn + 1], last[turn + 1])
    return value, last


def _push(price: Ints, added: Ints, state: int, so_far: int, value: Ints, last: Ints) -> None:
    cost = so_far + price[added]
    better = cost < value[state + added]
    value[state + added[better]] = cost[better]
    last[state + added[better]] = added[better]


def _complements(radix: Ints, stride: Ints, state: int) -> Ints:
    """What can be added to a state and has something of its last part or a later one."""
    free = radix - 1 - state // stride % radix
    top = int(np.searchsorted(stride, state, side="right")) - 1
    added, begin = np.zeros(1, dtype=np.int64), 1
    for part, blocks in enumerate(free.tolist()):
        if part == top:
            begin = len(added)
        added = (np.arange(blocks + 1)[:, None] * stride[part] + added).ravel()
    return added[begin:]


def packages_within(c: Arrays, st: States, completion: Ints, most: int) -> tuple[Packages, int]:
    """As `candidates.packages_within`."""
    lanes, states, costs = [], [], []
    for state, cost in lane_costs(c, st):
        within = np.nonzero((cost != NEVER) & (cost + completion[len(completion) - 1 - state] <= most))[0]
        lanes.append(within)
        states.append(np.full(len(within), state, dtype=np.int64))
        costs.append(cost[within])
    every = Packages(*(np.concatenate([*column, np.empty(0, np.int64)]) for column in (lanes, states, costs)))
    order = np.lexsort((every.states, every.lanes))
    return Packages(*(column[order][:MOST_PACKAGES].astype(np.int64) for column in every)), len(order)
