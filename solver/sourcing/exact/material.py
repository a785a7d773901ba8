"""What plans within a limit can be made of: chunks, sorted for the depth-first search, and bounds on the rest."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.candidates import (
    MOST_PACKAGES,
    Chunks,
    Packages,
    chunks_within,
    completion_cost,
)
from solver.sourcing.exact.chunks import split_of_source
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.ways import Way

_MOST_RANKED = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """The arguments of the search that stay the same for whatever is left, and the packages of its answer."""

    packages: Packages
    chunks: Chunks
    group: Ints
    values: Ints
    by_source: bool
    packages_of: Callable[[Ints], tuple[Ints, Ints]]

    @property
    def explored(self) -> tuple[Packages, Chunks, Ints, Ints, bool]:
        """In the order in which `explore` takes them."""
        return self.packages, self.chunks, self.group, self.values, self.by_source


def ranked_chunks(
    c: Arrays, way: Way, relaxed: Relaxed, *, by_source: bool, rounds: int, limit: int
) -> Material | None:
    """For each state, the sources that ship it most cheaply: no more of them than a plan can have sources.

    A plan with a source beyond these is no better than one with one of these that it does not use yet. Limits on
    packages and services are not looked at, a source's offers are one stock, stairs are for each package alone.
    """
    least = int(relaxed.best[1:].min())
    affordable = max(1, limit // least) if least else NEVER  # of packages that cost nothing, any number
    shares = int(min((c.radix - 1).sum(), c.most_sources, affordable))
    if shares * len(relaxed.best) > _MOST_RANKED:
        return None
    values = way.split(c, relaxed, rounds, limit)
    completion = completion_cost(c, values[-1])
    costs, sources = way.cheapest_chunks(c, relaxed.states, shares, completion, limit)
    rank, states = np.nonzero(costs != NEVER)
    nothing = np.zeros(len(rank), dtype=np.int64)
    chunks = Chunks(sources[rank, states], states, costs[rank, states], nothing, nothing + 1, nothing[:0])

    def packages_of(found: Ints) -> tuple[Ints, Ints]:
        parts = [split_of_source(c, relaxed.states, int(ordered.sources[i]), int(ordered.states[i])) for i in found]
        return np.concatenate([lanes for lanes, _ in parts]), np.concatenate([contents for _, contents in parts])

    ordered, group = _sorted(c, chunks, completion)
    none = Packages(nothing[:0], nothing[:0], nothing[:0])
    return Material(
        packages=none, chunks=ordered, group=group, values=values, by_source=by_source, packages_of=packages_of
    )


def every_chunk(c: Arrays, way: Way, relaxed: Relaxed, *, by_source: bool, rounds: int, limit: int) -> Material | None:
    """Every set of packages of each source, by every rule; None where they are too many."""
    values = way.split(c, relaxed, rounds, limit)
    completion = completion_cost(c, values[-1])
    packages, count = way.packages_within(c, relaxed.states, completion, limit)
    if count > MOST_PACKAGES:
        return None
    chunks, are_all = chunks_within(c, relaxed.states, packages, completion, limit)
    if not are_all:
        return None

    def packages_of(found: Ints) -> tuple[Ints, Ints]:
        members = np.concatenate(
            [ordered.members[ordered.first[i] : ordered.first[i] + ordered.sizes[i]] for i in found]
        )
        return packages.lanes[members], packages.states[members]

    ordered, group = _sorted(c, chunks, completion)
    return Material(
        packages=packages, chunks=ordered, group=group, values=values, by_source=by_source, packages_of=packages_of
    )


def _sorted(c: Arrays, chunks: Chunks, completion: Ints) -> tuple[Chunks, Ints]:
    """The chunks by their first part, then by what the order costs at least with them; and where each part begins."""
    digits = chunks.states[:, None] // c.stride % c.radix
    first_part = np.argmax(digits > 0, axis=1)
    order = np.lexsort((completion[len(completion) - 1 - chunks.states] + chunks.costs, first_part))
    ordered = Chunks(
        chunks.sources[order],
        chunks.states[order],
        chunks.costs[order],
        chunks.first[order],
        chunks.sizes[order],
        chunks.members,
    )
    return ordered, np.searchsorted(first_part[order], np.arange(len(c.radix) + 1))
