"""Every subset of a few amounts: which of them sum to what is wanted."""

from collections.abc import Collection, Sequence

import numpy as np

MOST_AMOUNTS = 16


def subsets_of(amounts: Sequence[int], wanted: Collection[int], most: int = 10) -> list[frozenset[int]]:
    """The first so many subsets, by position, that sum to one of the values; fewer than `most` are all there are.

    At most MOST_AMOUNTS amounts. The empty subset is none.
    """
    sums = np.zeros(1, dtype=np.int64)
    for amount in amounts:
        sums = np.concatenate((sums, sums + amount))
    hits = np.nonzero(np.isin(sums, np.fromiter(wanted, dtype=np.int64)))[0]
    return [
        frozenset(position for position in range(len(amounts)) if int(mask) >> position & 1)
        for mask in hits[hits > 0][:most]
    ]
