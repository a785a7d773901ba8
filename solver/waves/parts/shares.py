"""Sharing out stock and capacities among the parts of a wave."""

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints


def shared_out(amount: Ints, wanted: Ints, possible: Ints) -> Ints:
    """[P, Q]: each resource's `amount` [Q] among P parts, in whole units that add up to it.

    First what each part wants [P, Q], or if that is too much, in proportion to it; the rest in proportion to what each
    could possibly take beyond that, [P, Q] in all, so that where there is enough for everything, each part has it.
    Fractions go to the largest remainders, among equals to the first part. What has no limit has none in any part.
    """
    first = np.minimum(amount, wanted.sum(axis=0))
    shares = _in_proportion(first, wanted) + _in_proportion(amount - first, np.maximum(0, possible - wanted))
    return np.where(amount >= NO_LIMIT, amount, shares)


def _in_proportion(amount: Ints, weights: Ints) -> Ints:
    """Largest remainder; 0 everywhere where there are no weights."""
    total = np.maximum(1, weights.sum(axis=0))
    whole, odd = amount // total, amount % total  # apart, so that no product exceeds 64 bits
    product = odd * weights
    shares: Ints = whole * weights + product // total
    missing = np.where(weights.any(axis=0), amount - shares.sum(axis=0), 0)
    rank = np.argsort(np.argsort(-(product % total), axis=0, kind="stable"), axis=0, kind="stable")
    return shares + (rank < missing)
