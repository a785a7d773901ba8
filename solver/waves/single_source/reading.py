"""A wave whose orders each ship as a whole from one source, read as an Instance; and the way back.

A wave is one where every order can only ship all that was asked in one share, or nothing, and where at most one limit
of each source can bind: its stock of something, its orders, units or minutes. A limit that all orders together cannot
reach does not count.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR, WaveCase
from solver.waves.single_source.instance import Instance, instance_of

_MOST_PLACES = 1_000_000  # orders times sources
_MOST_COST = 2**60 // PRICES_PER_MINOR


class Reading(NamedTuple):
    """The instance, and what its numbers are in the wave. Its last source stands for leaving orders unfilled."""

    instance: Instance
    order: Ints  # [O]: the wave's
    entry: Ints  # [K]: the wave's; NONE: the order is left
    resource: Ints  # [S]: of the wave's sources: the limit that can bind; NONE: there is none


class _Uses(NamedTuple):
    """So much of a resource is taken by an entry, in parallel arrays."""

    at: Ints  # the entry, by its place among those that count
    resource: Ints
    amount: Ints


def read(case: WaveCase) -> Reading | None:
    """The instance; None where the wave is not such a one."""
    if not _ships_whole_or_not(case):
        return None
    entries, rows, orders = _entries(case)
    uses = _uses(case, entries, rows, orders)
    weight = _weights(case, rows, orders, uses)
    if weight is None:
        return None
    kept, capacity, resource = weight
    source = case.row_source[rows].astype(np.int64)
    chosen = _one_for_each_source(orders, source, case.entry_cost[entries], kept)
    if chosen is None:
        return None
    entries, orders, source, kept = entries[chosen], orders[chosen], source[chosen], kept[chosen]
    return _with_leaving(case, entries, orders, source, kept, capacity, resource)


def _ships_whole_or_not(case: WaveCase) -> bool:
    states = np.diff(case.leave_start)
    inner = np.ones(len(case.leave_cost), dtype=np.bool_)
    inner[case.leave_start[:-1]] = False
    inner[case.leave_start[1:] - 1] = False
    if np.any(case.leave_cost[inner] < NEVER) or np.any((states > 2) & (case.most_shares > 1)):
        return False
    if len(case.capacity) and case.least.any():
        return False
    few = case.orders * (len(case.opening_cost) + 1) <= _MOST_PLACES
    return few and bool(np.any(states > 1))


def _entries(case: WaveCase) -> tuple[Ints, Ints, Ints]:
    """Entries that ship a whole order, with their rows and orders."""
    row = np.repeat(np.arange(len(case.row_source)), np.diff(case.entry_start))
    order = np.repeat(np.arange(case.orders), np.diff(case.row_start))[row]
    whole = np.flatnonzero(case.entry_state == np.diff(case.leave_start)[order] - 1)
    return whole.astype(np.int64), row[whole].astype(np.int64), order[whole].astype(np.int64)


def _uses(case: WaveCase, entries: Ints, rows: Ints, orders: Ints) -> _Uses:
    units = np.add.reduceat(np.append(case.part_units, 0), case.part_start[:-1])
    units[np.diff(case.part_start) == 0] = 0
    asked, source = units[orders], case.row_source[rows]
    places = np.arange(len(entries))
    minutes = case.row_minutes[rows] + case.row_unit_minutes[rows] * asked
    value = np.add.reduceat(np.append(case.part_units * case.part_value, 0), case.part_start[:-1])[orders]
    found = [
        (places, case.source_orders[source], np.ones(len(entries), dtype=np.int64)),
        (places, case.source_units[source], asked),
        (places, case.source_minutes[source], minutes),
        (places, case.source_value[source], value),
        (places, case.entry_service[entries], np.ones(len(entries), dtype=np.int64)),
    ]
    parts = np.diff(case.stock_start)[rows]
    inner = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    found.append(
        (
            np.repeat(places, parts),
            case.row_stock[np.repeat(case.stock_start[rows], parts) + inner],
            case.part_units[np.repeat(case.part_start[orders], parts) + inner],
        )
    )
    by_way = np.flatnonzero(case.entry_lane[entries] < 0)
    ways = -1 - case.entry_lane[entries[by_way]]
    packages = np.diff(case.way_start)[ways]
    inner = np.arange(int(packages.sum())) - np.repeat(np.cumsum(packages) - packages, packages)
    service = case.way_service[np.repeat(case.way_start[ways], packages) + inner]
    found.append((np.repeat(by_way, packages), service, np.ones(len(service), dtype=np.int64)))
    at, resource, amount = (np.concatenate([one[k] for one in found]).astype(np.int64) for k in range(3))
    counted = (resource != NONE) & (amount > 0)
    return _Uses(at=at[counted], resource=resource[counted], amount=amount[counted])


def _weights(case: WaveCase, rows: Ints, orders: Ints, uses: _Uses) -> tuple[Ints, Ints, Ints] | None:
    """What each entry takes of its source's one limit that can bind, and these limits; None where that is not all."""
    resources = len(case.capacity)
    most = np.zeros(resources, dtype=np.int64)
    # The most that each order takes of a resource, summed over orders.
    key = uses.resource * case.orders + orders[uses.at]
    sequence = np.lexsort((uses.amount, key))
    last = np.append(key[sequence][1:] != key[sequence][:-1], True) if len(key) else np.zeros(0, dtype=np.bool_)
    np.add.at(most, uses.resource[sequence[last]], uses.amount[sequence[last]])
    binds = most > case.capacity
    if np.any(binds & (case.over_cost < NEVER)):
        return None
    source = case.row_source[rows].astype(np.int64)
    counts = binds[uses.resource]
    at, resource, amount = uses.at[counts], uses.resource[counts], uses.amount[counts]
    pairs = np.unique(np.stack((resource, source[at])), axis=1)
    if len(np.unique(pairs[0])) < pairs.shape[1] or len(np.unique(pairs[1])) < pairs.shape[1]:
        return None
    weight = np.zeros(len(rows), dtype=np.int64)
    np.add.at(weight, at, amount)
    capacity = np.full(len(case.opening_cost), np.int64(weight.sum() + 1))
    limit = np.full(len(case.opening_cost), NONE, dtype=np.int64)
    limit[pairs[1]] = pairs[0]
    capacity[pairs[1]] = case.capacity[pairs[0]]
    return weight, capacity, limit


