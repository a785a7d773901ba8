"""The bound that prices of capacity alone prove: the ordinary bound of a wave, which its judge recomputes.

At prices y of the sources' capacities, in thousandths, no plan costs less than the sum over orders of the least of
cost + y * weight, and the sum over sources of min(0, opening cost - y * capacity).
"""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.instance import PRICES_PER_MINOR, Instance

Floats = NDArray[np.float64]
_FIRST, _SECOND, _LAST, _STEP = 0.8, 0.98, 0.003, 0.1


def capacity_bound(instance: Instance, passes: int) -> tuple[int, Ints]:
    """The best bound found, and its prices [S], both in thousandths, by ascent from each source's share in opening it.

    Sources that cost nothing to open begin with what a unit of weight costs on average.
    """
    usual = float(instance.option_cost.mean()) / max(float(instance.option_weight.mean()), 1e-3)
    share = instance.opening_cost / np.maximum(instance.capacity, 1)
    start = np.where(share > 0, share, 0.1 * usual)
    price = start.copy()
    best, best_price = _bound(instance, price)[:2]
    slope, square = np.zeros(instance.sources), np.zeros(instance.sources)
    scale = _STEP * max(float(start.mean()), 1e-3)
    for at in range(passes):
        bound, whole, over = _bound(instance, price)
        if bound > best:
            best, best_price = bound, whole
        slope = _FIRST * slope + (1 - _FIRST) * over
        square = _SECOND * square + (1 - _SECOND) * over**2
        step = scale * (_LAST + (1 - _LAST) * (1 + np.cos(np.pi * at / passes)) / 2)
        size = np.sqrt(square / (1 - _SECOND ** (at + 1))) + 1e-9
        price = np.maximum(price + step * (slope / (1 - _FIRST ** (at + 1))) / size, 0.0)
    return best, best_price


def _bound(instance: Instance, price: Floats) -> tuple[int, Ints, Floats]:
    """The bound, its prices in thousandths, and by what part of its capacity each source is asked for too much."""
    whole = np.floor(price * PRICES_PER_MINOR).astype(np.int64)
    dear = PRICES_PER_MINOR * instance.option_cost + whole[instance.option_source] * instance.option_weight
    least = np.minimum.reduceat(dear, instance.option_start[:-1])
    gain = whole * instance.capacity - PRICES_PER_MINOR * instance.opening_cost
    cheapest = np.flatnonzero(dear == least[instance.option_order])
    _, first = np.unique(instance.option_order[cheapest], return_index=True)
    chosen = cheapest[first]
    load = np.bincount(
        instance.option_source[chosen], weights=instance.option_weight[chosen], minlength=instance.sources
    )
    over = load / np.maximum(instance.capacity, 1) - (gain > 0)
    return int(least.sum() - np.maximum(gain, 0).sum()), whole, over
