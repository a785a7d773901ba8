"""The cheapest single sources for every state, however many packages it takes there: a *chunk*.

Needed where a source has a cost of its own, where their number is limited, or where two packages would take the same
units: what one source ships is then decided as one.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled
from solver.sourcing.exact.packages import offers_with_stock, price_lanes
from solver.sourcing.exact.partition import partition
from solver.sourcing.exact.states import States


@compiled
def cheapest_chunks(c: Arrays, st: States, width: int) -> tuple[Ints, Ints]:
    """For every state the `width` least costs at which a source can ship it, and those sources (-1: none).

    Shapes [width, M], the least first; ties: the first source. A source's offers count as one stock here, and stairs
    for each package alone, which never makes a source dearer.
    """
    size = len(st.grams)
    best = np.full((width, size), NEVER, np.int64)
    source_of = np.full((width, size), -1, np.int64)
    price = np.full(size, NEVER, np.int64)
    lane_of = np.full(size, -1, np.int64)
    contents = np.empty(size, np.int64)
    has_any = offers_with_stock(c.blocks)
    source_cost, most_units = c.source_cost, c.source_most_units
    for source in range(len(source_cost)):
        begin, end = c.source_lanes[source], c.source_lanes[source + 1]
        caps = stock_of_lanes(c.radix, c.blocks, c.lane_offer, begin, end, has_any)
        count = list_within(caps, c.stride, contents)
        if count == 1:
            continue
        price_lanes(c, st, begin, end, has_any, price, lane_of)
        if _may_split(price, best[-1], contents, count, source_cost[source]):
            price[contents[1:count]] = _split_prices(caps, price[contents[:count]])[1:]
        for at in range(1, count):
            state = contents[at]
            if price[state] != NEVER and st.units[state] <= most_units[source]:
                _insert(best, source_of, state, price[state] + source_cost[source], source)
            price[state] = NEVER
    return best, source_of


@compiled
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


@compiled
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


@compiled
def _may_split(price: Ints, best: Ints, contents: Ints, count: int, source_cost: int) -> bool:
    """False when two packages of a source, each as cheap as its cheapest, improve nothing."""
    least = NEVER
    for at in range(1, count):
        least = min(least, price[contents[at]])
    if least >= NEVER // 4:
        return False
    for at in range(1, count):
        state = contents[at]
        if 2 * least < price[state] and 2 * least + source_cost < best[state]:
            return True
    return False


@compiled
def _split_prices(caps: Ints, price: Ints) -> Ints:
    """The least cost of each of a source's states in any number of packages, from their cost in one."""
    value, _ = partition(caps + 1, local_stride(caps), price, np.zeros(len(price), np.int64), NEVER)
    return value


@compiled
def local_stride(caps: Ints) -> Ints:
    """The strides of the states that have at most so many blocks of each part, numbered by themselves."""
    stride = np.ones(len(caps), np.int64)
    for d in range(1, len(caps)):
        stride[d] = stride[d - 1] * (caps[d - 1] + 1)
    return stride


@compiled
def _insert(best: Ints, source_of: Ints, state: int, cost: int, source: int) -> None:
    """Put a cost in its place among the least ones of a state, behind equal ones."""
    at = len(best)
    while at > 0 and best[at - 1, state] > cost:
        at -= 1
    for behind in range(len(best) - 1, at, -1):
        best[behind, state] = best[behind - 1, state]
        source_of[behind, state] = source_of[behind - 1, state]
    if at < len(best):
        best[at, state] = cost
        source_of[at, state] = source


@compiled
def split_of_source(c: Arrays, st: States, source: int, whole: int) -> tuple[Ints, Ints]:
    """The lanes and contents of the packages in which a source ships a state most cheaply."""
    size = len(st.grams)
    price = np.full(size, NEVER, np.int64)
    lane_of = np.full(size, -1, np.int64)
    contents = np.empty(size, np.int64)
    begin, end = c.source_lanes[source], c.source_lanes[source + 1]
    price_lanes(c, st, begin, end, offers_with_stock(c.blocks), price, lane_of)
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
