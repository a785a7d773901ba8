"""Prices of resources by ascent on the Lagrangian function.

Adam's step on the projected supergradient: every price moves by about the same amount, whatever its resource's size,
and less and less as the passes go by. A price that has gone far and has far to go, as where there is less than is
wanted and leaving a unit costs a hundred times what shipping it does, takes longer and longer strides while it keeps
its way.
"""

from collections.abc import Callable, Iterator
from math import cos, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.engine.resources import Resources, supplied

Floats = NDArray[np.float64]
_FIRST, _SECOND = 0.8, 0.98  # moments
_LAST_STEP = 0.003  # of the first
_MEMORY = 0.9  # of a price's ways by which its direction is told
_KEPT, _LOST = 0.75, 0.6  # directions: what the ways come to, of what they are without their signs
_LONGER, _SHORTER, _LONGEST = 1.1, 0.7, 1e6  # strides
_UNTOLD = 12  # passes before directions are told
_FAR = 30  # first steps: what ordinary prices seldom come to; below it no stride is longer, which would overshoot


class Priced(NamedTuple):
    """What a pass over all orders at some prices found."""

    prices: Ints  # [Q]: thousandths of a minor unit
    bound: int  # the Lagrangian function there, thousandths
    used: Ints  # [Q]
    is_proven: bool = True  # False: not all entries were looked at, the function may be lower


def ascend(
    price: Callable[[Ints], Priced],
    resources: Resources,
    start: Ints,
    *,
    first_step: float,
    passes: Callable[[int], int],
) -> Iterator[Priced]:
    """Every pass at its prices, the first at `start`; steps in thousandths, falling with a cosine.

    `passes`: how many there will be, as it looks when so many are done.
    """
    at = start.astype(np.float64)
    first, second = np.zeros(len(at)), np.zeros(len(at))
    strides = _Strides(len(at))
    lowest, highest = resources.lowest.astype(np.float64), resources.highest.astype(np.float64)
    number = 0
    while number < passes(number):
        found = price(np.rint(at).astype(np.int64))
        yield found
        slope = (found.used - supplied(resources, found.prices)).astype(np.float64)
        first = _FIRST * first + (1 - _FIRST) * slope
        second = _SECOND * second + (1 - _SECOND) * slope * slope
        done = min(1.0, number / max(1, passes(number) - 1))
        step = first_step * (_LAST_STEP + (1 - _LAST_STEP) * (1 + cos(pi * done)) / 2)
        steady = np.sqrt(second / (1 - _SECOND ** (number + 1))) + 1e-9
        number += 1
        way = first / (1 - _FIRST**number) / steady
        before, at = at, np.clip(at + step * strides.length * way, lowest, highest)
        strides.follow(np.where((at == before) | (at < _FAR * first_step), 0.0, way))


class _Strides:
    """How long each price's steps are, 1 or more of the others'; a price that swings takes none longer."""

    def __init__(self, prices: int) -> None:
        self.length = np.ones(prices)
        self._drift, self._moved, self._ways = np.zeros(prices), np.zeros(prices), 0

    def follow(self, way: Floats) -> None:
        """Take in which way the prices went, and how far by their common step; 0: not at all."""
        self._ways += 1
        self._drift = _MEMORY * self._drift + (1 - _MEMORY) * way
        self._moved = _MEMORY * self._moved + (1 - _MEMORY) * np.abs(way)
        if self._ways < _UNTOLD:
            return
        kept = np.abs(self._drift) / (self._moved + 1e-9)
        shorter = np.where(kept < _LOST, np.maximum(1.0, self.length * _SHORTER), self.length)
        longer = np.minimum(_LONGEST, self.length * _LONGER)
        self.length = np.where((kept > _KEPT) & (self._moved > 1e-3), longer, shorter)
