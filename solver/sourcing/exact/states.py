"""Facts of every state: what contents of a package weigh, how many they are, where they fall on the rate cards."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.exact.jit import compiled, inner


class States(NamedTuple):
    """Arrays over all M states."""

    grams: Ints  # [M]
    mm3: Ints  # [M]
    units: Ints  # [M]
    kinds: Ints  # [M]: distinct parts
    column: Ints  # [G, M]: where the state lies on each group's cuts; after the last if its parts must travel apart


@compiled
def describe(c: Arrays) -> States:
    """Each state from the one with one block less of its last part."""
    size = 1
    for d in range(len(c.radix)):
        size *= c.radix[d]
    grams = np.zeros(size, np.int64)
    mm3 = np.zeros(size, np.int64)
    units = np.zeros(size, np.int64)
    kinds = np.zeros(size, np.int64)
    barred = np.zeros(size, np.bool_)
    for d in range(len(c.radix)):
        stride = c.stride[d]
        for state in range(stride, stride * c.radix[d]):
            less = state - stride
            grams[state] = grams[less] + c.grams[d]
            mm3[state] = mm3[less] + c.mm3[d]
            units[state] = units[less] + c.block_units[d]
            if less >= stride:
                kinds[state], barred[state] = kinds[less], barred[less]
            else:
                kinds[state] = kinds[less] + 1
                barred[state] = barred[less] or _meets_apart(c, less, d)
    column = np.zeros((len(c.group_volumetric), size), np.int64)
    for group in range(len(c.group_volumetric)):
        _find_columns(c, group, grams, mm3, barred, column[group])
    return States(grams, mm3, units, kinds, column)


@inner
def _meets_apart(c: Arrays, state: int, part: int) -> bool:
    for d in range(part):  # noqa: SIM110 - compiles to a plain loop
        if c.apart[d, part] and state // c.stride[d] % c.radix[d] > 0:
            return True
    return False


@inner
def _find_columns(c: Arrays, group: int, grams: Ints, mm3: Ints, barred: Flags, column: Ints) -> None:
    cuts = c.cuts[c.group_cuts[group] : c.group_cuts[group + 1]]
    rule = c.group_volumetric[group]
    per_mm3, per_grams, spare = rule[0], rule[1], rule[2]
    for state in range(len(grams)):
        billable = grams[state]
        if per_mm3 > 0:
            billable = max(billable, (mm3[state] * per_grams + spare) // per_mm3)
        column[state] = len(cuts) if barred[state] else np.searchsorted(cuts, billable)