def _one_for_each_source(orders: Ints, source: Ints, cost: Ints, weight: Ints) -> NDArray[np.intp] | None:
    """The cheapest entry of every order and source; None where one that costs more weighs less."""
    sequence = np.lexsort((weight, cost, source, orders))
    same = (orders[sequence][1:] == orders[sequence][:-1]) & (source[sequence][1:] == source[sequence][:-1])
    if np.any(same & (weight[sequence][1:] < weight[sequence][:-1])):
        return None
    first = np.append(True, ~same) if len(sequence) else np.zeros(0, dtype=np.bool_)
    chosen: NDArray[np.intp] = sequence[first]
    return chosen


def _with_leaving(
    case: WaveCase, entries: Ints, orders: Ints, source: Ints, weight: Ints, capacity: Ints, resource: Ints
) -> Reading | None:
    last = case.leave_cost[case.leave_start[1:] - 1]
    deciding = np.flatnonzero(np.diff(case.leave_start) > 1)
    may_stay = deciding[last[deciding] < NEVER]
    cost = np.concatenate((case.entry_cost[entries], last[may_stay]))
    if len(deciding) == 0 or cost.max(initial=0) * len(deciding) > _MOST_COST:
        return None
    option_order = np.concatenate((orders, may_stay))
    sequence = np.argsort(option_order, kind="stable")
    number = np.full(case.orders, NONE, dtype=np.int64)
    number[deciding] = np.arange(len(deciding))
    renumbered = number[option_order[sequence]]
    if len(np.unique(renumbered)) < len(deciding):
        return None
    sources = len(case.opening_cost)
    instance = instance_of(
        option_order=renumbered,
        option_source=np.concatenate((source, np.full(len(may_stay), sources)))[sequence],
        option_cost=cost[sequence],
        option_weight=np.concatenate((weight, np.zeros(len(may_stay), dtype=np.int64)))[sequence],
        leave_cost=last[deciding],
        capacity=np.append(capacity, 1),
        opening_cost=np.append(case.opening_cost, 0),
    )
    entry = np.concatenate((entries, np.full(len(may_stay), NONE)))[sequence]
    return Reading(instance=instance, order=deciding.astype(np.int64), entry=entry, resource=resource)
