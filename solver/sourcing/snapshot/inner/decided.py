"""One order decided from the snapshot, or many one after the other, with the stock counted down."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.exact.kernel import relax
from solver.sourcing.snapshot.inner.answers import SERVICE_BITS, Answers, write_packages
from solver.sourcing.snapshot.inner.filled import filled, supply_of
from solver.sourcing.snapshot.inner.ground import (
    BY_SOURCE,
    COUPLED,
    DEAREST,
    DONE,
    HEAD,
    LARGE_COSTS,
    LINES,
    MANY_STATES,
    MOST_STATES,
    NEAR_A_LIMIT,
    NONE,
    PART_WORDS,
    PARTS,
    Floats,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled, inner
from solver.sourcing.snapshot.inner.quick import decide_quickly
from solver.sourcing.snapshot.inner.reach import Stocked, Units, every_lane, stocked


@inner
def states_of(words: Ints) -> float:
    """How many states the order's contents have; a float, as they may be very many."""
    states = 1.0
    for d in range(words[PARTS]):
        states *= words[HEAD + PART_WORDS * d + 1] + 1.0
    return states


@compiled
def arrays_of_order(g: Ground, words: Ints, s: Stocked) -> tuple[Arrays, int]:
    """The exact engine's arrays with every lane of the order, and how that ended."""
    lanes, status = every_lane(g, words, s)
    has_lane = np.zeros(len(s.sources), np.bool_)
    has_lane[lanes.offer] = True
    return filled(g, words, s, lanes, supply_of(words, s.blocks, has_lane)), status


@inner
def costs_fit(g: Ground, c: Arrays) -> bool:
    """No plan can cost as much as 2 ** 62, nor one that pays its source for every package."""
    units, left, package = 0.0, 0.0, 0.0
    for d in range(len(c.radix)):
        units += c.radix[d] - 1.0
    for k in range(len(c.line_cost)):
        left += float(c.line_cost[k]) * c.line_times[k]
    for cost in c.package_cost:
        package = max(package, float(cost))
    fit: bool = units * (package + g.policy[DEAREST]) + left < 2.0**61
    return fit


@inner
def decide_by_lanes(g: Ground, words: Ints, s: Stocked, answers: Answers, i: int) -> int:
    """Decide order i from every lane, with whatever couples its packages; how it ended."""
    c, status = arrays_of_order(g, words, s)
    if status != DONE:
        return status
    if not costs_fit(g, c):
        return LARGE_COSTS
    relaxed = relax(c, g.policy[BY_SOURCE] > 0, 0)
    if not relaxed.is_feasible:
        return COUPLED
    sources, services = s.sources[c.lane_offer[relaxed.lanes]], c.lane_service[relaxed.lanes]
    write_packages(c, words, sources, services, relaxed.contents, relaxed.left, relaxed.total, answers, i)
    return DONE


@inner
def begin_answer(words: Ints, answers: Answers, i: int) -> None:
    """Order i has no packages yet, and leaves nothing unfilled."""
    answers.package_start[i + 1] = answers.package_start[i]
    answers.unfilled_start[i + 1] = answers.unfilled_start[i] + words[LINES]
    answers.unfilled[answers.unfilled_start[i] : answers.unfilled_start[i + 1]] = 0


@compiled
def decide_one(g: Ground, stock: Units, words: Ints, xyz: Floats, meters: Ints, answers: Answers, i: int) -> int:
    """Decide order i and write its answer behind those before it; how it ended."""
    begin_answer(words, answers, i)
    if states_of(words) > g.policy[MOST_STATES]:
        return MANY_STATES
    s = stocked(g, stock, words, xyz, meters)
    if not is_sure(s):
        return NEAR_A_LIMIT
    status = COUPLED
    if g.policy[BY_SOURCE] == 0 and g.lane_shut.size == 0:
        status = decide_quickly(g, words, s, answers, i)
    return decide_by_lanes(g, words, s, answers, i) if status == COUPLED else status


@inner
def is_sure(s: Stocked) -> bool:
    """Whether the class of every source's distance is known."""
    for far in s.far:  # noqa: SIM110 - compiles to a plain loop
        if far == NONE:
            return False
    return True


@inner
def count_down(g: Ground, stock: Units, words: Ints, answers: Answers, i: int) -> None:
    """Take off the stock what order i's packages hold."""
    for package in range(answers.package_start[i], answers.package_start[i + 1]):
        source = answers.package_lane[package] >> SERVICE_BITS
        rest = answers.package_state[package]
        for d in range(words[PARTS]):
            sku, radix = words[HEAD + PART_WORDS * d], words[HEAD + PART_WORDS * d + 1] + 1
            units = rest % radix
            rest //= radix
            if units > 0:
                begin = g.stock_start[sku]
                at = begin + np.searchsorted(g.stock_source[begin : g.stock_start[sku + 1]], source)
                stock[at] -= units


@compiled
def decide_from(
    g: Ground,
    stock: Units,
    words: Ints,
    word_start: Ints,
    xyz: Floats,
    meters: Ints,
    answers: Answers,
    first: int,
    counts_down: bool,  # noqa: FBT001 - numba has no keyword-only arguments
) -> int:
    """Decide order after order from `first` on; the first that ended otherwise than DONE, or how many there are."""
    for i in range(first, len(xyz)):
        of_order = words[word_start[i] : word_start[i + 1]]
        answers.status[i] = decide_one(g, stock, of_order, xyz[i], meters, answers, i)
        if answers.status[i] != DONE:
            return i
        if counts_down:
            count_down(g, stock, of_order, answers, i)
    return len(xyz)
