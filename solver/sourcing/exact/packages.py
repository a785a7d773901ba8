"""The cheapest single package for every state: lane after lane, over the contents that each can carry."""

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled
from solver.sourcing.exact.states import States


@compiled
def cheapest_packages(c: Arrays, st: States) -> tuple[Ints, Ints]:
    """For every state, the least cost of one package that holds it, and its lane (-1: none). Ties: the first lane."""
    size = len(st.grams)
    best = np.full(size, NEVER, np.int64)
    lane_of = np.full(size, -1, np.int64)
    contents = np.empty(size, np.int64)
    costs = np.empty(size, np.int64)
    has_any = offers_with_stock(c)
    for lane in range(len(c.lane_offer)):
        if has_any[c.lane_offer[lane]]:
            count = list_contents(c, lane, contents, costs)
            price_lane(c, st, lane, contents, costs, count, best, lane_of)
    return best, lane_of


@compiled
def offers_with_stock(c: Arrays) -> Ints:
    """1 for each offer that has anything of the order."""
    has_any = np.zeros(len(c.blocks), np.int64)
    for offer in range(len(c.blocks)):
        for d in range(len(c.radix)):
            if c.blocks[offer, d] > 0:
                has_any[offer] = 1
                break
    return has_any


@compiled
def list_contents(c: Arrays, lane: int, contents: Ints, costs: Ints) -> int:
    """Write the states that the lane can carry, ascending, and what their kinds and units cost. Entry 0 is nothing."""
    offer = c.lane_offer[lane]
    has_stairs = c.stair_start[offer] < c.stair_start[offer + 1]
    contents[0] = 0
    costs[0] = 0
    count = 1
    for d in range(len(c.radix)):
        if not c.carries[lane, d]:
            continue
        width = count
        for blocks in range(1, c.blocks[offer, d] + 1):
            extra = c.kind_cost[lane] + blocks * c.block_cost[lane, d]
            if has_stairs:
                extra += stairs(c, offer, d, blocks * c.block_units[d])
            step = blocks * c.stride[d]
            for at in range(width):
                contents[count] = contents[at] + step
                costs[count] = costs[at] + extra
                count += 1
    return count


@compiled
def stairs(c: Arrays, offer: int, part: int, units: int) -> int:
    """What so many units of a part cost for being many from one offer."""
    cost = 0
    for i in range(c.stair_start[offer], c.stair_start[offer + 1]):
        if c.stair_part[i] == part and units > c.stair_after[i]:
            cost += (units - c.stair_after[i]) * c.stair_cost[i]
    return cost


@compiled
def price_lane(
    c: Arrays, st: States, lane: int, contents: Ints, costs: Ints, count: int, best: Ints, lane_of: Ints
) -> None:
    """Improve `best` by packages of this lane with the listed contents."""
    tariff = c.lane_tariff[lane]
    prices = c.prices[tariff]
    lowest = c.tariff_column[tariff]
    column = st.column[c.tariff_group[tariff]]
    opening = c.package_cost[lane]
    is_limited = min(c.most_units[lane], c.most_grams[lane], c.most_mm3[lane]) < NO_LIMIT
    for at in range(1, count):
        state = contents[at]
        price = prices[max(column[state], lowest)]
        if price == NEVER or st.barred[state] or (is_limited and not fits(c, st, lane, state)):
            continue
        cost = opening + costs[at] + price
        if cost < best[state]:
            best[state] = cost
            lane_of[state] = lane


@compiled
def fits(c: Arrays, st: States, lane: int, state: int) -> bool:
    """True when a package of the lane may be as heavy, as large and as many."""
    return (
        st.units[state] <= c.most_units[lane]
        and st.grams[state] <= c.most_grams[lane]
        and st.mm3[state] <= c.most_mm3[lane]
    )
