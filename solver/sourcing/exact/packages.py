"""The cheapest single package for every state: lane after lane, over the contents that each can carry.

The innermost functions take single arrays: handing over all of a case costs more than they do.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.states import States


class Ranking(NamedTuple):
    """The least costs of every state, the least first, each from another owner: a lane, or a source. Ties: the first.

    Only costs enter that leave `room`, what the rest of the order costs at least, within `most`.
    """

    costs: Ints  # [width, M], NEVER where there are fewer
    owners: Ints  # [width, M], -1 where there are fewer
    room: Ints  # [M]
    most: int


@inner
def new_ranking(width: int, room: Ints, most: int) -> Ranking:
    """A ranking without costs."""
    shape = (width, len(room))
    return Ranking(np.full(shape, NEVER, np.int64), np.full(shape, -1, np.int64), room, most)


@compiled
def cheapest_packages(c: Arrays, st: States) -> tuple[Ints, Ints]:
    """For every state, the least cost of one package that holds it, and its lane (-1: none). Ties: the first lane."""
    lanes = len(c.lane_offer)
    ranking = new_ranking(1, np.zeros(len(st.grams), np.int64), NEVER)
    least = np.full(lanes, NEVER, np.int64)
    price_lanes(c, st, 0, lanes, np.arange(lanes), c.package_cost, offers_with_stock(c.blocks), ranking, least)
    return ranking.costs[0], ranking.owners[0]


@inner
def offers_with_stock(blocks: Ints) -> Flags:
    """Which offers have anything of the order."""
    has_any = np.zeros(len(blocks), np.bool_)
    for offer in range(len(blocks)):
        for d in range(blocks.shape[1]):
            if blocks[offer, d] > 0:
                has_any[offer] = True
                break
    return has_any


@inner
def price_lanes(
    c: Arrays,
    st: States,
    begin: int,
    end: int,
    owners: Ints,
    openings: Ints,
    has_any: Flags,
    ranking: Ranking,
    least: Ints,
) -> None:
    """Rank the packages of lanes `begin` to `end` by owner; `least[owner]` becomes at most its cheapest package.

    `openings` says what a package of each lane costs before there is anything in it.
    """
    lane_offer, lane_tariff, stair_start, repeats = c.lane_offer, c.lane_tariff, c.stair_start, c.repeats
    stride, blocks, carries, kind_cost, block_cost = c.stride, c.blocks, c.carries, c.kind_cost, c.block_cost
    tariff_group, tariff_column, prices, column = c.tariff_group, c.tariff_column, c.prices, st.column
    room, most, last = ranking.room, ranking.most, ranking.costs[-1]
    contents = np.empty(len(room), np.int64)
    costs = np.empty(len(room), np.int64)
    count = 0
    for lane in range(begin, end):
        offer = lane_offer[lane]
        if not has_any[offer]:
            continue
        if not repeats[lane] or lane == begin:
            count = list_contents(stride, blocks, carries, kind_cost, block_cost, offer, lane, contents, costs)
            if stair_start[offer] < stair_start[offer + 1]:
                add_stairs(c, offer, contents, costs, count)
        tariff = lane_tariff[lane]
        group, lowest, opening, owner = tariff_group[tariff], tariff_column[tariff], openings[lane], owners[lane]
        cheapest = least[owner]
        for at in range(1, count):
            state = contents[at]
            cost = opening + costs[at] + prices[tariff, max(column[group, state], lowest)]
            cheapest = min(cheapest, cost)
            if (
                cost < last[state]
                and cost + room[state] <= most
                and (not c.is_limited[lane] or fits(c, st, lane, state))
            ):
                insert(ranking.costs, ranking.owners, state, cost, owner)
        least[owner] = cheapest


@inner
def fits(c: Arrays, st: States, lane: int, state: int) -> bool:
    """True when a package of the lane may be as heavy, as large and as many."""
    is_within: bool = (
        st.units[state] <= c.most_units[lane]
        and st.grams[state] <= c.most_grams[lane]
        and st.mm3[state] <= c.most_mm3[lane]
    )
    return is_within


@inner
def insert(costs: Ints, owners: Ints, state: int, cost: int, owner: int) -> None:
    """Put a cost in its place among the least of a state, unless its owner has one there that is not dearer."""
    width = len(costs)
    at = 0
    while at < width and (costs[at, state] < cost or (costs[at, state] == cost and owners[at, state] <= owner)):
        if owners[at, state] == owner:
            return
        at += 1
    if at == width:
        return
    end = at
    while end < width - 1 and owners[end, state] != owner:
        end += 1
    for behind in range(end, at, -1):
        costs[behind, state] = costs[behind - 1, state]
        owners[behind, state] = owners[behind - 1, state]
    costs[at, state] = cost
    owners[at, state] = owner


@inner
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


@inner
def add_stairs(c: Arrays, offer: int, contents: Ints, costs: Ints, count: int) -> None:
    """Add what the listed contents cost for being many from one offer."""
    for at in range(1, count):
        for d in range(len(c.radix)):
            blocks = contents[at] // c.stride[d] % c.radix[d]
            costs[at] += stairs(c, offer, d, blocks * c.block_units[d])


@inner
def stairs(c: Arrays, offer: int, part: int, units: int) -> int:
    """What so many units of a part cost for being many from one offer."""
    cost = 0
    for i in range(c.stair_start[offer], c.stair_start[offer + 1]):
        if c.stair_part[i] == part and units > c.stair_after[i]:
            cost += (units - c.stair_after[i]) * c.stair_cost[i]
    return cost
