"""Which units of each line of a snapshot's order stay unfilled."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.answers import write_unfilled
from solver.sourcing.snapshot.inner.bare import bare
from solver.sourcing.snapshot.inner.reach import Stocked
from solver.waves.laying.machine_code import compiled


@compiled
def left_of_lines(ground: g.Ground, words: Ints, left: Ints) -> Ints:
    """The lines' units that make up the units of parts that are left, most cheaply; later lines first among equals."""
    parts, none = words[g.PARTS], np.zeros(0, np.int64)
    skus = np.empty(parts, np.int64)
    for d in range(parts):
        skus[d] = words[g.HEAD + g.PART_WORDS * d]
    nowhere = np.zeros((0, parts), np.int64)
    c = bare(ground, words, Stocked(skus, none, nowhere, nowhere, none, none), np.zeros(parts, np.int64))
    unfilled = np.zeros(words[g.LINES], np.int64)
    write_unfilled(c, words, (left * c.stride).sum(), unfilled)
    return unfilled
