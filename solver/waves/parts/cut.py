"""Some orders of a wave as a case of its own, and back."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.case import NONE, Numbers, WaveCase, WaveFinding


class Part(NamedTuple):
    """A part of a wave: its own case, and what the numbers in it are in the case of the whole.

    Sources have the same numbers. Resources that none of its orders can use are left out, and so are their limits.
    """

    case: WaveCase
    orders: Ints  # [o] -> O, ascending
    entries: Ints  # [e] -> E
    resources: Ints  # [q] -> Q, ascending


def cut(case: WaveCase, orders: Ints) -> Part:
    """The part of these orders, which ascend; with all of every resource, `with_limits` gives it its share."""
    parts, part_start = _of(case.part_start, orders)
    leaves, leave_start = _of(case.leave_start, orders)
    rows, row_start = _of(case.row_start, orders)
    stock, stock_start = _of(case.stock_start, rows)
    entries, entry_start = _of(case.entry_start, rows)
    lane = case.entry_lane[entries]
    ways = np.unique(-1 - lane[lane < 0].astype(np.int64))
    packages, way_start = _of(case.way_start, ways)
    lane = np.where(lane < 0, -1 - np.searchsorted(ways, np.maximum(-1 - lane, 0)), lane).astype(np.int32)
    there = np.zeros(len(case.opening_cost), dtype=np.bool_)
    there[case.row_source[rows]] = True
    limits = (case.source_orders, case.source_units, case.source_minutes, case.source_value)
    taken = (case.row_stock[stock], case.entry_service[entries], case.way_service[packages])
    resources = np.unique(np.concatenate([*taken, *(one[there] for one in limits), np.array([NONE])]))
    resources = resources[resources != NONE].astype(np.int64)
    number = np.full(case.resources + 1, NONE, dtype=np.int32)  # NONE finds the last
    number[resources] = np.arange(len(resources))
    own = case._replace(
        part_start=part_start,
        part_units=case.part_units[parts],
        part_stride=case.part_stride[parts],
        part_value=case.part_value[parts],
        leave_start=leave_start,
        leave_cost=case.leave_cost[leaves],
        most_shares=case.most_shares[orders],
        share_cost=case.share_cost[orders],
        order_floor=case.order_floor[orders],
        row_start=row_start,
        row_source=case.row_source[rows],
        row_minutes=case.row_minutes[rows],
        row_unit_minutes=case.row_unit_minutes[rows],
        stock_start=stock_start,
        row_stock=number[case.row_stock[stock]],
        entry_start=entry_start,
        entry_state=case.entry_state[entries],
        entry_cost=case.entry_cost[entries],
        entry_lane=lane,
        entry_service=number[case.entry_service[entries]],
        way_start=way_start,
        way_lane=case.way_lane[packages],
        way_state=case.way_state[packages],
        way_service=number[case.way_service[packages]],
        source_orders=_there(case.source_orders, there, number),
        source_units=_there(case.source_units, there, number),
        source_minutes=_there(case.source_minutes, there, number),
        source_value=_there(case.source_value, there, number),
        capacity=case.capacity[resources],
        least=case.least[resources],
        over_cost=case.over_cost[resources],
        under_cost=case.under_cost[resources],
    )
    return Part(own, orders, entries, resources)


def with_limits(part: Part, capacity: Ints, least: Ints) -> Part:
    """The part with this capacity and least of the wave's resources, [Q] each, in place of all that there is."""
    own = part.case._replace(capacity=capacity[part.resources], least=least[part.resources])
    return part._replace(case=own)


def joined_shares(case: WaveCase, found: Sequence[tuple[Part, WaveFinding | None]]) -> tuple[Ints, Ints, Ints]:
    """`share_start`, `share_entry` and `left` of the whole; orders of parts without an answer are left whole."""
    counts = np.zeros(case.orders, np.int64)
    left = np.diff(case.leave_start) - 1
    for part, one in found:
        if one is not None:
            counts[part.orders], left[part.orders] = np.diff(one.share_start), one.left
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    entries = np.zeros(int(start[-1]), np.int64)
    for part, one in found:
        if one is not None:
            places, _ = _of(start, part.orders)
            entries[places] = part.entries[one.share_entry]
    return start, entries, left


def _of(start: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """The places that these rows have, and where each row's begin among them."""
    width = start[rows + 1] - start[rows]
    begin = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    places = np.repeat(start[rows] - begin[:-1], width) + np.arange(int(begin[-1]))
    return places.astype(np.int64), begin


def _there(limits: Numbers, there: NDArray[np.bool_], number: Numbers) -> Numbers:
    """The resources of sources that the part can use, by its own numbers."""
    found: Numbers = np.where(there, number[limits], NONE).astype(np.int32)
    return found
