"""Branch and bound, for orders where packages get in each other's way.

A plan is what is left and one chunk per source. The search asks for plans that cost at most a little more than the
bound, and a little more again where there is none: the nearer the limit, the fewer chunks can be in such a plan.
"""

from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import NO_LIMIT, Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.candidates import (
    MOST_PACKAGES,
    Chunks,
    Packages,
    chunks_within,
    completion_cost,
)
from solver.sourcing.exact.explore import explore
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.ways import Way

_FIRST_STEP_SHIFT = 7  # the first limit is a 128th above the bound
_MOST_TURNS = 24


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Packages and what is left, with a bound that no plan undercuts."""

    total: int
    bound: int
    left: int
    lanes: Ints
    contents: Ints


def prove(c: Arrays, way: Way, relaxed: Relaxed, *, by_source: bool, rounds: int, nodes: int) -> Solution:
    """The cheapest plan that obeys every rule; below its total, the bound says how far the nodes sufficed."""
    nothing = int(relaxed.leave[-1])
    bound, step = relaxed.total, max(1, relaxed.total >> _FIRST_STEP_SHIFT)
    for _ in range(_MOST_TURNS):
        most = min(nothing - 1, bound + step)
        if most < bound:
            return _nothing(relaxed, bound=nothing)
        search = _search(c, way, relaxed, by_source, rounds, most)
        if search is None:
            step >>= 3
            if not step:
                break
            continue
        solution, nodes = search.best(most, nodes)
        if nodes < 0:
            break
        if solution is not None:
            return solution
        bound, step = most + 1, step * 4
    return _nothing(relaxed, bound=bound)


def _nothing(relaxed: Relaxed, *, bound: int) -> Solution:
    none = np.empty(0, dtype=np.int64)
    whole = len(relaxed.leave) - 1
    return Solution(total=int(relaxed.leave[-1]), bound=bound, left=whole, lanes=none, contents=none)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """All that a plan within a limit can be made of."""

    arrays: Arrays
    by_source: bool
    leave: Ints
    values: Ints
    packages: Packages
    chunks: Chunks
    group: Ints

    def best(self, most: int, nodes: int) -> tuple[Solution | None, int]:
        """The cheapest plan within the limit, if there is one, and the nodes left."""
        c, solution = self.arrays, None
        bounds = self.leave + np.minimum(self.values[-1][::-1], NEVER - 1) - c.spared
        possible = np.nonzero((self.leave != NEVER) & (bounds <= most))[0]
        if c.complete:
            possible = possible[possible == 0]
        whole = len(self.leave) - 1
        for left in possible[np.argsort(bounds[possible], kind="stable")].tolist():
            base = int(self.leave[left]) - c.spared
            if bounds[left] > most or left == whole:
                continue
            least, found, nodes = explore(
                c, self.packages, self.chunks, self.group, self.values, self.by_source, whole - left, most - base, nodes
            )
            if least + base <= most:
                members = np.concatenate([self._members(chunk) for chunk in found.tolist()])
                most = least + base - 1
                solution = Solution(
                    total=most + 1,
                    bound=most + 1,
                    left=left,
                    lanes=self.packages.lanes[members],
                    contents=self.packages.states[members],
                )
            if nodes < 0:
                break
        return solution, nodes

    def _members(self, chunk: int) -> Ints:
        first = self.chunks.first[chunk]
        return self.chunks.members[first : first + self.chunks.count[chunk]]


def _search(c: Arrays, way: Way, relaxed: Relaxed, by_source: bool, rounds: int, most: int) -> _Search | None:
    """What plans of at most `most` are made of; None where that is too much."""
    limit = most + c.spared
    values = way.split(c, relaxed, rounds, limit)
    completion = completion_cost(c, values[-1])
    packages, count = way.packages_within(c, relaxed.states, completion, limit)
    if count > MOST_PACKAGES:
        return None
    chunks, are_all = chunks_within(c, relaxed.states, packages, completion, limit)
    if not are_all:
        return None
    first_part = _first_parts(c, chunks.states)
    order = np.lexsort((completion[len(completion) - 1 - chunks.states] + chunks.costs, first_part))
    if not _counts_packages(c):
        order = order[_cheapest_of_each(chunks, order)]
    chunks = Chunks(*(column[order] for column in chunks[:5]), chunks.members)
    group = np.searchsorted(first_part[order], np.arange(len(c.radix) + 1))
    return _Search(
        arrays=c, by_source=by_source, leave=relaxed.leave, values=values, packages=packages, chunks=chunks, group=group
    )


def _first_parts(c: Arrays, states: Ints) -> Ints:
    digits = states[:, None] // c.stride % c.radix
    return np.argmax(digits > 0, axis=1)


def _counts_packages(c: Arrays) -> bool:
    """True when it matters in how many packages, or by which service, a source ships."""
    units = int(((c.radix - 1) * c.block_units).sum())
    return c.most_packages < units or bool((c.service_most_packages < NO_LIMIT).any())


def _cheapest_of_each(chunks: Chunks, order: Ints) -> Flags:
    """Which chunks, taken in this order, are the cheapest of their source and state."""
    ranked = np.lexsort((np.arange(len(order)), chunks.costs[order], chunks.states[order], chunks.sources[order]))
    sources, states = chunks.sources[order][ranked], chunks.states[order][ranked]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (np.diff(sources) != 0) | (np.diff(states) != 0)
    kept = np.zeros(len(order), dtype=bool)
    kept[ranked[is_new]] = True
    return kept
