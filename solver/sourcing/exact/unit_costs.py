"""What units cost in loads that are chosen, as if none of these could be full."""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.jit import inner
from solver.sourcing.exact.loads import Loads


@inner
def affordable(a: Loads, can: Flags, cost: Ints, p: int, limit: int) -> Ints:
    """How many units of each part load p may hold at most, where all units together cost no more than the limit."""
    units, least = np.zeros(len(a.demand), np.int64), np.zeros(len(a.demand), np.int64)
    for d in range(len(a.demand)):
        cheapest = NEVER
        for one in range(len(can)):
            if can[one, d]:
                cheapest = min(cheapest, cost[one, d])
        least[d] = 0 if cheapest == NEVER else cheapest
        limit -= min(limit + 1, a.demand[d] * least[d])
    for d in range(len(a.demand)):
        if can[p, d] and limit >= 0:
            more = cost[p, d] - least[d]
            units[d] = a.demand[d] if more == 0 else min(a.demand[d], limit // more)
    return units


@inner
def cheapest_first(can: Flags, cost: Ints, part: int, order: Ints) -> None:
    """Sort the loads by the cost of a unit of the part, those that cannot take it last; of equal ones the first."""
    for p in range(len(order)):
        at = p
        while at > 0 and (
            (can[p, part] and not can[order[at - 1], part])
            or (can[p, part] == can[order[at - 1], part] and cost[p, part] < cost[order[at - 1], part])
        ):
            order[at] = order[at - 1]
            at -= 1
        order[at] = p


@inner
def least_cost(a: Loads, can: Flags, cost: Ints, shares: Ints, stock: Ints, part: int, order: Ints) -> int:
    """What all units of a part cost at least, as if no load could be full; 0 where stock does not suffice."""
    need, total = a.demand[part], 0
    seen = 0
    for p in order:
        if need > 0 and can[p, part] and not seen >> shares[p] & 1:
            seen |= 1 << shares[p]
            taken = min(need, stock[shares[p], part])
            total += taken * cost[p, part]
            need -= taken
    return total
