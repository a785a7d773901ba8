"""Plans without a proof: greedy, the optimiser's fallback, and the rules of thumb it is measured against.

All obey every rule and keep a bundle together in one package.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from solver.sourcing.case import Case, Finding, Ints, Shipment
from solver.sourcing.cost import cost_of
from solver.sourcing.heuristics.packing import Packing
from solver.sourcing.heuristics.prospects import Prospects, Rank


def greedy(case: Case) -> Finding:
    """Again and again the package that is cheapest per unit, while it is better than leaving its units unfilled."""
    return _finding(case, _take_best(case, Packing(case), _useful_lanes(case), _by_price))


def fullest(case: Case) -> Finding:
    """Again and again the package that fills most of what is left, the cheapest of several, while it is worth it.

    Greedy by price may spend the packages that are allowed on small cheap lots; this fills large orders.
    """
    return _finding(case, _take_best(case, Packing(case), _useful_lanes(case), _by_fill))


def in_order(case: Case, rank_of_lanes: Ints) -> Finding:
    """The source of the lowest rank gives all it has, by its best lane; then the next, until the order is filled.

    Ranked by distance this is nearest source first, ranked by priority the priority list of other systems.
    """
    packing = Packing(case)
    lanes = _useful_lanes(case)
    source = case.offer_source[case.lane_offer]
    best_rank = {int(s): int(rank_of_lanes[source == s].min()) for s in np.unique(source[lanes])}
    for one in sorted(best_rank, key=lambda s: (best_rank[s], s)):
        _take_best(case, packing, [lane for lane in lanes if source[lane] == one], _by_price)
    return _finding(case, packing)


def nothing(case: Case) -> Finding:
    """Leave everything unfilled; always allowed."""
    return _finding(case, Packing(case))


def _by_price(added: tuple[int, ...], units: int) -> tuple[float, ...]:
    return tuple(amount / units for amount in added)


def _by_fill(added: tuple[int, ...], units: int) -> tuple[float, ...]:
    return (-units, *added)


def _useful_lanes(case: Case) -> list[int]:
    return np.flatnonzero((case.carries & (case.stock[case.lane_offer] > 0)).any(axis=1)).tolist()


def _take_best(case: Case, packing: Packing, lanes: Sequence[int], rank: Rank) -> Packing:
    """Take the package of the lowest rank, the first lane of several, until none is worth it."""
    prospects = Prospects(case, packing, lanes)
    while (best := prospects.best(rank)) is not None:
        prospects.take(*best)
    return packing


def _cost(case: Case, shipments: Iterable[Shipment], unfilled: Ints) -> tuple[int, ...]:
    return cost_of(case, tuple(shipments), unfilled)


def _finding(case: Case, packing: Packing) -> Finding:
    packing.drop_unfinished()
    return Finding(
        shipments=tuple(packing.shipments),
        unfilled=packing.wanted,
        cost=_cost(case, packing.shipments, packing.wanted),
        bound=(0,) * case.levels,
    )
