"""Everything about the options of one order in one pass: their dates, and their cheapest and earliest deliveries.

Letters as in `snapshot.inner.ground`; further O options and G groups of sources: an option is what one group has, by
some services. Each has three rows of answers: CHEAPEST + o, BY_DATE + o and FULLEST + o, where these are counted in O.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.states import States, describe
from solver.sourcing.promising.inner.cover import are_alike, covered, soonest_of_classes, supply_of_classes
from solver.sourcing.promising.inner.dated import arrivals_of, find_leading
from solver.sourcing.promising.inner.machine_code import compiled, inner
from solver.sourcing.promising.inner.rows import NOT_ASKED, cheapest_of_rows
from solver.sourcing.snapshot.inner.answers import Answers, write_packages
from solver.sourcing.snapshot.inner.bare import bare
from solver.sourcing.snapshot.inner.cheapest import LANE_BITS, Cheapest
from solver.sourcing.snapshot.inner.classes import Classes, classes_of
from solver.sourcing.snapshot.inner.ground import (
    BEYOND_TIMETABLE,
    BY_SOURCE,
    COUPLED,
    DONE,
    HEAD,
    LINES,
    MOST_PACKAGES,
    MOST_SOURCES,
    NEAR_A_LIMIT,
    NONE,
    PART_WORDS,
    PARTS,
    Floats,
    Ground,
)
from solver.sourcing.snapshot.inner.quick import leaving, solved
from solver.sourcing.snapshot.inner.reach import Stocked, Units, stocked
from solver.sourcing.snapshot.inner.times import OUTSIDE

CHEAPEST, BY_DATE, FULLEST, ROWS = range(4)
_MOST_CELLS = 1 << 22  # rows times states


class Told(NamedTuple):
    """Moments are microseconds since 1970, NEVER where there is none."""

    status: int
    kinds: Flags  # that lead to the door
    services: Flags  # that do
    like: Ints  # [O]: the first option with the same lanes
    earliest: Ints  # [O]: before it, not all that the option has of what is asked can be there
    missing: Ints  # [O]: the units asked that it does not have
    sources: Ints  # [N], ascending
    of_source: Ints  # [N] -> M
    lane_start: Ints  # [M + 1]: the lanes of each class
    lane_service: Ints
    lane_arrives: Ints


@compiled
def tell(
    g: Ground,
    stock: Units,
    words: Ints,
    filling: Ints,
    xyz: Floats,
    meters: Ints,
    leads: Flags,
    kinds: Ints,
    masks: Flags,
    group_of: Ints,
    services: Flags,
    answers: Answers,
) -> Told:
    """Tell all of an order. `filling` are its words where unfilled units cost more than any plan.

    `leads` says which lanes the network has, [S, V], `kinds` the number of each source's kind, [S]; `masks` the sources
    of each group, [G, S], `group_of` and `services` the group, [O], and the services, [O, V], of each option. `meters`
    as in `stocked`. Rows that are not DONE want a second look.
    """
    options = len(group_of)
    by_kind, by_service = np.zeros(kinds.max() + 1, np.bool_), np.zeros(leads.shape[1], np.bool_)
    like, earliest = np.arange(options), np.full(options, NEVER, np.int64)
    missing, none = np.zeros(options, np.int64), np.zeros(0, np.int64)
    answers.status[:] = COUPLED
    s = stocked(g, stock, words, xyz, meters)
    for far in s.far:
        if far == NONE:
            return Told(NEAR_A_LIMIT, by_kind, by_service, like, earliest, missing, s.sources, none, none, none, none)
    find_leading(g, words, s, leads, kinds, by_kind, by_service)
    m = classes_of(g, words, s)
    arrives = arrivals_of(g, words, s, m) if m.status == DONE else none
    if m.status != DONE or (arrives == OUTSIDE).any():
        return Told(BEYOND_TIMETABLE, by_kind, by_service, like, earliest, missing, s.sources, none, none, none, none)
    supply = supply_of_classes(s, m, masks)
    for o in range(options):
        find_dates(words, s, m, arrives, masks, group_of, services, supply, o, like, earliest, missing)
    if g.policy[BY_SOURCE] == 0 and g.lane_shut.size == 0:
        by = rows_asked(like, earliest, missing)
        answer_rows(g, words, filling, s, m, arrives, masks, group_of, services, supply, by, answers)
    return Told(DONE, by_kind, by_service, like, earliest, missing, s.sources, m.of_source, m.start, m.service, arrives)


@inner
def find_dates(
    words: Ints,
    s: Stocked,
    m: Classes,
    arrives: Ints,
    masks: Flags,
    group_of: Ints,
    services: Flags,
    supply: Ints,
    o: int,
    like: Ints,
    earliest: Ints,
    missing: Ints,
) -> None:
    """Write option o's dates; those of the first that is like it, where there is one."""
    for other in range(o):
        if like[other] == other and are_alike(
            s, m, masks[group_of[o]], services[o], masks[group_of[other]], services[other]
        ):
            like[o], earliest[o], missing[o] = other, earliest[other], missing[other]
            return
    soonest = soonest_of_classes(m, arrives, services[o])
    for d in range(words[PARTS]):
        by, lacking = covered(soonest, supply[group_of[o], :, d], words[HEAD + PART_WORDS * d + 1])
        missing[o] += lacking
        if by != NEVER:
            earliest[o] = by if earliest[o] == NEVER else max(earliest[o], by)


