"""Prices of orders that prove much: ascent of the Lagrangian bound by Adam's steps along what is over- and underserved.

A round of passes takes steps that shrink from large to small. Where the bound still rises at its end, the next round
takes larger steps; otherwise a last one starts from the best prices with small ones.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.limits import Watch
from solver.waves.single_source.instance import PRICES_PER_MINOR, Instance
from solver.waves.single_source.pricing import priced

Floats = NDArray[np.float64]
_FIRST, _SECOND = 0.8, 0.98  # Adam's memories of the slope and of its square
_LARGE, _SMALL, _GROWTH, _LAST = 0.1, 0.01, 4.0, 0.003
_ROUNDS = 5
_STILL_RISING = 1e-4


class Prices(NamedTuple):
    """The best bound found, in thousandths, and the prices of orders that prove it."""

    bound: int
    price: Ints  # [O], thousandths
    packed: Ints  # [K]: what each source packs at these prices
    gain: Ints  # [S]: what it gains by that, thousandths


def ascended(instance: Instance, capacity_price: Floats, passes: int, watch: Watch, deadline: float) -> Prices:
    """After at most `_ROUNDS` rounds of so many passes, or at the deadline.

    The first prices are what an order costs at least at these prices of capacity: they prove as much at once.
    """
    cheapest = np.minimum.reduceat(
        instance.option_cost + capacity_price[instance.option_source] * instance.option_weight,
        instance.option_start[:-1],
    )
    best = _at(instance, cheapest)
    scale = _LARGE * max(float(cheapest.mean()), 1.0)
    for _ in range(_ROUNDS):
        before = best.bound
        best, rising = _round(instance, best, scale, passes, watch, deadline)
        if not rising or best.bound == before or watch.clock() > deadline:
            break
        scale *= _GROWTH
    last, _ = _round(instance, best, _SMALL * max(float(cheapest.mean()), 1.0), passes // 2, watch, deadline)
    return last


def _round(
    instance: Instance, best: Prices, scale: float, passes: int, watch: Watch, deadline: float
) -> tuple[Prices, bool]:
    """The best prices, and whether the bound was still rising at the end."""
    price = best.price / PRICES_PER_MINOR
    slope, square = np.zeros(instance.orders), np.zeros(instance.orders)
    late = best.bound
    now = best
    for at in range(passes):
        if watch.clock() > deadline or watch.is_cancelled():
            break
        used = now.packed * (now.gain > 0)[instance.option_source]
        unserved = 1.0 - np.bincount(instance.option_order, weights=used, minlength=instance.orders)
        slope = _FIRST * slope + (1 - _FIRST) * unserved
        square = _SECOND * square + (1 - _SECOND) * unserved**2
        step = scale * (_LAST + (1 - _LAST) * (1 + np.cos(np.pi * at / passes)) / 2)
        size = np.sqrt(square / (1 - _SECOND ** (at + 1))) + 1e-9
        price = price + step * (slope / (1 - _FIRST ** (at + 1))) / size
        now = _at(instance, price)
        if at == passes * 9 // 10:
            late = best.bound
        if now.bound > best.bound:
            best = now
    return best, best.bound - late > _STILL_RISING * abs(best.bound)


def _at(instance: Instance, price: Floats) -> Prices:
    whole = np.floor(price * PRICES_PER_MINOR).astype(np.int64)
    bound, packed, gain = priced(instance, whole)
    return Prices(bound=bound, price=whole, packed=packed, gain=gain)
