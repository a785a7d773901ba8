"""The cheapest single package for every contents, and the cheapest of another source, in one go.

As `cheapest` finds them, who says of which the best is without some source looks at the other.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.states import States
from solver.sourcing.snapshot.inner.cheapest import LANE_BITS, Cheapest, by_class, limited, without_dearer
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import GRAMS, KIND_COST, MM3, MOST_UNITS, UNITS, VIEW, Ground
from solver.sourcing.snapshot.inner.machine_code import inner
from solver.sourcing.snapshot.inner.reach import Stocked


@inner
def two_cheapest(
    g: Ground, words: Ints, s: Stocked, m: Classes, st: States, stride: Ints, further: int
) -> tuple[Cheapest, Cheapest]:
    """What `cheapest` finds; and for every state the least cost, and whose, of all sources but that which is first."""
    size = len(st.grams)
    is_limited = limited(g, m, st)
    kept_start, kept = without_dearer(
        m.start, m.tariff, m.cost, g.tariff_group, g.tariff_column, g.prices, st.column, is_limited
    )
    best, owner = np.full((2, size), NEVER, np.int64), np.full((2, size), -1, np.int64)
    least, whose, met = np.full((2, size), NEVER, np.int64), np.empty((2, size), np.int64), np.empty(size, np.int64)
    class_start, of_class = by_class(m.of_source, len(m.start) - 1)
    for one in range(len(m.start) - 1):
        if kept_start[one] == kept_start[one + 1]:
            continue
        count = fill_twice_by_class(
            of_class[class_start[one] : class_start[one + 1]],
            s.sources,
            s.blocks,
            s.unit_cost,
            stride,
            g.source_facts[words[VIEW]],
            m.base,
            st.units,
            least,
            whose,
            met,
        )
        send_both(
            met[:count],
            least,
            whose,
            kept[kept_start[one] : kept_start[one + 1]],
            m.service,
            m.tariff,
            m.cost,
            further,
            g.tariff_group,
            g.tariff_column,
            g.prices,
            st.column,
            is_limited,
            g.lane_limits,
            st.grams,
            st.mm3,
            st.units,
            best,
            owner,
        )
    return Cheapest(best[0], owner[0]), Cheapest(best[1], owner[1])


@inner
def fill_twice_by_class(
    numbers: Ints,
    sources: Ints,
    blocks: Ints,
    unit_costs: Ints,
    stride: Ints,
    facts: Ints,
    base: Ints,
    units: Ints,
    least: Ints,
    whose: Ints,
    met: Ints,
) -> int:
    """As `fill_by_class`; the second rows have the least cost of the sources but for the first of the cheapest."""
    count = 0
    contents, costs = np.empty(len(met), np.int64), np.empty(len(met), np.int64)
    contents[0] = 0
    for n in numbers:
        kind, most_units = facts[sources[n], KIND_COST], facts[sources[n], MOST_UNITS]
        is_able = most_units >= units[-1]
        costs[0] = base[n]
        filled = 1
        for d in range(len(stride)):
            width, unit = filled, unit_costs[n, d]
            for several in range(1, blocks[n, d] + 1):
                extra, step = kind + several * unit, several * stride[d]
                for at in range(width):
                    state, cost = contents[at] + step, costs[at] + extra
                    contents[filled], costs[filled] = state, cost
                    filled += 1
                    if cost < least[1, state] and (is_able or units[state] <= most_units):
                        if cost >= least[0, state]:
                            least[1, state], whose[1, state] = cost, n
                            continue
                        if least[0, state] == NEVER:
                            met[count] = state
                            count += 1
                        least[1, state], whose[1, state] = least[0, state], whose[0, state]
                        least[0, state], whose[0, state] = cost, n
    return count


@inner
def send_both(
    met: Ints,
    least: Ints,
    whose: Ints,
    kept: Ints,
    services: Ints,
    tariffs: Ints,
    openings: Ints,
    further: int,
    groups: Ints,
    lowest: Ints,
    prices: Ints,
    column: Ints,
    is_limited: Flags,
    limits: Ints,
    grams: Ints,
    mm3: Ints,
    units: Ints,
    best: Ints,
    owner: Ints,
) -> None:
    """As `send`; the second rows of `best` and `owner` are of all sources but the owner in the first."""
    for lane in kept:
        tariff, service, opening = tariffs[lane], services[lane], openings[lane] + further
        group, lowest_column = groups[tariff], lowest[tariff]
        for state in met:
            if is_limited[lane] and (
                units[state] > limits[service, UNITS]
                or grams[state] > limits[service, GRAMS]
                or mm3[state] > limits[service, MM3]
            ):
                continue
            by_lane = opening + prices[tariff, max(column[group, state], lowest_column)]
            for row in range(2):
                if least[row, state] == NEVER:
                    break
                cost, source = by_lane + least[row, state], whose[row, state]
                first, second = owner[0, state] >> LANE_BITS, owner[1, state] >> LANE_BITS
                if cost < best[0, state] or (cost == best[0, state] and source < first):
                    if source != first:
                        best[1, state], owner[1, state] = best[0, state], owner[0, state]
                    best[0, state], owner[0, state] = cost, source << LANE_BITS | lane
                elif source != first and (cost < best[1, state] or (cost == best[1, state] and source < second)):
                    best[1, state], owner[1, state] = cost, source << LANE_BITS | lane
    for state in met:
        least[0, state] = least[1, state] = NEVER