@inner
def rows_asked(like: Ints, earliest: Ints, missing: Ints) -> Ints:
    """By when each row's packages arrive; rows are asked of every first option that has anything."""
    options = len(like)
    by = np.full(ROWS * options, NOT_ASKED, np.int64)
    for o in range(options):
        if like[o] == o and earliest[o] != NEVER:
            by[CHEAPEST * options + o], by[BY_DATE * options + o] = NEVER, earliest[o]
            if missing[o] > 0:
                by[FULLEST * options + o] = NEVER
    return by


@inner
def answer_rows(
    g: Ground,
    words: Ints,
    filling: Ints,
    s: Stocked,
    m: Classes,
    arrives: Ints,
    masks: Flags,
    group_of: Ints,
    services: Flags,
    supply: Ints,
    by: Ints,
    answers: Answers,
) -> None:
    """Answer the rows that are asked."""
    options = len(group_of)
    some, more = np.zeros(words[PARTS], np.int64), np.zeros(words[PARTS], np.int64)
    c, filled = bare(g, words, s, some), bare(g, filling, s, more)
    st = describe(c)
    size = len(st.units)
    if size * len(by) > _MOST_CELLS:
        return
    best, owner = np.full((len(by), size), NEVER, np.int64), np.full((len(by), size), -1, np.int64)
    cheapest_of_rows(g, words, s, m, st, c.stride, arrives, masks, group_of, services, by, best, owner)
    for row in range(len(by)):
        answers.package_start[row + 1] = answers.package_start[row]
        answers.unfilled_start[row + 1] = answers.unfilled_start[row] + words[LINES]
        if by[row] != NOT_ASKED:
            o = row % options
            asked = c if row // options == CHEAPEST else filled
            supply_of_row(m, arrives, services[o], supply[group_of[o]], by[row], words, asked.supply)
            answers.status[row] = conclude(asked, words, s, m, st, best[row], owner[row], answers, row)


@inner
def supply_of_row(
    m: Classes, arrives: Ints, services: Flags, supply: Ints, by: int, words: Ints, of_parts: Ints
) -> None:
    """Write the units of each part that classes with a lane of the row have, at most what is asked."""
    of_parts[:] = 0
    for one in range(len(m.start) - 1):
        for lane in range(m.start[one], m.start[one + 1]):
            if services[m.service[lane]] and arrives[lane] <= by:
                for d in range(len(of_parts)):
                    of_parts[d] = min(words[HEAD + PART_WORDS * d + 1], of_parts[d] + supply[one, d])
                break


@inner
def conclude(
    c: Arrays, words: Ints, s: Stocked, m: Classes, st: States, best: Ints, owner: Ints, answers: Answers, row: int
) -> int:
    """Write the row's best plan, as `decide_quickly` does; COUPLED where its packages may get in each other's way."""
    total, left, contents = solved(c, st, Cheapest(best, owner), leaving(c))
    count = len(contents)
    if count > words[MOST_PACKAGES] or count > words[MOST_SOURCES] or (count > 1 and c.together.any()):
        return COUPLED
    sources, services = np.empty(count, np.int64), np.empty(count, np.int64)
    for number in range(count):
        whose = owner[contents[number]]
        sources[number] = s.sources[whose >> LANE_BITS]
        services[number] = m.service[whose & ((1 << LANE_BITS) - 1)]
        for other in range(number):
            if sources[other] == sources[number]:
                return COUPLED
    write_packages(c, words, sources, services, contents, left, total, answers, row)
    return DONE
