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
    facts = g.source_facts[words[VIEW]]
    for group in range(len(masks)):
        for one in range(len(m.start) - 1):
            count = 0
            for n in of_class[start[one] : start[one + 1]]:
                members[count] = n
                count += masks[group, s.sources[n]]
            filled = fill_by_class(
                members[:count], s.sources, s.blocks, s.unit_cost, stride, facts, m.base, st.units, least, whose, met
            )
            for row in range(len(by)):
                option = row % options
                if group_of[option] == group:
                    for lane in range(m.start[one], m.start[one + 1]):
                        if services[option, m.service[lane]] and arrives[lane] <= by[row]:
                            send_by(g, m, st, lane, met[:filled], least, whose, best[row], owner[row])
            for state in met[:filled]:
                least[state] = NEVER


@inner
def send_by(
    g: Ground, m: Classes, st: States, lane: int, met: Ints, least: Ints, whose: Ints, best: Ints, owner: Ints
) -> None:
    """Improve `best` by what a class can fill, by one of its lanes; of equal sources the first, then the first lane."""
    tariff, opening = m.tariff[lane], m.cost[lane] + g.policy[FURTHER_PACKAGE]
    column, prices, lowest = st.column[g.tariff_group[tariff]], g.prices[tariff], g.tariff_column[tariff]
    limits = g.lane_limits[m.service[lane]]
    grams, mm3, units = limits[GRAMS], limits[MM3], limits[UNITS]
    is_limited = st.grams[-1] > grams or st.mm3[-1] > mm3 or st.units[-1] > units
    for state in met:
        if is_limited and (st.units[state] > units or st.grams[state] > grams or st.mm3[state] > mm3):
            continue
        cost = opening + least[state] + prices[max(column[state], lowest)]
        if cost < best[state] or (cost == best[state] and whose[state] < owner[state] >> LANE_BITS):
            best[state] = cost
            owner[state] = whose[state] << LANE_BITS | lane
