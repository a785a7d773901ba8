"""The cheapest single sources for every state, however many packages it takes there: a *chunk*.

Needed where a source has a cost of its own, where their number is limited, or where two packages would take the same
units: what one source ships is then decided as one.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.packages import Ranking, insert, new_ranking, offers_with_stock, price_lanes
from solver.sourcing.exact.partition import partition
from solver.sourcing.exact.states import States


@compiled
def cheapest_chunks(c: Arrays, st: States, width: int, completion: Ints, most: int) -> tuple[Ints, Ints]:
    """For every state the `width` least costs at which a source can ship it, and those sources (-1: none).

    Shapes [width, M], the least first; ties: the first source. Only costs that are at most `most` with the completion
    of the order. A source's offers count as one stock here, and stairs for each package alone, which never makes a
    source dearer.
    """
    has_any = offers_with_stock(c.blocks)
    ranking = new_ranking(width, completion[::-1].copy(), most)
    owners = c.offer_source[c.lane_offer]
    least = np.full(len(c.source_cost), NEVER, np.int64)
    openings = c.package_cost + c.source_cost[owners]
    price_lanes(c, st, 0, len(owners), owners, openings, has_any, ranking, least)
    _rank_several(c, st, has_any, ranking, least)
    return ranking.costs, ranking.owners


@inner
def _rank_several(c: Arrays, st: States, has_any: Flags, ranking: Ranking, least: Ints) -> None:
    """Rank what sources ship in several packages, where two as cheap as the source's cheapest would enter."""
    size = len(ranking.room)
    enters = _most_within(c.radix, c.stride, np.minimum(ranking.costs[-1], ranking.most - ranking.room))
    contents = np.empty(size, np.int64)
    for source in range(len(c.source_cost)):
        twice = 2 * min(least[source], NEVER // 4) - c.source_cost[source]
        if twice > enters[size - 1]:
            continue
        begin, end = c.source_lanes[source], c.source_lanes[source + 1]
        caps = stock_of_lanes(c.radix, c.blocks, c.lane_offer, begin, end, has_any)
        count = list_within(caps, c.stride, contents)
        if count < 3 or twice > enters[contents[count - 1]]:
            continue
        price, _ = packages_of_source(c, st, source, has_any)
        held = contents[:count]
        value, _ = partition(caps + 1, local_stride(caps), price[held], ranking.room[held], ranking.most)
        for at in range(1, count):
            state = contents[at]
            if value[at] != NEVER and st.units[state] <= c.source_most_units[source]:
                cost = value[at] + c.source_cost[source]
                if cost + ranking.room[state] <= ranking.most:
                    insert(ranking.costs, ranking.owners, state, cost, source)


@inner
def _most_within(radix: Ints, stride: Ints, values: Ints) -> Ints:
    """For every state, the most of the values of all states within it but nothing."""
    most = values.copy()
    most[0] = -1
    for d in range(len(radix)):
        for state in range(stride[d], len(most)):
            if state // stride[d] % radix[d] > 0:
                most[state] = max(most[state], most[state - stride[d]])
    return most


@inner
def packages_of_source(c: Arrays, st: States, source: int, has_any: Flags) -> tuple[Ints, Ints]:
    """The least cost of one package of a source for every state, without the source's own, and its lane."""
    lanes = len(c.lane_offer)
    ranking = new_ranking(1, np.zeros(len(st.grams), np.int64), NEVER)
    begin, end = c.source_lanes[source], c.source_lanes[source + 1]
    least = np.full(lanes, NEVER, np.int64)
    price_lanes(c, st, begin, end, np.arange(lanes), c.package_cost, has_any, ranking, least)
    return ranking.costs[0], ranking.owners[0]


@inner
def stock_of_lanes(radix: Ints, blocks: Ints, lane_offer: Ints, begin: int, end: int, has_any: Flags) -> Ints:
    """What the offers of lanes `begin` to `end` have together, of each part at most what is asked."""
    caps = np.zeros(len(radix), np.int64)
    for lane in range(begin, end):
        offer = lane_offer[lane]
        is_new = has_any[offer]
        for earlier in range(begin, lane):
            is_new = is_new and lane_offer[earlier] != offer
        if is_new:
            for d in range(len(radix)):
                caps[d] = min(caps[d] + blocks[offer, d], radix[d] - 1)
    return caps


@inner
def list_within(caps: Ints, stride: Ints, contents: Ints) -> int:
    """Write the states with at most so many blocks of each part, ascending. Entry 0 is nothing."""
    contents[0] = 0
    count = 1
    for d in range(len(caps)):
        width = count
        for blocks in range(1, caps[d] + 1):
            step = blocks * stride[d]
            for at in range(width):
                contents[count] = contents[at] + step
                count += 1
    return count


@inner
def local_stride(caps: Ints) -> Ints:
    """The strides of the states that have at most so many blocks of each part, numbered by themselves."""
    stride = np.ones(len(caps), np.int64)
    for d in range(1, len(caps)):
        stride[d] = stride[d - 1] * (caps[d - 1] + 1)
    return stride


@compiled
def split_of_source(c: Arrays, st: States, source: int, whole: int) -> tuple[Ints, Ints]:
    """The lanes and contents of the packages in which a source ships a state most cheaply."""
    price, lane_of = packages_of_source(c, st, source, offers_with_stock(c.blocks))
    contents = np.empty(len(price), np.int64)
    caps = whole // c.stride % c.radix
    count = list_within(caps, c.stride, contents)
    _, last = partition(caps + 1, local_stride(caps), price[contents[:count]], np.zeros(count, np.int64), NEVER)
    lanes = np.zeros(count, np.int64)
    packed = np.zeros(count, np.int64)
    used, at = 0, count - 1
    while at > 0:
        packed[used] = contents[last[at]]
        lanes[used] = lane_of[packed[used]]
        used += 1
        at -= last[at]
    return lanes[:used].copy(), packed[:used].copy()
