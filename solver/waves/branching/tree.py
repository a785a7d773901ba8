"""Branch and bound over which sources open and which orders they serve, for waves of few orders.

Always the branch of the lowest bound is parted, by what the passes at its prices could not agree on: first a source
that costs something to open, then whether a source serves an order. The same wave and limits give the same branches.
"""

import heapq

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.branching.node import Found, Node, node_of
from solver.waves.branching.restricted import Choice, Ground, branch_of, ground_of
from solver.waves.case import NONE, PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.engine.budget import Budget
from solver.waves.engine.crew import Crew
from solver.waves.engine.finding import finding_of

_MOST_ORDERS = 30  # of a wave that is parted
_MOST_COST = 10**11  # minor units: penalties are told from what cannot be


def branched(case: WaveCase, found: WaveFinding, branches: int, budget: Budget, crew: Crew) -> WaveFinding:
    """The finding with a bound that branches prove, where they prove more; and with better plans, if any came up."""
    proven, floors = max(found.bound, found.packed_bound), int(case.order_floor.sum())
    if case.orders > _MOST_ORDERS or not 0 <= found.total < _MOST_COST or _is_best(proven, found.total + floors):
        return found
    tree = _Tree(case, found, floors, crew)
    while tree.leaves < branches and not budget.is_over() and tree.part():
        pass
    return tree.finding(budget)


def _is_best(bound: int, total: int) -> bool:
    """True where no plan can cost less: costs are whole minor units."""
    return bound > (total - 1) * PRICES_PER_MINOR


class _Tree:
    """The leaves, the lowest bound first."""

    def __init__(self, case: WaveCase, found: WaveFinding, floors: int, crew: Crew) -> None:
        self._case, self._before, self._floors, self._crew = case, found, floors, crew
        self._ground: Ground = ground_of(case, found.total)
        self._scale = max(1, abs(found.total) * PRICES_PER_MINOR // max(1, case.orders))
        self._found = Found(case, found.total)
        self._number = 0
        self._leaves: list[tuple[int, int, Node]] = []
        self._add((), found.prices)

    @property
    def leaves(self) -> int:
        """How many branches there are."""
        return len(self._leaves)

    def part(self) -> bool:
        """Part the branch of the lowest bound in two; False where nothing is left to prove, or nothing to part by."""
        bound, _, node = self._leaves[0]
        if _is_best(bound, self._found.total + self._floors):
            return False
        choice = _choice(self._case, node)
        if choice is None:
            return False
        heapq.heappop(self._leaves)
        for is_so in (True, False):
            self._add((*node.choices, choice._replace(is_so=is_so)), node.prices)
        return True

    def finding(self, budget: Budget) -> WaveFinding:
        """What there was, with what is new."""
        before, plans, bound = self._before, self._found.plans, self._leaves[0][0]
        if plans is not None:
            fresh = finding_of(plans, self._found.total, before.bound, before.prices, before.reason)
            before = before._replace(
                share_start=fresh.share_start, share_entry=fresh.share_entry, left=fresh.left, total=fresh.total
            )
        proven = max(before.bound, before.packed_bound, bound)
        reason = "optimal" if _is_best(proven, before.total + self._floors) else budget.reason or before.reason
        if bound <= max(before.bound, before.packed_bound):
            return before._replace(reason=reason)
        branches = tuple(branch_of(node.choices, node.prices) for _, _, node in sorted(self._leaves, key=_number))
        return before._replace(branched_bound=bound, branches=branches, reason=reason)

    def _add(self, choices: tuple[Choice, ...], start: Ints) -> None:
        node = node_of(self._ground, choices, start, self._scale, self._found, self._floors, self._crew)
        self._number += 1
        heapq.heappush(self._leaves, (node.bound, self._number, node))


def _number(leaf: tuple[int, int, Node]) -> int:
    return leaf[1]


def _choice(case: WaveCase, node: Node) -> Choice | None:
    """What to part by: the source, else the order at a source, of which the passes agreed the least."""
    opens = node.serves.max(axis=0, initial=0.0)
    decided = {one[:2] for one in node.choices}
    opening = np.flatnonzero((case.opening_cost > 0) & (opens > 0)).tolist()
    sources = [one for one in opening if (NONE, one) not in decided]
    if sources:
        source = max(sources, key=lambda one: (_doubt(float(opens[one])), case.opening_cost[one], -one))
        return Choice(NONE, source, is_so=True)
    pairs = [pair for pair in map(tuple, np.argwhere(node.serves > 0).tolist()) if pair not in decided]
    if not pairs:
        return None
    order, source = max(pairs, key=lambda pair: (_doubt(float(node.serves[pair])), -pair[0], -pair[1]))
    return Choice(order, source, is_so=True)


def _doubt(part: float) -> float:
    return round(min(part, 1 - part), 6)
