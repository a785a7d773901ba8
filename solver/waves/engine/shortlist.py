"""Some entries of a wave's orders, each with all that it takes in one list: what the search works on.

X entries, N uses: a use is a resource and how much of it the entry takes. A source with an opening cost is one more
resource, of which each of its shares takes one.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.waves.case import NEVER, NONE, Numbers, WaveCase


class Shortlist(NamedTuple):
    """The entries of all orders in a row, and what the search needs to know of orders and resources."""

    start: Ints  # [O + 1] -> X
    number: Ints  # [X]: the entry in the wave's case
    row: Numbers  # [X]
    state: Numbers  # [X]
    cost: Ints  # [X]: minor units
    use_start: Ints  # [X + 1] -> N
    resource: Numbers  # [N]
    amount: Ints  # [N]
    part_start: Ints  # as in WaveCase, down to share_cost
    part_units: Ints
    part_stride: Ints
    leave_start: Ints
    leave_cost: Ints
    most_shares: Numbers
    share_cost: Ints
    capacity: Ints  # as in WaveCase
    least: Ints
    over_cost: Ints
    under_cost: Ints
    fixed_cost: Ints  # [Q]: of any use at all. After the wave's resources come the sources that must be opened

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return len(self.start) - 1


def shortlist(case: WaveCase, entries: Ints) -> Shortlist:
    """These entries of the wave; `entries` ascend."""
    row = (np.searchsorted(case.entry_start, entries, side="right") - 1).astype(np.int64)
    order = (np.searchsorted(case.row_start, row, side="right") - 1).astype(np.int64)
    resources, amounts = _uses(case, entries, row, order)
    opened = opened_sources(case)
    there = (resources != NONE) & (amounts != 0)
    width = there.sum(axis=1)
    return Shortlist(
        start=np.searchsorted(order, np.arange(case.orders + 1)),
        number=entries,
        row=row.astype(np.int32),
        state=case.entry_state[entries],
        cost=case.entry_cost[entries],
        use_start=np.concatenate([[0], np.cumsum(width)]).astype(np.int64),
        resource=resources[there].astype(np.int32),
        amount=amounts[there],
        part_start=case.part_start,
        part_units=case.part_units,
        part_stride=case.part_stride,
        leave_start=case.leave_start,
        leave_cost=case.leave_cost,
        most_shares=case.most_shares,
        share_cost=case.share_cost,
        capacity=_extended(case.capacity, opened, NO_LIMIT),
        least=_extended(case.least, opened, 0),
        over_cost=_extended(case.over_cost, opened, NEVER),
        under_cost=_extended(case.under_cost, opened, 0),
        fixed_cost=np.concatenate([np.zeros(case.resources, np.int64), case.opening_cost[opened]]),
    )


def _extended(values: Ints, opened: Ints, value: int) -> Ints:
    return np.concatenate([values, np.full(len(opened), value, np.int64)])


def opened_sources(case: WaveCase) -> Ints:
    """The sources that it costs something to open."""
    return np.flatnonzero(case.opening_cost > 0)


def _uses(case: WaveCase, entries: Ints, row: Ints, order: Ints) -> tuple[Ints, Ints]:
    """What every entry takes: a row of resources, NONE where there are fewer, and the amounts of them.

    A resource stands twice in a row only where packages of one share take one of it each.
    """
    state, source = case.entry_state[entries].astype(np.int64), case.row_source[row]
    columns: list[tuple[Numbers | Ints, Ints]] = []
    units, value = np.zeros(len(entries), np.int64), np.zeros(len(entries), np.int64)
    widest = int(np.diff(case.part_start).max(initial=0))
    for d in range(widest):
        has_part = case.part_start[order] + d < case.part_start[order + 1]
        part = np.where(has_part, case.part_start[order] + d, 0)
        of_part = np.where(has_part, state // case.part_stride[part] % (case.part_units[part] + 1), 0)
        at = np.where(has_part, case.stock_start[row] + d, 0)
        columns.append((np.where(of_part > 0, case.row_stock[at], NONE), of_part))
        units += of_part
        value += of_part * case.part_value[part]
    minutes = case.row_minutes[row] + case.row_unit_minutes[row] * units
    columns.append((case.source_orders[source], np.ones(len(entries), np.int64)))
    columns.append((case.source_units[source], units))
    columns.append((case.source_minutes[source], minutes))
    columns.append((case.source_value[source], value))
    columns.append((case.entry_service[entries], np.ones(len(entries), np.int64)))
    place = np.full(len(case.opening_cost), NONE, np.int64)
    place[opened_sources(case)] = case.resources + np.arange(len(opened_sources(case)))
    columns.append((place[source], np.ones(len(entries), np.int64)))
    columns.extend(_of_ways(case, case.entry_lane[entries].astype(np.int64)))
    return np.stack([one for one, _ in columns], axis=1), np.stack([one for _, one in columns], axis=1)


def _of_ways(case: WaveCase, lane: Ints) -> list[tuple[Ints, Ints]]:
    """What the packages of ways take: every resource once."""
    way = np.maximum(-1 - lane, 0)
    columns: list[tuple[Ints, Ints]] = []
    widest = int(np.diff(case.way_start)[way[lane < 0]].max(initial=0))
    for place in range(widest):
        there = (lane < 0) & (case.way_start[way] + place < case.way_start[way + 1])
        service = np.where(there, case.way_service[np.where(there, case.way_start[way] + place, 0)], NONE)
        for earlier, amounts in columns:
            again = (service == earlier) & (service != NONE)
            amounts[again] += 1
            service = np.where(again, NONE, service)
        columns.append((service, np.ones(len(lane), np.int64)))
    return columns
