"""Where decisions are written."""

from typing import NamedTuple

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.leaving import leaving_cost
from solver.sourcing.snapshot.inner.ground import HEAD, LINE_COMPLETE, LINE_WORDS, PART_WORDS, PARTS, QUANTITY
from solver.sourcing.snapshot.inner.machine_code import inner

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


@inner
def write_packages(
    c: Arrays,
    words: Ints,
    sources: Ints,
    services: Ints,
    contents: Ints,
    left: int,
    total: int,
    answers: Answers,
    i: int,
) -> None:
    """The packages by lane, then contents, and what of each line stays unfilled."""
    answers.total[i] = answers.bound[i] = total
    begin = answers.package_start[i]
    for number in range(len(contents)):
        code, state = sources[number] << SERVICE_BITS | services[number], contents[number]
        at = begin + number
        while at > begin and (
            answers.package_lane[at - 1] > code
            or (answers.package_lane[at - 1] == code and answers.package_state[at - 1] > state)
        ):
            answers.package_lane[at] = answers.package_lane[at - 1]
            answers.package_state[at] = answers.package_state[at - 1]
            at -= 1
        answers.package_lane[at], answers.package_state[at] = code, state
    answers.package_start[i + 1] = begin + len(contents)
    if left > 0:
        write_unfilled(c, words, left, answers.unfilled[answers.unfilled_start[i] : answers.unfilled_start[i + 1]])


@inner
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
