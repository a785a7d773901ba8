"""Small waves by chance, with every kind of resource, and their best answers by trying everything."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, WaveCase, WaveFinding


class Builder:
    """Collects the rows of a wave; resources are numbered as they come."""

    def __init__(self, rng: np.random.Generator, sources: int) -> None:
        self.rng = rng
        self.sources = sources
        self.lists: dict[str, list[int]] = {
            name: [] for name in WaveCase._fields if not name.startswith(("source_", "opening"))
        }
        for name in ("part_start", "leave_start", "row_start", "stock_start", "entry_start", "way_start"):
            self.lists[name].append(0)

    def resource(self, capacity: int, *, over: int = NEVER, least: int = 0, under: int = 0) -> int:
        for name, value in zip(
            ("capacity", "over_cost", "least", "under_cost"), (capacity, over, least, under), strict=True
        ):
            self.lists[name].append(value)
        return len(self.lists["capacity"]) - 1

    def maybe(self, chance: float, low: int, high: int) -> int:
        """A resource that is hard or soft, or has a least; or none."""
        if self.rng.random() > chance:
            return NONE
        over = int(self.rng.choice([NEVER, 3, 20]))
        least = int(self.rng.integers(0, 4)) if self.rng.random() < 0.3 else 0
        return self.resource(
            max(least, int(self.rng.integers(low, high))), over=over, least=least, under=int(self.rng.integers(1, 30))
        )


def random_case(seed: int, *, orders: int = 3, sources: int = 3, skus: int = 3, opening: bool = False) -> WaveCase:
    """A wave in which most things are scarce."""
    rng = np.random.default_rng(seed)
    b = Builder(rng, sources)
    stock = {
        (source, sku): b.resource(int(rng.integers(1, 3)))
        for source in range(sources)
        for sku in range(skus)
        if rng.random() < 0.7
    }
    of_source = {name: [b.maybe(0.4, 1, 5) for _ in range(sources)] for name in ("orders", "units", "minutes", "value")}
    services = [b.maybe(0.6, 1, 4), b.maybe(0.6, 1, 4), NONE]
    for _ in range(orders):
        _add_order(b, stock, services, skus)
    numbers: dict[str, Any] = {
        name: np.array(values, dtype=np.int32 if name in _NUMBERS else np.int64) for name, values in b.lists.items()
    }
    limits: dict[str, Any] = {f"source_{name}": np.array(values, dtype=np.int32) for name, values in of_source.items()}
    cost = rng.integers(5, 40, sources) if opening else np.zeros(sources)
    return WaveCase(**numbers, **limits, opening_cost=cost.astype(np.int64))


_NUMBERS = {
    "most_shares", "row_source", "row_minutes", "row_unit_minutes", "row_stock", "entry_state", "entry_lane",
    "entry_service", "way_lane", "way_state", "way_service",
}  # fmt: skip


def _add_order(b: Builder, stock: dict[tuple[int, int], int], services: list[int], skus: int) -> None:
    rng, lists = b.rng, b.lists
    parts = sorted(rng.choice(skus, size=int(rng.integers(1, min(3, skus + 1))), replace=False).tolist())
    units = [int(rng.choice([1, 1, 2])) for _ in parts]
    strides = [int(np.prod([one + 1 for one in units[:at]])) for at in range(len(units))]
    states = int(np.prod([one + 1 for one in units]))
    lists["part_units"] += units
    lists["part_stride"] += strides
    lists["part_value"] += rng.integers(1, 3, len(parts)).tolist()
    lists["part_start"].append(len(lists["part_units"]))
    lists["leave_cost"] += [
        60 * sum(state // st % (n + 1) for st, n in zip(strides, units, strict=True)) for state in range(states)
    ]
    lists["leave_start"].append(len(lists["leave_cost"]))
    lists["most_shares"].append(int(rng.integers(1, 5)))
    lists["share_cost"].append(int(rng.integers(0, 6)))
    lists["order_floor"].append(0)
    for source in range(b.sources):
        have = [stock.get((source, sku), NONE) for sku in parts]
        if any(one != NONE for one in have):
            _add_row(b, source, have, services, units, strides)
    lists["row_start"].append(len(lists["row_source"]))


def _add_row(
    b: Builder, source: int, have: list[int], services: list[int], units: list[int], strides: list[int]
) -> None:
    rng, lists = b.rng, b.lists
    lists["row_source"].append(source)
    lists["row_minutes"].append(int(rng.integers(0, 2)))
    lists["row_unit_minutes"].append(int(rng.integers(0, 2)))
    lists["row_stock"] += have
    lists["stock_start"].append(len(lists["row_stock"]))
    most = [min(n, lists["capacity"][one]) if one != NONE else 0 for n, one in zip(units, have, strict=True)]
    for digits in product(*(range(one + 1) for one in most)):
        state = sum(n * st for n, st in zip(digits, strides, strict=True))
        for service in rng.choice(len(services), size=int(rng.integers(1, 3)), replace=False).tolist() if state else ():
            lists["entry_state"].append(state)
            lists["entry_cost"].append(int(rng.integers(3, 25)))
            if rng.random() < 0.2:
                lists["entry_lane"].append(-1 - (len(lists["way_start"]) - 1))
                lists["entry_service"].append(NONE)
                lists["way_service"] += [services[service], services[int(rng.integers(0, 3))]]
                lists["way_lane"] += [0, 1]
                lists["way_state"] += [state, 0]
                lists["way_start"].append(len(lists["way_service"]))
            else:
                lists["entry_lane"].append(service)
                lists["entry_service"].append(services[service])
    lists["entry_start"].append(len(lists["entry_state"]))


class Option(NamedTuple):
    """A plan of one order: its entries, the state left, what it costs by itself and uses."""

    entries: tuple[int, ...]
    left: int
    cost: int
    uses: Counter[int]


def options(case: WaveCase, order: int) -> Iterator[Option]:
    """Every plan of an order."""
    rows = range(int(case.row_start[order]), int(case.row_start[order + 1]))
    states = int(case.leave_start[order + 1] - case.leave_start[order])
    for count in range(min(int(case.most_shares[order]), len(rows)) + 1):
        for several in combinations(rows, count):
            for entries in product(*(range(int(case.entry_start[r]), int(case.entry_start[r + 1])) for r in several)):
                left = _left(case, order, states - 1, entries)
                if left is None or case.leave_cost[int(case.leave_start[order]) + left] == NEVER:
                    continue
                cost = sum(int(case.entry_cost[e]) for e in entries)
                cost += int(case.share_cost[order]) * max(0, count - 1)
                cost += int(case.leave_cost[int(case.leave_start[order]) + left])
                uses: Counter[int] = Counter()
                for r, e in zip(several, entries, strict=True):
                    uses.update(uses_of(case, order, r, e))
                yield Option(entries, left, cost, uses)


def _digits(case: WaveCase, order: int, state: int) -> list[int]:
    parts = range(int(case.part_start[order]), int(case.part_start[order + 1]))
    return [state // int(case.part_stride[d]) % (int(case.part_units[d]) + 1) for d in parts]


def _left(case: WaveCase, order: int, whole: int, entries: tuple[int, ...]) -> int | None:
    digits = _digits(case, order, whole)
    for e in entries:
        digits = [a - b for a, b in zip(digits, _digits(case, order, int(case.entry_state[e])), strict=True)]
    if min(digits, default=0) < 0:
        return None
    return whole - sum(int(case.entry_state[e]) for e in entries)


def uses_of(case: WaveCase, order: int, row: int, entry: int) -> Counter[int]:
    """What a share takes."""
    digits, source = _digits(case, order, int(case.entry_state[entry])), int(case.row_source[row])
    value = case.part_value[int(case.part_start[order]) :]
    uses: Counter[int] = Counter()
    for at, units in enumerate(digits):
        uses[int(case.row_stock[int(case.stock_start[row]) + at])] += units
    uses[int(case.source_orders[source])] += 1
    uses[int(case.source_units[source])] += sum(digits)
    uses[int(case.source_minutes[source])] += int(case.row_minutes[row]) + int(case.row_unit_minutes[row]) * sum(digits)
    uses[int(case.source_value[source])] += sum(n * int(value[at]) for at, n in enumerate(digits))
    uses[int(case.entry_service[entry])] += 1
    lane = int(case.entry_lane[entry])
    if lane < 0:
        uses.update(case.way_service[int(case.way_start[-1 - lane]) : int(case.way_start[-lane])].tolist())
    del uses[NONE]
    return uses


def cost_together(case: WaveCase, plans: list[Option]) -> int | None:
    """What plans of all orders cost; None where a hard limit is broken."""
    used: Counter[int] = Counter()
    for one in plans:
        used.update(one.uses)
    rows = [int(np.searchsorted(case.entry_start, e, side="right")) - 1 for one in plans for e in one.entries]
    cost = sum(one.cost for one in plans) + sum(
        int(case.opening_cost[s]) for s in {int(case.row_source[r]) for r in rows}
    )
    for q in range(case.resources):
        over, short = used[q] - int(case.capacity[q]), int(case.least[q]) - used[q]
        if over > 0 and case.over_cost[q] == NEVER:
            return None
        cost += max(0, over) * int(case.over_cost[q]) if over > 0 else 0
        cost += max(0, short) * int(case.under_cost[q])
    return cost


def best_total(case: WaveCase) -> int:
    """The least cost of the wave, by trying every combination."""
    every = [list(options(case, order)) for order in range(case.orders)]
    return min(cost for plans in product(*every) if (cost := cost_together(case, list(plans))) is not None)


def as_plans(case: WaveCase, found: WaveFinding) -> list[Option]:
    """The finding's plans, each one of its order's options."""
    plans = []
    for order in range(case.orders):
        begin, end = int(found.share_start[order]), int(found.share_start[order + 1])
        entries = tuple(sorted(found.share_entry[begin:end].tolist()))
        plans.append(next(o for o in options(case, order) if o.entries == entries and o.left == found.left[order]))
    return plans


def bound_at(case: WaveCase, prices: Ints) -> int:
    """The Lagrangian bound at these prices, by trying every plan of every order; thousandths."""
    total = 0
    for order in range(case.orders):
        total += min(1000 * o.cost + sum(int(prices[q]) * n for q, n in o.uses.items()) for o in options(case, order))
    own = dict.fromkeys(np.flatnonzero(case.opening_cost > 0).tolist(), 0)
    for q, price in enumerate(prices.tolist()):
        worth = max(0, price) * int(case.capacity[q]) if price else 0
        total += max(0, -price) * int(case.least[q])
        users = _sources_of(case, q)
        if len(users) == 1 and min(users) in own:
            own[min(users)] += worth
        else:
            total -= worth
    return total + sum(min(0, 1000 * int(case.opening_cost[s]) - worth) for s, worth in own.items())


def _sources_of(case: WaveCase, q: int) -> set[int]:
    by_stock = np.repeat(case.row_source, np.diff(case.stock_start))[case.row_stock == q]
    limits = (case.source_orders, case.source_units, case.source_minutes, case.source_value)
    if (case.entry_service == q).any() or (case.way_service == q).any():
        return set()
    return set(by_stock.tolist()) | {s for limit in limits for s in np.flatnonzero(limit == q).tolist()}
