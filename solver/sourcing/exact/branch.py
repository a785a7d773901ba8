"""Branch and bound, for orders where packages get in each other's way.

A plan is what is left and one chunk per source. The search asks for plans that cost at most a little more than the
bound, and a little more again where there is none: the nearer the limit, the fewer chunks can be in such a plan. It
asks first with each source's cheapest packages, which nearly always obey all rules; then with all of its packages.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.coupling import holds_together
from solver.sourcing.exact.explore import explore
from solver.sourcing.exact.kernel import Relaxed
from solver.sourcing.exact.material import Material, every_chunk, ranked_chunks
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


def prove(c: Arrays, way: Way, relaxed: Relaxed, *, by_source: bool, rounds: int, nodes: int, known: int) -> Solution:
    """The cheapest plan that obeys every rule, if it costs less than `known`.

    Else nothing ships, and the bound is `known`; or less, where the nodes do not suffice.
    """

    def ranked(limit: int) -> Material | None:
        return ranked_chunks(c, way, relaxed, by_source=by_source, rounds=rounds, limit=limit)

    def every(limit: int) -> Material | None:
        return every_chunk(c, way, relaxed, by_source=by_source, rounds=rounds, limit=limit)

    bound = int(relaxed.total)
    for material in (ranked, every):
        solution, nodes = _deepen(c, relaxed, material, bound, nodes, known)
        if nodes >= 0 and (material is every or holds_together(c, relaxed.states, solution.lanes, solution.contents)):
            return solution
        bound = solution.bound
    return _nothing(relaxed, bound)


def _nothing(relaxed: Relaxed, bound: int) -> Solution:
    none = np.empty(0, dtype=np.int64)
    whole = len(relaxed.leave) - 1
    return Solution(total=int(relaxed.leave[-1]), bound=bound, left=whole, lanes=none, contents=none)


def _deepen(
    c: Arrays, relaxed: Relaxed, material_of: Callable[[int], Material | None], bound: int, nodes: int, known: int
) -> tuple[Solution, int]:
    """The cheapest plan of such chunks, under a rising limit; and the nodes left, below 0 where they gave out."""
    step = max(1, bound >> _FIRST_STEP_SHIFT)
    effort = int(np.prod(c.radix * (c.radix + 1) / 2.0)) // _SPLITS_PER_NODE  # making the material takes as long
    nothing = min(int(relaxed.leave[-1]), known)
    for _ in range(_MOST_TURNS):
        most = min(nothing - 1, bound + step)
        if most < bound:
            return _nothing(relaxed, nothing), nodes
        nodes -= effort
        if nodes < 0:
            break
        material = material_of(most + c.spared)
        if material is None:
            step >>= 3
            if not step:
                break
            continue
        solution, nodes = _best(c, relaxed, material, most, nodes)
        if solution is not None and nodes >= 0:
            return solution, nodes
        if nodes < 0:
            break
        bound, step = most + 1, step * 4
    return _nothing(relaxed, bound), -1


def _best(c: Arrays, relaxed: Relaxed, m: Material, most: int, nodes: int) -> tuple[Solution | None, int]:
    """The cheapest plan of at most `most`, if there is one, and the nodes left."""
    solution = None
    leave, whole = relaxed.leave, len(relaxed.leave) - 1
    bounds = leave + np.minimum(m.values[-1][::-1], NEVER - 1) - c.spared
    possible = np.nonzero((leave != NEVER) & (bounds <= most))[0]
    if c.complete:
        possible = possible[possible == 0]
    for left in possible[np.argsort(bounds[possible], kind="stable")].tolist():
        if bounds[left] > most or left == whole:
            continue
        base = int(leave[left]) - c.spared
        least, found, nodes = explore(c, *m.explored, whole - left, most - base, nodes)
        if least + base <= most:
            most = int(least) + base - 1
            lanes, contents = m.packages_of(found)
            solution = Solution(total=most + 1, bound=most + 1, left=left, lanes=lanes, contents=contents)
        if nodes < 0:
            break
    return solution, nodes
