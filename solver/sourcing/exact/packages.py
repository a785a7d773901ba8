"""The cheapest single package for every state: lane after lane, over the contents that each can carry.

The innermost functions take single arrays: handing over all of a case costs more than they do.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled
from solver.sourcing.exact.states import States


@compiled
def cheapest_packages(c: Arrays, st: States) -> tuple[Ints, Ints]:
    """For every state, the least cost of one package that holds it, and its lane (-1: none). Ties: the first lane."""
    best = np.full(len(st.grams), NEVER, np.int64)
    lane_of = np.full(len(st.grams), -1, np.int64)
    price_lanes(c, st, 0, len(c.lane_offer), offers_with_stock(c.blocks), best, lane_of)
    return best, lane_of


@compiled
def offers_with_stock(blocks: Ints) -> Flags:
    """Which offers have anything of the order."""
    has_any = np.zeros(len(blocks), np.bool_)
    for offer in range(len(blocks)):
        for d in range(blocks.shape[1]):
            if blocks[offer, d] > 0:
                has_any[offer] = True
                break
    return has_any


@compiled
def price_lanes(c: Arrays, st: States, begin: int, end: int, has_any: Flags, best: Ints, lane_of: Ints) -> None:
    """Improve `best` by packages of lanes `begin` to `end`."""
    lane_offer, lane_tariff, package_cost = c.lane_offer, c.lane_tariff, c.package_cost
    stride, blocks, carries, kind_cost, block_cost = c.stride, c.blocks, c.carries, c.kind_cost, c.block_cost
    tariff_group, tariff_column, prices, column = c.tariff_group, c.tariff_column, c.prices, st.column
    is_limited, repeats, stair_start = c.is_limited, c.repeats, c.stair_start
    contents = np.empty(len(best), np.int64)
    costs = np.empty(len(best), np.int64)
    count = 0
    for lane in range(begin, end):
        offer = lane_offer[lane]
        if not has_any[offer]:
            continue
        if not repeats[lane] or lane == begin:
            count = list_contents(stride, blocks, carries, kind_cost, block_cost, offer, lane, contents, costs)
            if stair_start[offer] < stair_start[offer + 1]:
                add_stairs(c, offer, contents, costs, count)
        if is_limited[lane]:
            _price_limited(c, st, lane, contents, costs, count, best, lane_of)
            continue
        tariff = lane_tariff[lane]
        group, lowest, opening = tariff_group[tariff], tariff_column[tariff], package_cost[lane]
        for at in range(1, count):
            state = contents[at]
            cost = opening + costs[at] + prices[tariff, max(column[group, state], lowest)]
            if cost < best[state]:
                best[state] = cost
                lane_of[state] = lane


@compiled
def list_contents(
    stride: Ints,
    blocks: Ints,
    carries: Flags,
    kind_cost: Ints,
    block_cost: Ints,
    offer: int,
    lane: int,
    contents: Ints,
    costs: Ints,
) -> int:
    """Write the states that a lane can carry, ascending, and what their kinds and units cost. Entry 0 is nothing."""
    contents[0] = 0
    costs[0] = 0
    count = 1
    for d in range(len(stride)):
        if not carries[lane, d]:
            continue
        width = count
        for several in range(1, blocks[offer, d] + 1):
            extra = kind_cost[lane] + several * block_cost[lane, d]
            step = several * stride[d]
            for at in range(width):
                contents[count] = contents[at] + step
                costs[count] = costs[at] + extra
                count += 1
    return count


@compiled
def add_stairs(c: Arrays, offer: int, contents: Ints, costs: Ints, count: int) -> None:
    """Add what the listed contents cost for being many from one offer."""
    for at in range(1, count):
        for d in range(len(c.radix)):
            blocks = contents[at] // c.stride[d] % c.radix[d]
            costs[at] += stairs(c, offer, d, blocks * c.block_units[d])


@compiled
def stairs(c: Arrays, offer: int, part: int, units: int) -> int:
    """What so many units of a part cost for being many from one offer."""
    cost = 0
    for i in range(c.stair_start[offer], c.stair_start[offer + 1]):
        if c.stair_part[i] == part and units > c.stair_after[i]:
            cost += (units - c.stair_after[i]) * c.stair_cost[i]
    return cost


@compiled
def _price_limited(
    c: Arrays, st: States, lane: int, contents: Ints, costs: Ints, count: int, best: Ints, lane_of: Ints
) -> None:
    """Improve `best` by packages of a lane whose packages are limited."""
    tariff = c.lane_tariff[lane]
    column = st.column[c.tariff_group[tariff]]
    for at in range(1, count):
        state = contents[at]
        if (
            st.units[state] <= c.most_units[lane]
            and st.grams[state] <= c.most_grams[lane]
            and st.mm3[state] <= c.most_mm3[lane]
        ):
            price = c.prices[tariff, max(column[state], c.tariff_column[tariff])]
            cost = c.package_cost[lane] + costs[at] + price
            if cost < best[state]:
                best[state] = cost
                lane_of[state] = lane
