"""An order's parts and lines as the exact engine's arrays, without sources and lanes, which classes stand for."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.snapshot.inner.filled import lines_of, parts_apart
from solver.sourcing.snapshot.inner.ground import (
    COMPLETE,
    FURTHER_PACKAGE,
    FURTHER_SOURCE,
    HEAD,
    MOST_PACKAGES,
    MOST_SOURCES,
    PART_WORDS,
    SKU_GRAMS,
    SKU_MM3,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Stocked


@inner
def bare(g: Ground, words: Ints, s: Stocked, supply: Ints) -> Arrays:
    """The order without lanes; `supply` as in Arrays; quantities in units."""
    parts = len(s.skus)
    radix, stride, ones = np.empty(parts, np.int64), np.empty(parts, np.int64), np.empty(parts, np.int64)
    grams, mm3 = np.empty(parts, np.int64), np.empty(parts, np.int64)
    size = 1
    for d in range(parts):
        radix[d], stride[d], ones[d] = words[HEAD + PART_WORDS * d + 1] + 1, size, 1
        size *= radix[d]
        grams[d], mm3[d] = g.sku_facts[s.skus[d], SKU_GRAMS], g.sku_facts[s.skus[d], SKU_MM3]
    line_state, line_times, line_cost, together = lines_of(words, stride)
    none, no_flags = np.empty(0, np.int64), np.empty(0, np.bool_)
    return Arrays(
        radix,
        stride,
        ones,
        grams,
        mm3,
        parts_apart(g, s.skus),
        line_state,
        line_times,
        line_cost,
        together,
        words[COMPLETE] > 0,
        s.blocks,
        supply,
        none,
        none,
        none,
        none,
        none,
        none,
        none,
        none,
        none,
        none,
        together[:0],
        none,
        none,
        none,
        no_flags,
        no_flags,
        none,
        none,
        s.blocks[:0],
        g.tariff_group,
        g.tariff_column,
        g.group_volumetric,
        g.group_cuts,
        g.cuts,
        g.prices,
        none,
        none,
        none,
        none,
        none,
        none,
        words[MOST_PACKAGES],
        words[MOST_SOURCES],
        g.policy[FURTHER_PACKAGE] + g.policy[FURTHER_SOURCE],
    )
