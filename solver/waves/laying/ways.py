"""What one offer could ship in several packages, where one package is not always as good.

Labels, each a package on top of an earlier label. The package on top always holds some of the last part of the whole,
as rests come first. A label is superfluous where another of the same state costs no more, is no more packages and takes
no more of any resource.
"""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.laying.machine_code import compiled

STATE, COST, LANE, CONTENT, BEFORE, PACKAGES, POOLS = range(
    7
)  # columns of a label; from POOLS on: packages by pool but FREE
FREE = 0  # the pool that takes of no resource
MOST_LABELS = 1 << 12


@compiled
def one_is_enough(contents: Ints, radix: Ints, stride: Ints, costs: Ints, lanes: Ints) -> bool:
    """True when for any two packages one of both contents costs no more and takes of one of their resources, or none.

    Arguments as in `labels_of`. Two by two, any number of packages is then no better than one.
    """
    least = costs[FREE, 0]  # more than any
    for pool in range(len(costs)):
        for state in contents:
            least = min(least, costs[pool, state])
    for at in range(1, len(contents)):
        whole = contents[at]
        if _most_of(costs, lanes, whole) <= 2 * least:
            continue
        for inner in range(1, at):
            content = contents[inner]
            if (
                2 * content <= whole
                and _is_within(radix, stride, content, whole)
                and _is_better_apart(costs, lanes, content, whole)
            ):
                return False
    return True


@compiled
def _is_better_apart(costs: Ints, lanes: Ints, content: int, whole: int) -> bool:
    """True when a package of this content and one of the rest may be better than one of the whole."""
    rest = whole - content
    for p in range(len(costs)):
        for q in range(len(costs)):
            if lanes[p, content] < 0 or lanes[q, rest] < 0:
                continue
            apart, is_as_good = costs[p, content] + costs[q, rest], False
            for pool in (FREE, p, q):
                is_as_good = is_as_good or (lanes[pool, whole] >= 0 and costs[pool, whole] <= apart)
            if not is_as_good:
                return True
    return False


@compiled
def labels_of(
    contents: Ints,
    radix: Ints,
    stride: Ints,
    costs: Ints,
    lanes: Ints,
    most_packages: int,
) -> tuple[int, Ints]:
    """How many labels are worth having for these contents, and the labels; -1: too many.

    `contents` ascend, the first is nothing. `costs[p, state]` is the cheapest package of the state in pool p and
    `lanes[p, state]` its lane, -1 where there is none.
    """
    labels = np.zeros((MOST_LABELS, POOLS + len(costs) - 1), np.int64)
    start = np.zeros(len(contents) + 1, np.int64)
    new = np.zeros_like(labels[0])
    count = 0
    for at in range(1, len(contents)):
        whole = contents[at]
        start[at] = count
        for inner in range(1, at + 1):
            content = contents[inner]
            if not _is_on_top(radix, stride, content, whole):
                continue
            first, last = -1, 0  # on nothing
            if content < whole:
                behind = np.searchsorted(contents, whole - content)
                first, last = start[behind], start[behind + 1]
            for pool in range(len(costs)):
                for before in range(first, last if lanes[pool, content] >= 0 else first):
                    _put(labels, before, new)
                    new[STATE], new[LANE], new[CONTENT], new[BEFORE] = whole, lanes[pool, content], content, before
                    new[COST] += costs[pool, content]
                    new[PACKAGES] += 1
                    if pool != FREE:
                        new[POOLS + pool - 1] += 1
                    if new[PACKAGES] > most_packages:
                        continue
                    count = _entered(labels, start[at], count, new)
                    if count == MOST_LABELS:
                        return -1, labels
        start[at + 1] = count
    return count, labels[:count]


@compiled
def _most_of(costs: Ints, lanes: Ints, state: int) -> int:
    """The dearest pool's package of a state; more than any where some pool has none."""
    most = costs[FREE, state] if lanes[FREE, state] >= 0 else -1
    for pool in range(FREE + 1, len(costs)):
        most = max(most, costs[pool, state])
    return costs[FREE, 0] if most < 0 else most


@compiled
def _is_within(radix: Ints, stride: Ints, content: int, whole: int) -> bool:
    for d in range(len(radix)):  # noqa: SIM110 - compiles to a plain loop
        if content // stride[d] % radix[d] > whole // stride[d] % radix[d]:
            return False
    return True


@compiled
def _is_on_top(radix: Ints, stride: Ints, content: int, whole: int) -> bool:
    """True when the content lies within the whole and holds some of its last part."""
    if not _is_within(radix, stride, content, whole):
        return False
    for d in range(len(radix) - 1, -1, -1):
        if whole // stride[d] % radix[d] > 0:
            holds: bool = content // stride[d] % radix[d] > 0
            return holds
    return False


@compiled
def _put(labels: Ints, before: int, new: Ints) -> None:
    """Begin a label on top of an earlier one, or on nothing."""
    for column in range(len(new)):
        new[column] = labels[before, column] if before >= 0 else 0


@compiled
def _entered(labels: Ints, begin: int, end: int, new: Ints) -> int:
    """The end of this state's labels after the new one is among them, unless one makes it superfluous."""
    for label in range(begin, end):
        if _covers(labels[label], new):
            return end
    kept = begin
    for label in range(begin, end):
        if not _covers(new, labels[label]):
            labels[kept] = labels[label]
            kept += 1
    labels[kept] = new
    return kept + 1


@compiled
def _covers(one: Ints, other: Ints) -> bool:
    if one[COST] > other[COST]:
        return False
    for column in range(PACKAGES, len(one)):  # noqa: SIM110 - compiles to a plain loop
        if one[column] > other[column]:
            return False
    return True
