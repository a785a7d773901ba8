"""The cheapest way to serve one order from few sources, compiled: which source gives which of its items.

Costs hold prices already and are infinite where a source cannot give all units of an item. Two ways to the same answer:
by sets of sources that are opened (few sources, any number of items), and by sets of items that travel together (few
items, any number of sources).
"""

import numpy as np

from solver.foresight.kinds import Floats, Ints
from solver.sourcing.exact.jit import compiled

_WIDEST = 40  # sources, beyond which their sets are too many to be worth a thought


@compiled
def least(package: Floats, unit: Floats, items: int, chosen: Ints) -> float:
    """The least cost of serving the first `items` items; writes each one's source into `chosen`.

    `package` [N] is paid for each source that gives something, `unit` [N, D] for each item. Whichever way is quicker
    is taken: time grows with 2^N items, or with 3^items. Infinite where an item can be had nowhere.
    """
    if 3**items <= items << min(package.size, _WIDEST):
        return least_by_parts(package, unit, items, chosen)
    return least_by_sources(package, unit, items, chosen)


@compiled
def least_by_sources(package: Floats, unit: Floats, items: int, chosen: Ints) -> float:
    """As `least`, over all sets of opened sources."""
    usable = _usable(unit, items)
    every = 1 << usable.size
    cheapest = np.full((every, items), np.inf)
    opening = np.zeros(every)
    size = np.zeros(every, np.int64)
    best, best_set = np.inf, 0
    for opened in range(1, every):
        before, source = opened & (opened - 1), usable[_lowest(opened)]
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
        for bit in range(usable.size):
            if best_set >> bit & 1 and unit[usable[bit], item] == cheapest[best_set, item]:
                chosen[item] = usable[bit]
                break
    return best


@compiled
def least_by_parts(package: Floats, unit: Floats, items: int, chosen: Ints) -> float:
    """As `least`, over all ways to part the items, each part from its cheapest source."""
    every = 1 << items
    part, giver = _parts(package, unit, every)
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
def _parts(package: Floats, unit: Floats, every: int) -> tuple[Floats, Ints]:
    """What each set of items costs from its cheapest single source, and which that is."""
    part = np.full(every, np.inf)
    giver = np.zeros(every, np.int64)
    sums = np.zeros(every)
    for source in range(package.size):
        for taken in range(1, every):
            sums[taken] = sums[taken & (taken - 1)] + unit[source, _lowest(taken)]
            if package[source] + sums[taken] < part[taken]:
                part[taken] = package[source] + sums[taken]
                giver[taken] = source
    return part, giver


@compiled
def _usable(unit: Floats, items: int) -> Ints:
    """The sources that can give at least one of the items."""
    usable = np.empty(unit.shape[0], np.int64)
    count = 0
    for source in range(unit.shape[0]):
        if unit[source, :items].min() < np.inf:
            usable[count] = source
            count += 1
    return usable[:count]


@compiled
def _lowest(number: int) -> int:
    """The number of the lowest bit that is set."""
    bit = 0
    while not number >> bit & 1:
        bit += 1
    return bit
