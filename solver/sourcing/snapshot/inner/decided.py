"""One order decided from the snapshot, or many one after the other, with the stock counted down."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.kernel import relax
from solver.sourcing.exact.leaving import leaving_cost
from solver.sourcing.snapshot.inner.cheapest import cheapest_lanes
from solver.sourcing.snapshot.inner.filled import filled
from solver.sourcing.snapshot.inner.ground import (
    BY_SOURCE,
    COUPLED,
    DEAREST,
    DONE,
    HEAD,
    LARGE_COSTS,
    LEFT_COST,
    LINE_COMPLETE,
    LINE_WORDS,
    LINES,
    MANY_STATES,
    MOST_STATES,
    PART_WORDS,
    PARTS,
    QUANTITY,
    Floats,
    Ground,
)
from solver.sourcing.snapshot.inner.machine_code import compiled
from solver.sourcing.snapshot.inner.reach import Reach, Units, reach

SERVICE_BITS = 16


class Answers(NamedTuple):
    """Where decisions are written; the packages of order i are package_start[i] to package_start[i + 1]."""

    status: Ints  # [orders]
    total: Ints  # [orders]
    bound: Ints  # [orders]
    package_start: Ints  # [orders + 1]
    package_lane: Ints  # source << SERVICE_BITS | service
    package_state: Ints  # mixed-radix code of its units
    unfilled_start: Ints  # [orders + 1]
    unfilled: Ints  # units of each line


@compiled
def states_of(words: Ints) -> float:
    """How many states the order's contents have; a float, as they may be very many."""
    states = 1.0
    for d in range(words[PARTS]):
        states *= words[HEAD + PART_WORDS * d + 1] + 1.0
    return states


@compiled
def fits_into_63_bits(g: Ground, words: Ints, r: Reach) -> bool:
    """No plan can cost as much as 2 ** 62, nor one that pays its source for every package."""
    units, left = 0.0, 0.0
    for d in range(words[PARTS]):
        units += words[HEAD + PART_WORDS * d + 1]
    at = HEAD + PART_WORDS * words[PARTS]
    for k in range(words[LINES]):
        left += float(words[at + k * LINE_WORDS + QUANTITY]) * words[at + k * LINE_WORDS + LEFT_COST]
    package = 0.0
    for cost in r.lane_cost:
        package = max(package, float(cost))
    fits: bool = units * (package + g.policy[DEAREST]) + left < 2.0**61
    return fits


@compiled
def arrays_of_order(g: Ground, stock: Units, words: Ints, xyz: Floats, meters: Ints) -> tuple[Arrays, Ints, Ints]:
    """The exact engine's arrays with every lane of the order, its SKUs and its sources."""
    r = reach(g, stock, words, xyz, meters)
    return filled(g, words, r, np.arange(len(r.lane_offer))), r.skus, r.sources


@compiled
def decide_one(g: Ground, stock: Units, words: Ints, xyz: Floats, meters: Ints, answers: Answers, i: int) -> int:
    """Decide order i and write its answer behind those before it; how it ended."""
    answers.package_start[i + 1] = answers.package_start[i]
    answers.unfilled_start[i + 1] = answers.unfilled_start[i] + words[LINES]
    answers.unfilled[answers.unfilled_start[i] : answers.unfilled_start[i + 1]] = 0
    if states_of(words) > g.policy[MOST_STATES]:
        return MANY_STATES
    r = reach(g, stock, words, xyz, meters)
    if r.status != DONE:
        return r.status
    if not fits_into_63_bits(g, words, r):
        return LARGE_COSTS
    by_source = g.policy[BY_SOURCE] > 0
    if by_source or g.lane_shut.size > 0:
        c = filled(g, words, r, np.arange(len(r.lane_offer)))
    else:
        c = filled(g, words, r, cheapest_lanes(g, words, r, filled(g, words, r, r.lane_offer[:0])))
    relaxed = relax(c, by_source, 0)
    if not relaxed.is_feasible:
        return COUPLED
    write_packages(c, words, r.sources, relaxed.lanes, relaxed.contents, relaxed.left, relaxed.total, answers, i)
    return DONE


@compiled
def write_packages(
    c: Arrays, words: Ints, sources: Ints, lanes: Ints, contents: Ints, left: int, total: int, answers: Answers, i: int
) -> None:
    """The packages by lane, then contents, and what of each line stays unfilled."""
    answers.total[i] = answers.bound[i] = total
    begin = answers.package_start[i]
    for number in range(len(lanes)):
        lane, state = lanes[number], contents[number]
        code = sources[c.lane_offer[lane]] << SERVICE_BITS | c.lane_service[lane]
        at = begin + number
        while at > begin and (
            answers.package_lane[at - 1] > code
            or (answers.package_lane[at - 1] == code and answers.package_state[at - 1] > state)
        ):
            answers.package_lane[at] = answers.package_lane[at - 1]
            answers.package_state[at] = answers.package_state[at - 1]
            at -= 1
        answers.package_lane[at], answers.package_state[at] = code, state
    answers.package_start[i + 1] = begin + len(lanes)
    if left > 0:
        write_unfilled(c, words, left, answers.unfilled[answers.unfilled_start[i] : answers.unfilled_start[i + 1]])


@compiled
def write_unfilled(c: Arrays, words: Ints, left: int, unfilled: Ints) -> None:
    """Which units of each line make up what is left, most cheaply; the later lines first where it is the same."""
    for back in range(len(unfilled)):
        k = len(unfilled) - 1 - back
        step = c.line_state[k]
        if left == 0 or step == 0:
            continue
        before = leaving_cost(c, k)
        least, chosen = NEVER, 0
        for times in range(min(c.line_times[k], left // step) + 1):
            cost = before[left - times * step]
            if cost != NEVER and cost + times * c.line_cost[k] <= least:
                least, chosen = cost + times * c.line_cost[k], times
        line = HEAD + PART_WORDS * words[PARTS] + LINE_WORDS * k
        unfilled[k] = chosen * (words[line + QUANTITY] if words[line + LINE_COMPLETE] > 0 else 1)
        left -= chosen * step


@compiled
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
