"""The oracle of a WaveCase: every plan of every order, put together in every way that the resources allow.

Written from the words of `WaveCase`, for cases of a few orders.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from solver.waves.case import NEVER, NONE, WaveCase, WaveFinding


@dataclass(frozen=True, kw_only=True)
class OrderPlan:
    """A way to ship one order: its entries, what it leaves, what it costs and uses."""

    entries: tuple[int, ...]
    left: int
    cost: int
    uses: Counter[int] = field(hash=False)
    sources: frozenset[int]


def plans_of(case: WaveCase, order: int) -> list[OrderPlan]:
    """Every plan of an order by itself that takes no more of a stock than there is, the cheapest first."""
    found = [
        plan
        for entries in _choices(case, order)
        if (plan := _plan(case, order, entries)) is not None and _is_there(case, plan)
    ]
    return sorted(found, key=lambda plan: plan.cost)


def best_finding(case: WaveCase) -> WaveFinding:
    """The cheapest wave, by depth-first search over the orders' plans; without a bound."""
    plans = [plans_of(case, order) for order in range(case.orders)]
    floor = [min((plan.cost for plan in several), default=0) for several in plans]
    best: list[OrderPlan] = []
    least = [NEVER]

    def search(order: int, chosen: list[OrderPlan], cost: int) -> None:
        if cost + sum(floor[order:]) >= least[0]:
            return
        if order == case.orders:
            whole = wave_cost(case, chosen)
            if whole is not None and whole < least[0]:
                least[0] = whole
                best[:] = chosen
            return
        for plan in plans[order]:
            if _fits(case, [*chosen, plan]):
                search(order + 1, [*chosen, plan], cost + plan.cost)

    search(0, [], 0)
    return finding_of(case, best, least[0])


def finding_of(case: WaveCase, plans: list[OrderPlan], total: int) -> WaveFinding:
    """Plans, one for each order, as an engine's answer that proves nothing."""
    counts = [len(plan.entries) for plan in plans]
    return WaveFinding(
        share_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        share_entry=np.array([entry for plan in plans for entry in plan.entries], dtype=np.int64),
        left=np.array([plan.left for plan in plans], dtype=np.int64),
        total=total,
        bound=0,
        prices=np.zeros(case.resources, dtype=np.int64),
    )


def wave_cost(case: WaveCase, plans: list[OrderPlan]) -> int | None:
    """What plans come to together; None where a resource is used beyond a strict limit."""
    uses = sum((plan.uses for plan in plans), Counter())
    cost = sum(plan.cost for plan in plans)
    cost += sum(int(case.opening_cost[source]) for source in set().union(*(plan.sources for plan in plans)))
    for resource in range(case.resources):
        over = max(0, uses[resource] - int(case.capacity[resource]))
        if over and case.over_cost[resource] == NEVER:
            return None
        cost += over * int(case.over_cost[resource]) if over else 0
        cost += max(0, int(case.least[resource]) - uses[resource]) * int(case.under_cost[resource])
    return cost


def _choices(case: WaveCase, order: int) -> Iterator[tuple[int, ...]]:
    """Entries of different rows, at most as many as the order may have shares."""
    rows = range(int(case.row_start[order]), int(case.row_start[order + 1]))

    def choose(at: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if at == len(rows):
            yield chosen
            return
        yield from choose(at + 1, chosen)
        if len(chosen) < case.most_shares[order]:
            row = rows[at]
            for entry in range(int(case.entry_start[row]), int(case.entry_start[row + 1])):
                yield from choose(at + 1, (*chosen, entry))

    return choose(0, ())


def _plan(case: WaveCase, order: int, entries: tuple[int, ...]) -> OrderPlan | None:
    parts = range(int(case.part_start[order]), int(case.part_start[order + 1]))
    shipped = [0] * len(parts)
    uses: Counter[int] = Counter()
    sources, cost = set(), int(case.share_cost[order]) * max(0, len(entries) - 1)
    for entry in entries:
        row = int(np.searchsorted(case.entry_start, entry, side="right")) - 1
        source = int(case.row_source[row])
        sources.add(source)
        units = [
            int(case.entry_state[entry]) // int(case.part_stride[part]) % (int(case.part_units[part]) + 1)
            for part in parts
        ]
        for at, amount in enumerate(units):
            shipped[at] += amount
            if amount:
                uses[int(case.row_stock[int(case.stock_start[row]) + at])] += amount
        value = sum(amount * int(case.part_value[part]) for amount, part in zip(units, parts, strict=True))
        uses[int(case.source_orders[source])] += 1
        uses[int(case.source_units[source])] += sum(units)
        uses[int(case.source_minutes[source])] += int(case.row_minutes[row]) + sum(units) * int(
            case.row_unit_minutes[row]
        )
        uses[int(case.source_value[source])] += value
        for service in _services(case, entry):
            uses[service] += 1
        cost += int(case.entry_cost[entry])
    del uses[NONE]
    if any(amount > case.part_units[part] for amount, part in zip(shipped, parts, strict=True)):
        return None
    left = sum(
        (int(case.part_units[part]) - amount) * int(case.part_stride[part])
        for amount, part in zip(shipped, parts, strict=True)
    )
    leave = int(case.leave_cost[int(case.leave_start[order]) + left])
    if leave == NEVER:
        return None
    return OrderPlan(entries=entries, left=left, cost=cost + leave, uses=uses, sources=frozenset(sources))


def _services(case: WaveCase, entry: int) -> list[int]:
    lane = int(case.entry_lane[entry])
    if lane >= 0:
        return [int(case.entry_service[entry])]
    return [int(one) for one in case.way_service[int(case.way_start[-1 - lane]) : int(case.way_start[-lane])]]


def _is_there(case: WaveCase, plan: OrderPlan) -> bool:
    return _fits(case, [plan])


def _fits(case: WaveCase, plans: list[OrderPlan]) -> bool:
    uses = sum((plan.uses for plan in plans), Counter())
    return all(case.over_cost[one] < NEVER or used <= case.capacity[one] for one, used in uses.items())
