"""By when an option's sources can have brought all that they have of an order: no plan of as much is there before."""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.promising.inner.machine_code import inner
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.reach import Stocked


@inner
def supply_of_classes(s: Stocked, m: Classes, masks: Flags) -> Ints:
    """Units of each part that each class has of each group of sources, [G, M, D]."""
    sources, blocks, of_source = s.sources, s.blocks, m.of_source
    supply = np.zeros((len(masks), len(m.start) - 1, blocks.shape[1]), np.int64)
    for group in range(len(masks)):
        for n in range(len(sources)):
            if masks[group, sources[n]]:
                for d in range(blocks.shape[1]):
                    supply[group, of_source[n], d] += blocks[n, d]
    return supply


@inner
def soonest_of_classes(m: Classes, arrives: Ints, services: Flags) -> Ints:
    """When the first lane of each class by these services arrives; NEVER where it has none."""
    start, service = m.start, m.service
    soonest = np.full(len(start) - 1, NEVER, np.int64)
    for one in range(len(soonest)):
        for lane in range(start[one], start[one + 1]):
            if services[service[lane]] and arrives[lane] < soonest[one]:
                soonest[one] = arrives[lane]
    return soonest


@inner
def covered(soonest: Ints, supply: Ints, demand: int) -> tuple[int, int]:
    """By when classes with so many units have brought the demand, or all that they have; and how much is lacking.

    NEVER where they have nothing.
    """
    by, together = NEVER, 0
    while together < demand:
        following = NEVER  # the first moment after `by` at which more is there
        for one in range(len(soonest)):
            if supply[one] > 0 and soonest[one] < following and (by == NEVER or soonest[one] > by):
                following = soonest[one]
        if following == NEVER:
            break
        by = following
        for one in range(len(soonest)):
            if soonest[one] == by:
                together += supply[one]
    return by, max(0, demand - together)


@inner
def are_alike(s: Stocked, m: Classes, mine: Flags, my_services: Flags, other: Flags, other_services: Flags) -> bool:
    """Whether these sources by these services have the very lanes that the others have."""
    sources, of_source, start, services = s.sources, m.of_source, m.start, m.service
    for n in range(len(sources)):
        is_mine, is_other, one = mine[sources[n]], other[sources[n]], of_source[n]
        for lane in range(start[one], start[one + 1]):
            service = services[lane]
            if (is_mine and my_services[service]) != (is_other and other_services[service]):
                return False
    return True
