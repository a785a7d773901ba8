"""The exact engine's arrays of an order, filled from the snapshot without a Case."""

import numpy as np

from solver.sourcing.case import NO_LIMIT, Flags, Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.snapshot.inner.ground import (
    COMPLETE,
    ENTRIES,
    ENTRY_WORDS,
    FURTHER_PACKAGE,
    FURTHER_SOURCE,
    GRAMS,
    HEAD,
    KIND_COST,
    LEFT_COST,
    LINE_COMPLETE,
    LINE_ENTRIES,
    LINE_TOGETHER,
    LINE_WORDS,
    LINES,
    MM3,
    MOST_PACKAGES,
    MOST_SOURCES,
    MOST_UNITS,
    PART_WORDS,
    PARTS,
    QUANTITY,
    SKU_CLASS,
    SKU_GRAMS,
    SKU_MM3,
    SOURCE_COST,
    UNITS,
    VIEW,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Lanes, Stocked


@inner
def filled(g: Ground, words: Ints, s: Stocked, lanes_of: Lanes, supply: Ints) -> Arrays:
    """The order over its sources by these lanes, source by source; `supply` as in Arrays; quantities in units."""
    parts, view = words[PARTS], words[VIEW]
    skus, radix = s.skus, np.empty(parts, np.int64)
    for d in range(parts):
        radix[d] = words[HEAD + PART_WORDS * d + 1] + 1
    stride = np.ones(parts, np.int64)
    for d in range(1, parts):
        stride[d] = stride[d - 1] * radix[d - 1]
    facts, sources = g.source_facts[view], s.sources
    lane_offer, lane_service = lanes_of.offer, lanes_of.service
    count, lanes = len(sources), len(lane_offer)
    source_cost, most_units = np.empty(count, np.int64), np.empty(count, np.int64)
    for n in range(count):
        source_cost[n] = facts[SOURCE_COST, sources[n]] + g.policy[FURTHER_SOURCE]
        most_units[n] = facts[MOST_UNITS, sources[n]]
    kind_cost, block_cost = np.empty(lanes, np.int64), np.empty((lanes, parts), np.int64)
    limits = np.empty((3, lanes), np.int64)
    source_lanes = np.zeros(count + 1, np.int64)
    for at in range(lanes):
        n, service = lane_offer[at], lane_service[at]
        source_lanes[n + 1] += 1
        kind_cost[at] = facts[KIND_COST, sources[n]]
        block_cost[at] = s.unit_cost[n]
        limits[GRAMS, at], limits[MM3, at] = g.lane_limits[service, GRAMS], g.lane_limits[service, MM3]
        limits[UNITS, at] = min(g.lane_limits[service, UNITS], most_units[n])
    for n in range(count):
        source_lanes[n + 1] += source_lanes[n]
    carries, repeats = carried(g, view, skus, sources, lane_offer, lane_service)
    is_limited = np.minimum(np.minimum(limits[GRAMS], limits[MM3]), limits[UNITS]) < NO_LIMIT
    line_state, line_times, line_cost, together = lines_of(words, stride)
    none, everything = np.zeros(0, np.int64), np.full(max(count, len(g.lane_limits)), NO_LIMIT, np.int64)
    return Arrays(
        radix,
        stride,
        np.ones(parts, np.int64),
        g.sku_facts[skus, SKU_GRAMS],
        g.sku_facts[skus, SKU_MM3],
        parts_apart(g, skus),
        line_state,
        line_times,
        line_cost,
        together,
        words[COMPLETE] > 0,
        s.blocks,
        supply,
        np.arange(count),
        np.zeros(count + 1, np.int64),
        none,
        none,
        none,
        np.arange(lanes),
        source_lanes,
        lane_offer,
        lanes_of.tariff,
        lane_service,
        carries,
        limits[GRAMS],
        limits[MM3],
        limits[UNITS],
        is_limited,
        repeats,
        lanes_of.cost + g.policy[FURTHER_PACKAGE],
        kind_cost,
        block_cost,
        g.tariff_group,
        g.tariff_column,
        g.group_volumetric,
        g.group_cuts,
        g.cuts,
        g.prices,
        source_cost,
        most_units,
        everything[:count],
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
        everything[: len(g.lane_limits)],
        words[MOST_PACKAGES],
        words[MOST_SOURCES],
        g.policy[FURTHER_PACKAGE] + g.policy[FURTHER_SOURCE],
    )


@inner
def carried(
    g: Ground, view: int, skus: Ints, sources: Ints, lane_offer: Ints, lane_service: Ints
) -> tuple[Flags, Flags]:
    """Which parts each lane may carry; and which lanes carry the same as the one before, from the same source."""
    lanes, parts = len(lane_offer), len(skus)
    carries, repeats = np.ones((lanes, parts), np.bool_), np.zeros(lanes, np.bool_)
    is_open = g.lane_shut.size == 0
    for at in range(lanes):
        if not is_open:
            shut = g.lane_shut[view, sources[lane_offer[at]], lane_service[at]]
            for d in range(parts):
                carries[at, d] = not shut[g.sku_facts[skus[d], SKU_CLASS]]
        if at > 0 and lane_offer[at] == lane_offer[at - 1]:
            repeats[at] = is_open or np.array_equal(carries[at], carries[at - 1])
    return carries, repeats


@inner
def parts_apart(g: Ground, skus: Ints) -> Flags:
    """Which parts may not share a package."""
    parts = len(skus)
    apart = np.zeros((parts, parts), np.bool_)
    if g.apart.any():
        for d in range(parts):
            for e in range(parts):
                apart[d, e] = d != e and g.apart[g.sku_facts[skus[d], SKU_CLASS], g.sku_facts[skus[e], SKU_CLASS]]
    return apart


@inner
def supply_of(words: Ints, blocks: Ints, has_lane: Flags) -> Ints:
    """Units of each part that the sources with a lane have, at most what is asked."""
    supply = np.zeros(blocks.shape[1], np.int64)
    for d in range(len(supply)):
        demand = words[HEAD + PART_WORDS * d + 1]
        for n in range(len(blocks)):
            if has_lane[n]:
                supply[d] += blocks[n, d]
                if supply[d] >= demand:
                    supply[d] = demand
                    break
    return supply


@inner
def lines_of(words: Ints, stride: Ints) -> tuple[Ints, Ints, Ints, Flags]:
    """For each line: what one leaving takes away, how often, at what cost; and the parts that stay together."""
    lines = words[LINES]
    state, times, cost = np.zeros(lines, np.int64), np.empty(lines, np.int64), np.empty(lines, np.int64)
    together = np.zeros((lines, len(stride)), np.bool_)
    at = HEAD + PART_WORDS * words[PARTS]
    entry = at + LINE_WORDS * lines
    for k in range(lines):
        quantity = words[at + QUANTITY]
        is_whole = words[at + LINE_COMPLETE] > 0
        units = quantity if is_whole else 1
        times[k] = min(1, quantity) if is_whole else quantity
        cost[k] = words[at + LEFT_COST] * units
        for _ in range(words[at + LINE_ENTRIES]):
            part = words[entry]
            state[k] += words[entry + 1] * units * stride[part]
            together[k, part] = words[at + LINE_TOGETHER] > 0 and quantity > 0
            entry += ENTRY_WORDS
        at += LINE_WORDS
    assert entry == HEAD + PART_WORDS * words[PARTS] + LINE_WORDS * lines + ENTRY_WORDS * words[ENTRIES]
    return state, times, cost, together
