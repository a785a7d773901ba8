"""The cheapest way to serve one order from few sources, compiled: which source gives which of its items.

Costs hold prices already and are infinite where a source cannot give all units of an item. Two ways to the same answer:
by sets of sources that are opened (few sources, any number of items), and by sets of items that travel together (few
items, any number of sources).
"""

import numpy as np

from solver.foresight.kinds import Floats, Ints
from solver.sourcing.exact.jit import compiled

MOST_SOURCES_BY_SETS = 12
MOST_ITEMS_BY_PARTS = 10


@compiled
def least_by_sources(package: Floats, unit: Floats, items: int, chosen: Ints) -> float:
    """The least cost over all sets of opened sources; writes each item's source into `chosen`.

    `package` [N] for each source that is opened, `unit` [N, D], of which the first `items` count.
    """
    usable = np.empty(package.size, np.int64)
    count = 0
    for source in range(package.size):
        for item in range(items):
            if unit[source, item] < np.inf:
                usable[count] = source
                count += 1
                break
    cheapest = np.full((1 << count, items), np.inf)
    opening = np.zeros(1 << count)
    size = np.zeros(1 << count, np.int64)
    best, best_set = np.inf, 0
    for opened in range(1, 1 << count):
        bit = 0
        while not opened >> bit & 1:
            bit += 1
        before, source = opened & (opened - 1), usable[bit]
        size[opened] = size[before] + 1
        if size[opened] > items:
            continue
        opening[opened] = opening[before] + package[source]
        total = opening[opened]
        for item in range(items):
            cost = min(cheapest[before, item], unit[source, item])
            cheapest[opened, item] = cost
            total += cost
        if total < best:
            best, best_set = total, opened
    for item in range(items):
        for bit in range(count):
            if best_set >> bit & 1 and unit[usable[bit], item] == cheapest[best_set, item]:
                chosen[item] = usable[bit]
                break
    return best


@compiled
def least_by_parts(package: Floats, unit: Floats, items: int, chosen: Ints) -> float:
    """As `least_by_sources`, over all ways to part the items, each part from its cheapest source."""
    every = 1 << items
    part = np.full(every, np.inf)
    giver = np.zeros(every, np.int64)
    sums = np.zeros(every)
    for source in range(package.size):
        for taken in range(1, every):
            bit = 0
            while not taken >> bit & 1:
                bit += 1
            sums[taken] = sums[taken & (taken - 1)] + unit[source, bit]
            if package[source] + sums[taken] < part[taken]:
                part[taken] = package[source] + sums[taken]
                giver[taken] = source
    best = np.full(every, np.inf)
    last = np.zeros(every, np.int64)
    best[0] = 0.0
    for covered in range(1, every):
        low = covered & -covered
        rest = covered ^ low
        others = rest
        while True:
            cost = part[others | low] + best[rest ^ others]
            if cost < best[covered]:
                best[covered] = cost
                last[covered] = others | low
            if others == 0:
                break
            others = (others - 1) & rest
    covered = every - 1
    while covered and best[every - 1] < np.inf:
        for item in range(items):
            if last[covered] >> item & 1:
                chosen[item] = giver[last[covered]]
        covered ^= last[covered]
    return float(best[every - 1])


@compiled
def least(package: Floats, unit: Floats, items: int, chosen: Ints) -> float:
    """The least cost of serving `items` items, by whichever way is quicker."""
    if 3**items <= items << min(package.size, 40):
        return least_by_parts(package, unit, items, chosen)
    return least_by_sources(package, unit, items, chosen)
