"""The packages, and what one source may ship in them, that a plan of at most a given cost can contain."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.chunks import list_within
from solver.sourcing.exact.jit import compiled, inner
from solver.sourcing.exact.packages import new_ranking, offers_with_stock, price_lanes, stairs
from solver.sourcing.exact.states import States

MOST_PACKAGES = 1 << 14
MOST_CHUNKS = 1 << 14
_MOST_TRIED = 1 << 19  # packages added up


class Packages(NamedTuple):
    """Single packages, source by source; then by lane and state."""

    lanes: Ints
    states: Ints
    costs: Ints


class Chunks(NamedTuple):
    """What one source ships: chunk i in packages members[first[i] : first[i] + sizes[i]]."""

    sources: Ints
    states: Ints
    costs: Ints
    first: Ints
    sizes: Ints
    members: Ints


@compiled
def completion_cost(c: Arrays, value: Ints) -> Ints:
    """For every state, no less than which it is shipped or left. `value` bounds shipping it."""
    least = value.copy()
    for state in range(1, len(least)):
        for k in range(len(c.line_state)):
            step = c.line_state[k]
            if 0 < step <= state and least[state - step] != NEVER and c.line_times[k] > 0:
                least[state] = min(least[state], least[state - step] + c.line_cost[k])
    return least


@compiled
def packages_within(c: Arrays, st: States, completion: Ints, most: int) -> tuple[Packages, int]:
    """The packages that cost, with the completion of the order, at most `most`; and how many there are.

    More than MOST_PACKAGES are counted, not kept.
    """
    size = len(completion)
    lanes = np.empty(MOST_PACKAGES, np.int64)
    states = np.empty(MOST_PACKAGES, np.int64)
    costs = np.empty(MOST_PACKAGES, np.int64)
    count = 0
    contents = np.empty(size, np.int64)
    has_any = offers_with_stock(c.blocks)
    owners = np.arange(len(c.lane_offer))
    least = np.full(len(owners), NEVER, np.int64)
    ranking = new_ranking(1, completion[::-1].copy(), most)
    for lane in range(len(owners)):
        if not has_any[c.lane_offer[lane]]:
            continue
        price_lanes(c, st, lane, lane + 1, owners, c.package_cost, has_any, ranking, least)
        price = ranking.costs[0]
        for at in range(1, list_within(c.blocks[c.lane_offer[lane]], c.stride, contents)):
            state = contents[at]
            if price[state] != NEVER:
                if count < MOST_PACKAGES:
                    lanes[count], states[count], costs[count] = lane, state, price[state]
                count += 1
            price[state] = NEVER
    kept = min(count, MOST_PACKAGES)
    return Packages(lanes[:kept].copy(), states[:kept].copy(), costs[:kept].copy()), count


@compiled
def chunks_within(c: Arrays, st: States, p: Packages, completion: Ints, most: int) -> tuple[Chunks, bool]:
    """Every way in which a single source may ship some of the packages; and whether there was room for all.

    A chunk is kept when it obeys the source's stock and limits and may be part of a plan that costs at most `most`.
    """
    sources = np.empty(MOST_CHUNKS, np.int64)
    states = np.empty(MOST_CHUNKS, np.int64)
    costs = np.empty(MOST_CHUNKS, np.int64)
    first = np.empty(MOST_CHUNKS, np.int64)
    count = np.empty(MOST_CHUNKS, np.int64)
    members = np.empty(4 * MOST_CHUNKS, np.int64)
    deepest = st.units[-1] + 1
    chosen = np.zeros(deepest + 1, np.int64)
    chunks, used, tried = 0, 0, 0
    begin = 0
    while begin < len(p.lanes):
        source = c.offer_source[c.lane_offer[p.lanes[begin]]]
        end = begin
        while end < len(p.lanes) and c.offer_source[c.lane_offer[p.lanes[end]]] == source:
            end += 1
        depth = 0
        chosen[0] = begin
        while depth >= 0:
            if chosen[depth] == end:
                depth -= 1
                if depth >= 0:
                    chosen[depth] += 1
                continue
            tried += depth + 1
            if tried > _MOST_TRIED:
                return Chunks(sources, states, costs, first, count, members), False
            state, cost = _added_up(c, st, p, chosen, depth + 1, source)
            if state < 0 or cost + completion[len(completion) - 1 - state] > most:
                chosen[depth] += 1
                continue
            whole = cost + c.source_cost[source]
            if whole + completion[len(completion) - 1 - state] <= most:
                if chunks == MOST_CHUNKS or used + depth + 1 > len(members):
                    return Chunks(sources, states, costs, first, count, members), False
                sources[chunks], states[chunks], costs[chunks] = source, state, whole
                first[chunks], count[chunks] = used, depth + 1
                members[used : used + depth + 1] = chosen[: depth + 1]
                used += depth + 1
                chunks += 1
            chosen[depth + 1] = chosen[depth]
            depth += 1
        begin = end
    n = chunks
    return Chunks(sources[:n], states[:n], costs[:n], first[:n], count[:n], members[:used]), True


@inner
def _added_up(c: Arrays, st: States, p: Packages, chosen: Ints, count: int, source: int) -> tuple[int, int]:
    """The contents and the cost of packages of one source, without the source's own; state -1 where not allowed."""
    state, cost, units = 0, 0, 0
    for i in range(count):
        state += p.states[chosen[i]]
        cost += p.costs[chosen[i]]
        units += st.units[p.states[chosen[i]]]
    minutes = count * c.source_package_minutes[source] + units * c.source_unit_minutes[source]
    if count > c.most_packages or units > c.source_most_units[source] or minutes > c.source_most_minutes[source]:
        return -1, 0
    last = p.lanes[chosen[count - 1]]
    if not _service_is_able(c, p, chosen, count, c.lane_service[last]):
        return -1, 0
    offer = c.lane_offer[last]
    for d in range(len(c.radix)):
        asked, given = 0, 0
        for i in range(count):
            blocks = p.states[chosen[i]] // c.stride[d] % c.radix[d]
            asked += blocks
            if c.lane_offer[p.lanes[chosen[i]]] == offer:
                given += blocks
        if asked >= c.radix[d] or given > c.blocks[offer, d]:
            return -1, 0
    return state, cost + _further_stairs(c, p, chosen, count)


@inner
def _service_is_able(c: Arrays, p: Packages, chosen: Ints, count: int, service: int) -> bool:
    packages = 0
    for i in range(count):
        packages += c.lane_service[p.lanes[chosen[i]]] == service
    is_able: bool = packages <= c.service_most_packages[service]
    return is_able


@inner
def _further_stairs(c: Arrays, p: Packages, chosen: Ints, count: int) -> int:
    """What the packages' offers cost for being many together, beyond what each package pays already."""
    if len(c.stair_part) == 0 or count == 1:
        return 0
    cost = 0
    for i in range(count):
        offer = c.lane_offer[p.lanes[chosen[i]]]
        is_first = True
        for j in range(i):
            is_first = is_first and c.lane_offer[p.lanes[chosen[j]]] != offer
        for d in range(len(c.radix)):
            given = 0
            for j in range(count):
                if c.lane_offer[p.lanes[chosen[j]]] == offer:
                    given += p.states[chosen[j]] // c.stride[d] % c.radix[d] * c.block_units[d]
            if is_first:
                cost += stairs(c, offer, d, given)
            cost -= stairs(c, offer, d, p.states[chosen[i]] // c.stride[d] % c.radix[d] * c.block_units[d])
    return cost
