"""The loops of `re_evaluation`, compiled."""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.exact.jit import compiled

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_NONE = -1


@compiled
def improve_split_orders(
    line_start: Ints,
    item: Ints,
    units: Ints,
    source: Ints,
    may_ship: Flags,
    free: Ints,
    moved: Flags,
    most: int,
    order_of: Ints,
    by_item: Ints,
    item_start: Ints,
    counts: Ints,
    price: int,
) -> int:
    """One round over the split orders, at most `price` newly moved orders a shipment; returns the shipments saved."""
    saved, moves = 0, moved.sum()
    sources = free.shape[0]
    for order in range(line_start.size - 1):
        first, last = line_start[order], line_start[order + 1]
        ships = (counts[order] > 0).sum()
        if ships < 2:
            continue
        room = np.full((sources, last - first), _NONE, np.int64)  # the line that makes room; its own: none need
        for at in range(last - first):
            _look_for_room(order, first + at, at, item, units, source, may_ship, free, order_of, by_item, item_start,
                           counts, room)  # fmt: skip
        chosen, fewest, cost = _cheapest_cover(first, order_of, moved, room, ships)
        if fewest >= ships:
            continue
        cost += 0 if moved[order] else 1
        if cost > price * (ships - fewest) or moves + cost > most:
            continue
        if not _are_distinct(first, order_of, room, chosen):
            continue
        for at in range(last - first):
            _take(order, first + at, chosen[at], room[chosen[at], at], item, units, source, free, order_of, moved,
                  counts, may_ship)  # fmt: skip
        saved += ships - (counts[order] > 0).sum()
        moved[order] = True
        moves += cost
    return saved


@compiled
def shipments_alone(line_start: Ints, item: Ints, units: Ints, may_ship: Flags, stock: Ints) -> Ints:
    """The least number of sources that have all of each order between them, [O]."""
    least = np.zeros(line_start.size - 1, np.int64)
    sources = stock.shape[0]
    for order in range(line_start.size - 1):
        first, last = line_start[order], line_start[order + 1]
        best = last - first
        for chosen in range(1, 1 << sources):
            size = 0
            for one in range(sources):
                size += chosen >> one & 1
            if size < best and _covers(chosen, order, first, last, item, units, may_ship, stock):
                best = size
        least[order] = best
    return least


@compiled
def _covers(
    chosen: int, order: int, first: int, last: int, item: Ints, units: Ints, may_ship: Flags, stock: Ints
) -> bool:
    for line in range(first, last):
        found = False
        for one in range(stock.shape[0]):
            if chosen >> one & 1 and may_ship[order, one] and stock[one, item[line]] >= units[line]:
                found = True
                break
        if not found:
            return False
    return True


@compiled
def _look_for_room(
    order: int,
    line: int,
    at: int,
    item: Ints,
    units: Ints,
    source: Ints,
    may_ship: Flags,
    free: Ints,
    order_of: Ints,
    by_item: Ints,
    item_start: Ints,
    counts: Ints,
    room: Ints,
) -> None:
    """For every source: the line itself where it is or can go, else one that makes room for it, else none."""
    what = item[line]
    missing = 0
    for one in range(free.shape[0]):
        if one == source[line] or (may_ship[order, one] and free[one, what] >= units[line]):
            room[one, at] = line
        elif may_ship[order, one]:
            missing += 1
    for position in range(item_start[what], item_start[what + 1]):
        if missing == 0:
            return
        other = by_item[position]
        there = source[other]
        if order_of[other] == order or room[there, at] != _NONE or not may_ship[order, there]:
            continue
        if free[there, what] + units[other] < units[line]:
            continue
        if _goes_to(other, source[line], units[line], item, units, source, may_ship, free, order_of, counts) != _NONE:
            room[there, at] = other
            missing -= 1


@compiled
def _goes_to(
    line: int,
    leaving: int,
    left: int,
    item: Ints,
    units: Ints,
    source: Ints,
    may_ship: Flags,
    free: Ints,
    order_of: Ints,
    counts: Ints,
) -> int:
    """Where a line could go without a shipment more, once `left` units are free at `leaving`; none: nowhere."""
    order, here = order_of[line], source[line]
    for one in range(free.shape[0]):
        if one == here or not may_ship[order, one]:
            continue
        if counts[order, one] == 0 and counts[order, here] > 1:
            continue
        there = free[one, item[line]] + (left if one == leaving else 0)
        if there >= units[line]:
            return one
    return _NONE


@compiled
def _cheapest_cover(first: int, order_of: Ints, moved: Flags, room: Ints, ships: int) -> tuple[Ints, int, int]:
    """Sources of all lines: the fewest below `ships`, then the fewest newly moved orders; with both numbers."""
    sources, lines = room.shape
    best = np.zeros(lines, np.int64)
    chosen = np.zeros(lines, np.int64)
    fewest, least = ships, np.iinfo(np.int64).max
    for opened in range(1, 1 << sources):
        size = 0
        for one in range(sources):
            size += opened >> one & 1
        if size > fewest or size >= ships:
            continue
        cost = 0
        for at in range(lines):
            dear = 2
            for one in range(sources):
                if not opened >> one & 1 or room[one, at] == _NONE:
                    continue
                needed = room[one, at] != first + at and not moved[order_of[room[one, at]]]
                if needed < dear:
                    dear, chosen[at] = int(needed), one
            cost += dear if dear < 2 else 1_000
        if cost < 1_000 and (size < fewest or cost < least):
            fewest, least = size, cost
            best[:] = chosen
    return best, fewest, least


@compiled
def _are_distinct(first: int, order_of: Ints, room: Ints, chosen: Ints) -> bool:
    """Whether the lines that make room are of different orders, so that none spoils what another was found by."""
    for at in range(chosen.size):
        one = room[chosen[at], at]
        if one == first + at:
            continue
        for other in range(at):
            two = room[chosen[other], other]
            if two != first + other and order_of[one] == order_of[two]:
                return False
    return True


@compiled
def _take(
    order: int,
    line: int,
    to: int,
    giving: int,
    item: Ints,
    units: Ints,
    source: Ints,
    free: Ints,
    order_of: Ints,
    moved: Flags,
    counts: Ints,
    may_ship: Flags,
) -> None:
    """Move the line, and the one that makes room for it."""
    if to == source[line]:
        return
    what, left = item[line], source[line]
    free[left, what] += units[line]
    counts[order, left] -= 1
    if giving != line:
        there = _goes_to(giving, left, 0, item, units, source, may_ship, free, order_of, counts)
        free[source[giving], what] += units[giving]
        counts[order_of[giving], source[giving]] -= 1
        source[giving] = there
        counts[order_of[giving], there] += 1
        free[there, what] -= units[giving]
        moved[order_of[giving]] = True
    free[to, what] -= units[line]
    counts[order, to] += 1
    source[line] = to
