"""Two ways to run the inner loops: compiled, or in numpy where there is no compiler. Both give the same answers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact import candidates, chunks, kernel, leaving, plain
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.candidates import Packages
from solver.sourcing.exact.jit import IS_COMPILED
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.states import States


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The inner loops that differ."""

    relax: Callable[[Arrays, bool, int], Relaxed]
    split: Callable[[Arrays, Relaxed, int, int], Ints]
    """Row r: the least cost of every state in r shares; one row for any number where the rounds are 0."""
    cheapest_chunks: Callable[[Arrays, States, int, Ints, int], tuple[Ints, Ints]]
    packages_within: Callable[[Arrays, States, Ints, int], tuple[Packages, int]]
    leaving_cost: Callable[[Arrays, int], Ints]


def _relax(c: Arrays, by_source: bool, rounds: int) -> Relaxed:  # noqa: FBT001 - as the compiled one
    st = plain.describe(c)
    if by_source:
        costs, owners = plain.cheapest_chunks(c, st, 1, np.zeros_like(st.grams), NEVER)
        best, owner = costs[0], owners[0]
    else:
        best, owner = plain.cheapest_packages(c, st)
    leave = plain.leaving_cost(c, len(c.line_state))
    leaving.bar_impossible(c, leave)
    if rounds:
        values, lasts = plain.partition_counted(c.radix, c.stride, best, rounds)
    else:
        value, last = plain.partition(c.radix, c.stride, best, np.zeros_like(best), NEVER)
        values, lasts = value[None], last[None]
    return kernel.concluded(c, st, best, owner, leave, values, lasts, by_source)


def _split(c: Arrays, relaxed: Relaxed, rounds: int, most: int) -> Ints:
    if rounds:
        return plain.partition_counted(c.radix, c.stride, relaxed.best, rounds)[0]
    return plain.partition(c.radix, c.stride, relaxed.best, np.zeros_like(relaxed.best), most)[0][None]


COMPILED = Way(
    relax=kernel.relax,
    split=kernel.split,
    cheapest_chunks=chunks.cheapest_chunks,
    packages_within=candidates.packages_within,
    leaving_cost=leaving.leaving_cost,
)
PLAIN = Way(
    relax=_relax,
    split=_split,
    cheapest_chunks=plain.cheapest_chunks,
    packages_within=plain.packages_within,
    leaving_cost=plain.leaving_cost,
)
DEFAULT = COMPILED if IS_COMPILED else PLAIN
