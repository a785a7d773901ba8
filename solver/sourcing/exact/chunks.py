"""The cheapest single source for every state, however many packages it takes there.

Needed where a source has a cost of its own, or where their number is limited: packages of one source then share it.
"""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled
from solver.sourcing.exact.packages import list_contents, offers_with_stock, price_lane
from solver.sourcing.exact.partition import partition
from solver.sourcing.exact.states import States


@compiled
def cheapest_chunks(c: Arrays, st: States) -> tuple[Ints, Ints]:
    """For every state, the least cost at which one source can ship it, and that source (-1: none). Ties: the first.

    A source's offers count as one stock here, which never makes it dearer.
    """
    size = len(st.grams)
    best = np.full(size, NEVER, np.int64)
    source_of = np.full(size, -1, np.int64)
    price = np.full(size, NEVER, np.int64)
    lane_of = np.full(size, -1, np.int64)
    has_any = offers_with_stock(c)
    for source in range(len(c.source_cost)):
        local_radix, local_stride, contents = contents_of_source(c, source, has_any)
        if len(contents) == 1:
            continue
        price_source(c, st, source, has_any, price, lane_of)
        value = price[contents]
        value[0] = 0
        if _may_split(value, best, contents, c.source_cost[source]):
            value, _ = partition(local_radix, local_stride, value, np.zeros_like(value), NEVER)
        for at in range(1, len(contents)):
            state = contents[at]
            cost = value[at] + c.source_cost[source]
            if value[at] != NEVER and st.units[state] <= c.source_most_units[source] and cost < best[state]:
                best[state] = cost
                source_of[state] = source
            price[state] = NEVER
    return best, source_of


@compiled
def split_of_source(c: Arrays, st: States, source: int, whole: int) -> tuple[int, Ints, Ints]:
    """How a source ships a state most cheaply: the number of packages, and their lanes and contents."""
    price = np.full(len(st.grams), NEVER, np.int64)
    lane_of = np.full(len(st.grams), -1, np.int64)
    has_any = offers_with_stock(c)
    local_radix, local_stride, contents = contents_of_source(c, source, has_any)
    price_source(c, st, source, has_any, price, lane_of)
    value = price[contents]
    value[0] = 0
    value, last = partition(local_radix, local_stride, value, np.zeros_like(value), NEVER)
    lanes = np.zeros(len(contents), np.int64)
    packed = np.zeros(len(contents), np.int64)
    count = 0
    at = np.searchsorted(contents, whole)
    while at > 0:
        packed[count] = contents[last[at]]
        lanes[count] = lane_of[packed[count]]
        count += 1
        at -= last[at]
    return count, lanes[:count], packed[:count]


@compiled
def contents_of_source(c: Arrays, source: int, has_any: Ints) -> tuple[Ints, Ints, Ints]:
    """What a source's offers together have of the order: radix and stride of its own states, and their global numbers."""
    caps = np.zeros(len(c.radix), np.int64)
    before = -1
    for lane in range(c.source_lanes[source], c.source_lanes[source + 1]):
        offer = c.lane_offer[lane]
        if offer == before or has_any[offer] == 0 or _seen_earlier(c, source, lane):
            continue
        before = offer
        for d in range(len(c.radix)):
            caps[d] = min(caps[d] + c.blocks[offer, d], c.radix[d] - 1)
    radix = caps + 1
    stride = np.ones(len(c.radix), np.int64)
    for d in range(1, len(c.radix)):
        stride[d] = stride[d - 1] * radix[d - 1]
    size = 1
    for d in range(len(c.radix)):
        size *= radix[d]
    contents = np.zeros(size, np.int64)
    for d in range(len(c.radix)):
        for at in range(stride[d], stride[d] * radix[d]):
            contents[at] = contents[at - stride[d]] + c.stride[d]
    return radix, stride, contents


@compiled
def _seen_earlier(c: Arrays, source: int, lane: int) -> bool:
    for earlier in range(c.source_lanes[source], lane):
        if c.lane_offer[earlier] == c.lane_offer[lane]:
            return True
    return False


@compiled
def price_source(c: Arrays, st: States, source: int, has_any: Ints, price: Ints, lane_of: Ints) -> None:
    """Improve `price` by single packages of the source."""
    size = len(price)
    contents = np.empty(size, np.int64)
    costs = np.empty(size, np.int64)
    for lane in range(c.source_lanes[source], c.source_lanes[source + 1]):
        if has_any[c.lane_offer[lane]]:
            count = list_contents(c, lane, contents, costs)
            price_lane(c, st, lane, contents, costs, count, price, lane_of)


@compiled
def _may_split(price: Ints, best: Ints, contents: Ints, source_cost: int) -> bool:
    """False when two packages of the source, each as cheap as its cheapest, improve nothing."""
    least = NEVER
    for at in range(1, len(contents)):
        least = min(least, price[at])
    if least >= NEVER // 4:
        return False
    return any_below(price, best, contents, 2 * least, source_cost)


@compiled
def any_below(price: Ints, best: Ints, contents: Ints, cost: int, source_cost: int) -> bool:
    """True when `cost` is below some state's price at the source and, with the source's own cost, below the best."""
    for at in range(1, len(contents)):
        if cost < price[at] and cost + source_cost < best[contents[at]]:
            return True
    return False
