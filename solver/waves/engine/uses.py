"""What the entries of a wave take of its resources."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, Numbers, WaveCase
from solver.waves.engine.machine_code import compiled

_AT_ONCE = 100_000  # entries
_BESIDE_PARTS = 6  # orders, units, minutes, value of a source; a service; a source that is opened


def uses_of(case: WaveCase, entries: Ints, row: Numbers, order: Numbers, opened: Ints) -> tuple[Ints, Numbers, Ints]:
    """Where the uses of each entry begin, the resources, and how much of them.

    After the wave's resources come the sources that are `opened`. A resource stands twice in an entry only where
    packages of one share take one of it each.
    """
    place = np.full(len(case.opening_cost), NONE, np.int64)
    place[opened] = case.resources + np.arange(len(opened))
    start = np.zeros(len(entries) + 1, np.int64)
    resources, amounts = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
    for at in range(0, len(entries), _AT_ONCE):
        some = slice(at, min(at + _AT_ONCE, len(entries)))
        room = _most_uses(case, entries[some], order[some])
        resource, amount = np.empty(room, np.int32), np.empty(room, np.int64)
        counts = start[at + 1 : at + 1 + _AT_ONCE]
        used = _write_uses(case, entries[some], row[some], order[some], place, counts, resource, amount)
        resources.append(resource[:used].copy())
        amounts.append(amount[:used].copy())
    return np.cumsum(start), np.concatenate(resources), np.concatenate(amounts)


def _most_uses(case: WaveCase, entries: Ints, order: Numbers) -> int:
    ways = case.entry_lane[entries]
    ways = -1 - ways[ways < 0]
    parts = case.part_start[order + 1] - case.part_start[order]
    return int(parts.sum() + _BESIDE_PARTS * len(entries) + (case.way_start[ways + 1] - case.way_start[ways]).sum())


@compiled
def _write_uses(
    c: WaveCase, entries: Ints, row: Numbers, order: Numbers, place: Ints, counts: Ints, resource: Numbers, amount: Ints
) -> int:
    """Write the uses of all entries one after the other, and how many each has; returns how many there are."""
    n = 0
    for x in range(len(entries)):
        e, r, o, first = entries[x], row[x], order[x], n
        source, units, value = c.row_source[r], 0, 0
        for d in range(c.part_start[o + 1] - c.part_start[o]):
            at = c.part_start[o] + d
            of_part = c.entry_state[e] // c.part_stride[at] % (c.part_units[at] + 1)
            units += of_part
            value += of_part * c.part_value[at]
            n = _write(c.row_stock[c.stock_start[r] + d], of_part, n, resource, amount)
        minutes = c.row_minutes[r] + c.row_unit_minutes[r] * units
        n = _write(c.source_orders[source], 1, n, resource, amount)
        n = _write(c.source_units[source], units, n, resource, amount)
        n = _write(c.source_minutes[source], minutes, n, resource, amount)
        n = _write(c.source_value[source], value, n, resource, amount)
        n = _write(c.entry_service[e], 1, n, resource, amount)
        n = _write(place[source], 1, n, resource, amount)
        if c.entry_lane[e] < 0:
            n = _write_way(c, -1 - c.entry_lane[e], n, resource, amount)
        counts[x] = n - first
    return n


@compiled
def _write(q: int, units: int, n: int, resource: Numbers, amount: Ints) -> int:
    """Write one use if it is one; returns where the next one goes."""
    if q == NONE or units == 0:
        return n
    resource[n], amount[n] = q, units
    return n + 1


@compiled
def _write_way(c: WaveCase, way: int, n: int, resource: Numbers, amount: Ints) -> int:
    """What the packages of a way take: every resource once."""
    first = n
    for b in range(c.way_start[way], c.way_start[way + 1]):
        at = first
        while at < n and resource[at] != c.way_service[b]:
            at += 1
        if at < n:
            amount[at] += 1
        else:
            n = _write(c.way_service[b], 1, n, resource, amount)
    return n
