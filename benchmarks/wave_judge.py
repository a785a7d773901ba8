"""Counts an engine's answer to a WaveCase anew: its rules, its cost, and the bound that its prices prove.

Slow, in whole numbers, and of nothing that engines run.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR, WaveCase, WaveFinding

_FAR = 1 << 60
_MOST_AT_A_TIME = 1 << 20  # entries that are priced together


def faults(case: WaveCase, found: WaveFinding) -> list[str]:
    """What is wrong with the answer, in words; empty for a sound one."""
    wrong = list(_faults_of_orders(case, found))
    if wrong:
        return wrong
    used = used_by(case, found)
    strict = (case.over_cost >= NEVER) & (used > case.capacity)
    wrong += [f"resource {at}: {used[at]} of {case.capacity[at]}" for at in np.flatnonzero(strict).tolist()]
    total = cost_of(case, found)
    if total != found.total:
        wrong.append(f"the plans cost {total}, not {found.total}")
    bound = bound_of(case, found.prices)
    if bound < found.bound:
        wrong.append(f"the prices prove {bound} thousandths, not {found.bound}")
    return wrong


def cost_of(case: WaveCase, found: WaveFinding) -> int:
    """What the plans cost, with all that goes beyond limits and what opens."""
    shares = np.diff(found.share_start)
    total = int(case.entry_cost[found.share_entry].sum())
    total += int((case.share_cost * np.maximum(0, shares - 1)).sum())
    inside = _inside(case)
    total += int(case.leave_cost[case.leave_start[:-1] + found.left][inside].sum())
    used = used_by(case, found)
    beyond, short = np.maximum(0, used - case.capacity), np.maximum(0, case.least - used)
    total += int((np.where(beyond > 0, case.over_cost, 0) * beyond).sum()) + int((case.under_cost * short).sum())
    opened = np.unique(case.row_source[_rows_of(case, found.share_entry)])
    return total + int(case.opening_cost[opened].sum())


def used_by(case: WaveCase, found: WaveFinding) -> Ints:
    """How much of every resource the plans take, [Q]."""
    used = np.zeros(case.resources, dtype=np.int64)
    entries = found.share_entry
    rows = _rows_of(case, entries)
    orders = np.searchsorted(case.row_start, rows, side="right") - 1
    for entry, row, order in zip(entries.tolist(), rows.tolist(), orders.tolist(), strict=True):
        for resource, amount in _uses(case, order, row, entry):
            used[resource] += amount
    return used


def bound_of(case: WaveCase, prices: Ints) -> int:
    """What the prices prove of all orders together, in thousandths. Raises AssertionError where they prove nothing."""
    up, down = np.maximum(0, prices), np.maximum(0, -prices)
    assert (up <= PRICES_PER_MINOR * np.minimum(case.over_cost, _FAR // PRICES_PER_MINOR)).all()
    assert (down <= PRICES_PER_MINOR * case.under_cost).all()
    total = PRICES_PER_MINOR * int(case.order_floor.sum())
    total += sum(_least_of_orders(case, prices))
    return total + int((down * case.least).sum()) + _of_capacities(case, up)


def _of_capacities(case: WaveCase, up: Ints) -> int:
    """Less the worth of all capacities; a source that costs something to open may stay shut instead."""
    owner = np.full(case.resources, NONE, dtype=np.int64)  # the source that alone takes of the resource
    for columns in (case.source_orders, case.source_units, case.source_minutes, case.source_value):
        owner[columns[columns != NONE]] = np.flatnonzero(columns != NONE)
    of_stock = np.repeat(case.row_source, np.diff(case.stock_start))
    owner[case.row_stock[case.row_stock != NONE]] = of_stock[case.row_stock != NONE]
    worth = up * case.capacity
    is_priced = (owner != NONE) & (np.append(case.opening_cost, 0)[owner] > 0)
    shut = np.zeros(len(case.opening_cost), dtype=np.int64)
    np.add.at(shut, owner[is_priced], worth[is_priced])
    return int(np.minimum(0, case.opening_cost - shut).sum()) - int(worth[~is_priced].sum())


def _least_of_orders(case: WaveCase, prices: Ints) -> Iterator[int]:
    """The least cost of every order inside the structure at these prices, in thousandths."""
    inside = np.flatnonzero(_inside(case))
    begin = 0
    while begin < len(inside):
        first = case.entry_start[case.row_start[inside[begin]]]
        ends = case.entry_start[case.row_start[inside[begin:] + 1]]
        end = begin + max(1, int(np.searchsorted(ends, first + _MOST_AT_A_TIME)))
        priced = _priced(case, prices, int(inside[begin]), int(inside[min(end, len(inside)) - 1]) + 1)
        for order in inside[begin:end].tolist():
            entries = slice(*(case.entry_start[case.row_start[order : order + 2]] - first).tolist())
            states = case.entry_state[int(first) :][entries].astype(np.int64)
            several = (case.part_units[int(case.part_start[order]) : int(case.part_start[order + 1])] > 1).any()
            yield (_least_by_rows if several else _least)(case, order, states, priced[entries])
        begin = end


def _priced(case: WaveCase, prices: Ints, begin: int, end: int) -> Ints:
    """The cost and the prices of every entry of orders `begin` to `end`, in thousandths."""
    rows = np.arange(case.row_start[begin], case.row_start[end])
    order_of = np.repeat(np.arange(begin, end), np.diff(case.row_start[begin : end + 1]))
    first, last = int(case.entry_start[case.row_start[begin]]), int(case.entry_start[case.row_start[end]])
    row_of = np.repeat(rows, np.diff(case.entry_start[case.row_start[begin] : case.row_start[end] + 1]))
    known = np.append(prices, 0)  # where NONE, the last, is looked up
    source = case.row_source[rows]
    of_share = known[case.source_orders[source]] + known[case.source_minutes[source]] * case.row_minutes[rows]
    of_unit = known[case.source_units[source]] + known[case.source_minutes[source]] * case.row_unit_minutes[rows]
    states = case.entry_state[first:last].astype(np.int64)
    total: Ints = case.entry_cost[first:last] * PRICES_PER_MINOR + of_share[row_of - rows[0]]
    total += known[case.entry_service[first:last]]
    for at in np.flatnonzero(case.entry_lane[first:last] < 0).tolist():
        way = -1 - int(case.entry_lane[first + at])
        total[at] += known[case.way_service[int(case.way_start[way]) : int(case.way_start[way + 1])]].sum()
    parts = np.diff(case.part_start[begin : end + 1])
    for d in range(int(parts.max(initial=0))):
        has = parts[order_of - begin] > d
        part = np.where(has, case.part_start[order_of] + d, 0)
        stock = np.where(has, case.row_stock[np.where(has, case.stock_start[rows] + d, 0)], NONE)
        of_part = np.where(has, known[stock] + of_unit + known[case.source_value[source]] * case.part_value[part], 0)
        units = states // case.part_stride[part][row_of - rows[0]] % (case.part_units[part][row_of - rows[0]] + 1)
        total += np.where(has[row_of - rows[0]], units, 0) * of_part[row_of - rows[0]]
    return total


def _least(case: WaveCase, order: int, states: Ints, priced: Ints) -> int:
    """The least of shares that add up to at most the order, and of leaving the rest; a row may have several."""
    leave = case.leave_cost[int(case.leave_start[order]) : int(case.leave_start[order + 1])].tolist()
    parts = slice(int(case.part_start[order]), int(case.part_start[order + 1]))
    radix, most = (case.part_units[parts] + 1).tolist(), int(case.most_shares[order])
    best: dict[int, int] = {}
    for state, price in zip(states.tolist(), priced.tolist(), strict=True):
        best[state] = min(price, best.get(state, _FAR))
    further = PRICES_PER_MINOR * int(case.share_cost[order])
    whole, value = len(leave) - 1, {0: 0}  # by what is covered, in at most so many shares as there were rounds
    least = leave[whole] * PRICES_PER_MINOR if leave[whole] < NEVER else _FAR
    for turn in range(min(most, sum(radix) - len(radix))):
        after: dict[int, int] = {}
        for covered, cost in value.items():
            for state, price in best.items():
                if _fits(covered, state, radix):
                    both = cost + price + (further if turn else 0)
                    after[covered + state] = min(both, after.get(covered + state, _FAR))
        value = after
        for covered, cost in value.items():
            if leave[whole - covered] < NEVER:
                least = min(least, cost + leave[whole - covered] * PRICES_PER_MINOR)
    return least


def _least_by_rows(case: WaveCase, order: int, states: Ints, priced: Ints) -> int:
    """As `_least`, with one share of each row at most: row by row, by how many shares there are and what they cover."""
    leave = case.leave_cost[int(case.leave_start[order]) : int(case.leave_start[order + 1])]
    parts = slice(int(case.part_start[order]), int(case.part_start[order + 1]))
    digits = np.arange(len(leave))[:, None] // case.part_stride[parts] % (case.part_units[parts] + 1)
    open_to = {one: np.flatnonzero((digits + digits[one] <= case.part_units[parts]).all(axis=1)) for one in set(states)}
    most = min(int(case.most_shares[order]), int(case.part_units[parts].sum()))
    further = PRICES_PER_MINOR * int(case.share_cost[order])
    value = np.full((most + 1, len(leave)), _FAR)
    value[0, 0] = 0
    starts = case.entry_start[int(case.row_start[order]) : int(case.row_start[order + 1]) + 1]
    for first, last in pairwise((starts - starts[0]).tolist()):
        before = value.copy()
        for state, price in zip(states[first:last].tolist(), priced[first:last].tolist(), strict=True):
            covered = open_to[state]
            with_it = before[:-1, covered] + price
            with_it[1:] += further
            value[1:, covered + state] = np.minimum(value[1:, covered + state], with_it)
    covering, can = value.min(axis=0)[::-1], leave < NEVER
    return int((covering[can] + leave[can] * PRICES_PER_MINOR).min(initial=_FAR))


def _fits(one: int, other: int, radix: list[int]) -> bool:
    for base in radix:
        if one % base + other % base >= base:
            return False
        one, other = one // base, other // base
    return True


def _inside(case: WaveCase) -> Ints:
    inside: Ints = ~((np.diff(case.row_start) == 0) & (case.order_floor > 0))
    return inside


def _rows_of(case: WaveCase, entries: Ints) -> Ints:
    rows: Ints = np.searchsorted(case.entry_start, entries, side="right") - 1
    return rows


def _uses(case: WaveCase, order: int, row: int, entry: int) -> Iterator[tuple[int, int]]:
    """The resources that a share takes of, and how much."""
    source, state = int(case.row_source[row]), int(case.entry_state[entry])
    all_units = value = 0
    for d, part in enumerate(range(int(case.part_start[order]), int(case.part_start[order + 1]))):
        units = state // int(case.part_stride[part]) % (int(case.part_units[part]) + 1)
        all_units, value = all_units + units, value + units * int(case.part_value[part])
        if units:
            yield int(case.row_stock[int(case.stock_start[row]) + d]), units
    minutes = int(case.row_minutes[row]) + all_units * int(case.row_unit_minutes[row])
    for columns, amount in (
        (case.source_orders, 1), (case.source_units, all_units), (case.source_minutes, minutes),
        (case.source_value, value),
    ):  # fmt: skip
        if columns[source] != NONE:
            yield int(columns[source]), amount
    packages = [int(case.entry_service[entry])]
    if case.entry_lane[entry] < 0:
        way = -1 - int(case.entry_lane[entry])
        packages = case.way_service[int(case.way_start[way]) : int(case.way_start[way + 1])].tolist()
    yield from ((service, 1) for service in packages if service != NONE)


def _faults_of_orders(case: WaveCase, found: WaveFinding) -> Iterator[str]:
    rows = _rows_of(case, found.share_entry)
    for order in range(case.orders):
        shares = slice(int(found.share_start[order]), int(found.share_start[order + 1]))
        mine, states = rows[shares], case.entry_state[found.share_entry[shares]].astype(np.int64)
        if len(np.unique(mine)) < len(mine) or len(mine) > case.most_shares[order]:
            yield f"order {order}: too many shares"
        if ((mine < case.row_start[order]) | (mine >= case.row_start[order + 1])).any():
            yield f"order {order}: shares of another order"
        parts = slice(int(case.part_start[order]), int(case.part_start[order + 1]))
        stride, units = case.part_stride[parts], case.part_units[parts]
        both = np.append(states, found.left[order])[:, None] // stride % (units + 1)
        if (both.sum(axis=0) != units).any():
            yield f"order {order}: its shares and what is left are not what is asked"
        if case.leave_cost[case.leave_start[order] + found.left[order]] >= NEVER:
            yield f"order {order}: leaves what must ship"
