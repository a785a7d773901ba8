"""The cheapest single packages for several questions about one order at once, class after class of sources.

A question, a *row*, is what one option's lanes that arrive by some moment offer. What a class can fill is worked out
once for all rows that may take from its sources.
"""

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.states import States
from solver.sourcing.promising.inner.machine_code import inner
from solver.sourcing.snapshot.inner.cheapest import LANE_BITS, by_class, fill_by_class
from solver.sourcing.snapshot.inner.classes import Classes
from solver.sourcing.snapshot.inner.ground import FURTHER_PACKAGE, GRAMS, MM3, UNITS, VIEW, Ground
from solver.sourcing.snapshot.inner.reach import Stocked

NOT_ASKED = -1


@inner
def cheapest_of_rows(
    g: Ground,
    words: Ints,
    s: Stocked,
    m: Classes,
    st: States,
    stride: Ints,
    arrives: Ints,
    masks: Flags,
    group_of: Ints,
    services: Flags,
    by: Ints,
    best: Ints,
    owner: Ints,
) -> None:
    """Write the least cost of one package for each row and state, and whose that is, as `cheapest` does for one.

    Row r asks about option r % O. `by[r]` is NEVER where any moment will do, and NOT_ASKED where nothing is asked.
    """
    options, size = len(group_of), best.shape[1]
    least, whose, met = np.full(size, NEVER, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    start, of_class = by_class(m.of_source, len(m.start) - 1)
    members = np.empty(len(s.sources), np.int64)
    facts, further = g.source_facts[words[VIEW]], g.policy[FURTHER_PACKAGE]
    sources, blocks, unit_cost, units, base = s.sources, s.blocks, s.unit_cost, st.units, m.base
    lane_start, lane_service, lane_tariff, lane_cost = m.start, m.service, m.tariff, m.cost
    limits, groups, lowest, prices, column = g.lane_limits, g.tariff_group, g.tariff_column, g.prices, st.column
    grams, mm3 = st.grams, st.mm3
    is_asked = np.zeros(len(masks), np.bool_)
    for row in range(len(by)):
        is_asked[group_of[row % options]] |= by[row] != NOT_ASKED
    for group in np.flatnonzero(is_asked):
        for one in range(len(lane_start) - 1):
            count = 0
            for n in of_class[start[one] : start[one + 1]]:
                members[count] = n
                count += masks[group, sources[n]]
            filled = fill_by_class(
                members[:count], sources, blocks, unit_cost, stride, facts, base, units, least, whose, met
            )
            for row in range(len(by)):
                option = row % options
                if group_of[option] == group:
                    for lane in range(lane_start[one], lane_start[one + 1]):
                        service, tariff = lane_service[lane], lane_tariff[lane]
                        if services[option, service] and arrives[lane] <= by[row]:
                            send_by(
                                lane,
                                lane_cost[lane] + further,
                                prices[tariff],
                                column[groups[tariff]],
                                lowest[tariff],
                                limits[service],
                                grams,
                                mm3,
                                units,
                                met[:filled],
                                least,
                                whose,
                                best[row],
                                owner[row],
                            )
            for state in met[:filled]:
                least[state] = NEVER


@inner
def send_by(
    lane: int,
    opening: int,
    prices: Ints,
    column: Ints,
    lowest: int,
    limits: Ints,
    grams: Ints,
    mm3: Ints,
    units: Ints,
    met: Ints,
    least: Ints,
    whose: Ints,
    best: Ints,
    owner: Ints,
) -> None:
    """Improve `best` by what a class can fill, by one of its lanes; of equal sources the first, then the first lane."""
    most_grams, most_mm3, most_units = limits[GRAMS], limits[MM3], limits[UNITS]
    is_limited = grams[-1] > most_grams or mm3[-1] > most_mm3 or units[-1] > most_units
    for state in met:
        if is_limited and (units[state] > most_units or grams[state] > most_grams or mm3[state] > most_mm3):
            continue
        cost = opening + least[state] + prices[max(column[state], lowest)]
        if cost < best[state] or (cost == best[state] and whose[state] < owner[state] >> LANE_BITS):
            best[state] = cost
            owner[state] = whose[state] << LANE_BITS | lane
