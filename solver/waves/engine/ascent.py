"""Prices of resources by ascent on the Lagrangian function.

Adam's step on the projected supergradient: every price moves by about the same amount, whatever its resource's size,
and less and less as the passes go by.
"""

from collections.abc import Callable, Iterator
from math import cos, pi
from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.engine.resources import Resources, supplied

_FIRST, _SECOND = 0.8, 0.98  # moments
_LAST_STEP = 0.003  # of the first


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
        at = np.clip(at + step * first / (1 - _FIRST**number) / steady, lowest, highest)
