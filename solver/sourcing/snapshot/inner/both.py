"""An order's best plan and the best without its main source, from one look at its stock."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.states import States, describe
from solver.sourcing.snapshot.inner.answers import SERVICE_BITS, Answers
from solver.sourcing.snapshot.inner.bare import bare
from solver.sourcing.snapshot.inner.cheapest import LANE_BITS, Cheapest
from solver.sourcing.snapshot.inner.decided import begin_answer, is_sure, states_of
from solver.sourcing.snapshot.inner.filled import supply_of
from solver.sourcing.snapshot.inner.ground import (
    COUPLED,
    DONE,
    FURTHER_PACKAGE,
    MANY_STATES,
    MOST_STATES,
    NEAR_A_LIMIT,
    UNASKED,
    Floats,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled, inner
from solver.sourcing.snapshot.inner.quick import cost_bound, lanes_by_class, leaving, write_solved
from solver.sourcing.snapshot.inner.reach import Stocked, Units, stocked
from solver.sourcing.snapshot.inner.two_cheapest import MOST_COST, MOST_SOURCES, two_cheapest


@compiled
def decide_both_from(
    g: Ground,
    stock: Units,
    words: Ints,
    word_start: Ints,
    xyz: Floats,
    meters: Ints,
    answers: Answers,
    others: Answers,
) -> None:
    """Decide all orders whose packages cannot get in each other's way; and in `others` without their main source.

    The others end COUPLED, and those that cost very much too. No unit left behind may be worth anything: that is told
    from the least that any source has, which is another without the main one. UNASKED is what wants a look of its own
    without the main source.
    """
    for i in range(len(xyz)):
        of_order = words[word_start[i] : word_start[i + 1]]
        answers.status[i] = decide_both(g, stock, of_order, xyz[i], meters, answers, others, i)


@inner
def decide_both(
    g: Ground, stock: Units, words: Ints, xyz: Floats, meters: Ints, answers: Answers, others: Answers, i: int
) -> int:
    """As `decide_one`, but for orders that are COUPLED; and in `others` the same without the main source."""
    begin_answer(words, answers, i)
    begin_answer(words, others, i)
    others.status[i] = UNASKED
    if states_of(words) > g.policy[MOST_STATES]:
        return MANY_STATES
    s = stocked(g, stock, words, xyz, meters)
    return decide_both_quickly(g, words, s, answers, others, i) if is_sure(s) else NEAR_A_LIMIT


@inner
def decide_both_quickly(g: Ground, words: Ints, s: Stocked, answers: Answers, others: Answers, i: int) -> int:
    """As `decide_quickly`; and in `others` the same without the main source."""
    status, m, has_lane = lanes_by_class(g, words, s)
    if status != DONE:
        return status
    c = bare(g, words, s, supply_of(words, s.blocks, has_lane))
    if cost_bound(g, c, m) >= MOST_COST or len(s.sources) >= MOST_SOURCES:
        return COUPLED
    st = describe(c)
    found, second = two_cheapest(g, words, s, m, st, c.stride, g.policy[FURTHER_PACKAGE])
    leave = leaving(c)
    status = write_solved(words, s, m, c, st, found, leave, answers, i)
    if status != DONE or answers.package_start[i + 1] == answers.package_start[i]:
        return status
    main = int(np.searchsorted(s.sources, main_source(st, answers, i)))
    has_lane[main] = False
    supply = supply_of(words, s.blocks, has_lane)
    if (supply != c.supply).any():
        c.supply[:] = supply
        leave = leaving(c)
    others.status[i] = write_solved(words, s, m, c, st, without(found, second, main), leave, others, i)
    return status


@inner
def main_source(st: States, answers: Answers, i: int) -> int:
    """The source that ships most of order i, the first of equal ones; none ships twice."""
    most, source = 0, -1
    for package in range(answers.package_start[i], answers.package_start[i + 1]):
        units = st.units[answers.package_state[package]]
        if units > most:
            most, source = units, answers.package_lane[package] >> SERVICE_BITS
    return source


@inner
def without(found: Cheapest, second: Cheapest, main: int) -> Cheapest:
    """The cheapest packages of all sources but one."""
    best, owner = found.best.copy(), found.owner.copy()
    for state in range(len(best)):
        if best[state] != NEVER and owner[state] >> LANE_BITS == main:
            best[state], owner[state] = second.best[state], second.owner[state]
    return Cheapest(best, owner)
