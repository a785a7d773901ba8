"""Sets of sources that served an order cheapest lately, and the cheapest of them under new prices, compiled.

From pass to pass of an ascent prices move little, so an order's cheapest sources are nearly always among the last few
sets that were cheapest. To look at those takes a small part of the time that a search over all sets takes.
"""

import numpy as np

from solver.foresight.kinds import Floats, Ints
from solver.sourcing.exact.jit import compiled

MOST_KNOWN = 4  # sets of a kind; the one that was cheapest longest ago is forgotten
NOBODY = -1


def nothing_known(kinds: int, items: int) -> Ints:
    """Sets of sources by kind, none yet: [K, MOST_KNOWN, D + 1], the latest first, each ended by NOBODY."""
    return np.full((kinds, MOST_KNOWN, items + 1), NOBODY, dtype=np.int64)


@compiled
def remember(known: Ints, chosen: Ints, items: int, sources: int) -> None:
    """Put the set of the sources `chosen` for the first `items` items first among a kind's `known` ones."""
    found = np.full(known.shape[1], NOBODY, np.int64)
    count = 0
    for source in range(sources):
        for at in range(items):
            if chosen[at] == source:
                found[count] = source
                count += 1
                break
    last = 0
    while last < known.shape[0] - 1 and not (known[last] == found).all():
        last += 1
    for slot in range(last, 0, -1):
        known[slot] = known[slot - 1]
    known[0] = found


@compiled
def least_of_known(
    known: Ints,
    package: Floats,
    unit: Floats,
    items: Ints,
    units: Ints,
    prices: Floats,
    stock: Floats,
    chosen: Ints,
    trial: Ints,
) -> float:
    """The least cost of a kind's items from one of its known sets, every source of which is paid for.

    `package` [N] and `unit` [N, D] are the kind's, `items` and `units` [D] those it has. Writes each item's source
    into `chosen`; infinite where no known set has all items.
    """
    best = np.inf
    for slot in range(known.shape[0]):
        count, total = 0, 0.0
        while known[slot, count] != NOBODY:
            total += package[known[slot, count]]
            count += 1
        if count == 0:
            break
        for at in range(items.size):
            cheapest = np.inf
            for number in range(count):
                source = known[slot, number]
                if stock[source, items[at]] > 0:
                    cost = unit[source, at] + units[at] * prices[source, items[at]]
                    if cost < cheapest:
                        cheapest = cost
                        trial[at] = source
            total += cheapest
            if total >= best:
                break
        if total < best:
            best = total
            chosen[: items.size] = trial[: items.size]
    return best
