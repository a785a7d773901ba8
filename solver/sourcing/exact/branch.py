"""Branch and bound, for orders where packages get in each other's way.

A plan is what is left and one chunk per source. The search asks for plans that cost at most a little more than the
bound, and a little more again where there is none: the nearer the limit, the fewer chunks can be in such a plan. It
asks first with each source's cheapest packages, which nearly always obey all rules; then with all of its packages.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.coupling import holds_together
from solver.sourcing.exact.explore import explore
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.material import Material, every_chunk, ranked_chunks
from solver.sourcing.exact.slices import FEW_NODES, next_slice
from solver.sourcing.exact.ways import Way

_FIRST_STEP_SHIFT = 7  # the first limit is a 128th above the bound
_MOST_TURNS = 24
_SPLITS_PER_NODE = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Packages and what is left, with a bound that no plan undercuts."""

    total: int
    bound: int
    left: int
    lanes: Ints
    contents: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much to search: so many nodes, and nothing large after that moment of `perf_counter`."""

    nodes: int
    until: float


def prove(
    c: Arrays, way: Way, relaxed: Relaxed, *, by_source: bool, rounds: int, effort: Effort, known: int
) -> Solution:
    """The cheapest plan that obeys every rule, if it costs less than `known`.

    Else nothing ships, and the bound is `known`; or less, where the effort does not suffice.
    """

    def ranked(limit: int) -> Material | None:
        return ranked_chunks(c, way, relaxed, by_source=by_source, rounds=rounds, limit=limit)

    def every(limit: int) -> Material | None:
        return every_chunk(c, way, relaxed, by_source=by_source, rounds=rounds, limit=limit)

    bound = int(relaxed.total)
    for material in (ranked, every):
        solution, effort = _deepen(c, relaxed, material, bound, effort, known)
        if effort.nodes >= 0 and (
            material is every or holds_together(c, relaxed.states, solution.lanes, solution.contents)
        ):
            return solution
        bound = solution.bound
    return _nothing(relaxed, bound)


def _nothing(relaxed: Relaxed, bound: int) -> Solution:
    none = np.empty(0, dtype=np.int64)
    whole = len(relaxed.leave) - 1
    return Solution(total=int(relaxed.leave[-1]), bound=bound, left=whole, lanes=none, contents=none)


def _deepen(
    c: Arrays, relaxed: Relaxed, material_of: Callable[[int], Material | None], bound: int, effort: Effort, known: int
) -> tuple[Solution, Effort]:
    """The cheapest plan of such chunks, under a rising limit; and the effort left, below 0 nodes where it gave out."""
    step = max(1, bound >> _FIRST_STEP_SHIFT)
    making = int(np.prod(c.radix * (c.radix + 1) / 2.0)) // _SPLITS_PER_NODE  # the material takes as long
    nothing = min(int(relaxed.leave[-1]), known)
    nodes, few = effort.nodes, effort.nodes - FEW_NODES
    for _ in range(_MOST_TURNS):
        most = min(nothing - 1, bound + step)
        if most < bound:
            return _nothing(relaxed, nothing), replace(effort, nodes=nodes)
        nodes -= making
        if nodes < 0 or (nodes < few and perf_counter() > effort.until):
            break
        material = material_of(most + c.spared)
        if material is None:
            step >>= 3
            if not step:
                break
            continue
        solution, nodes = _best(c, relaxed, material, most, replace(effort, nodes=nodes))
        if solution is not None and nodes >= 0:
            return solution, replace(effort, nodes=nodes)
        if nodes < 0:
            break
        bound, step = most + 1, step * 4
    return _nothing(relaxed, bound), replace(effort, nodes=-1)


def _best(c: Arrays, relaxed: Relaxed, m: Material, most: int, effort: Effort) -> tuple[Solution | None, int]:
    """The cheapest plan of at most `most`, if there is one, and the nodes left."""
    solution, nodes = None, effort.nodes
    leave, whole = relaxed.leave, len(relaxed.leave) - 1
    bounds = leave + np.minimum(m.values[-1][::-1], NEVER - 1) - c.spared
    possible = np.nonzero((leave != NEVER) & (bounds <= most))[0]
    if c.complete:
        possible = possible[possible == 0]
    for left in possible[np.argsort(bounds[possible], kind="stable")].tolist():
        if bounds[left] > most or left == whole:
            continue
        base = int(leave[left]) - c.spared
        least, found, nodes = _explored(c, m, whole - left, most - base, replace(effort, nodes=nodes))
        if least + base <= most:
            most = int(least) + base - 1
            lanes, contents = m.packages_of(found)
            solution = Solution(total=most + 1, bound=most + 1, left=left, lanes=lanes, contents=contents)
        if nodes < 0:
            break
    return solution, nodes


def _explored(c: Arrays, m: Material, shipped: int, most: int, effort: Effort) -> tuple[int, Ints, int]:
    """As `explore`, begun anew with more nodes as long as there is time for them."""
    least, found = most + 1, np.empty(0, dtype=np.int64)
    nodes, slice_ = effort.nodes, FEW_NODES
    while nodes >= 0 and slice_ > 0:
        given, begun = min(nodes, slice_), perf_counter()
        cost, chosen, left = explore(c, *m.explored, shipped, least - 1, given)
        if cost < least:
            least, found = cost, chosen
        nodes -= given - max(0, left)
        if left >= 0:
            return least, found, nodes
        slice_ = next_slice(given, begun, effort.until) if nodes > 0 else 0
    return least, found, -1
