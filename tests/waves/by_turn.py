"""The plainest engine: each order at its best on what the earlier ones left; its bound is every order alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.limits import Watch, WaveLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """Some shares of an order: their entries, what they make up, cost and use."""

    entries: tuple[int, ...]
    state: int
    cost: int
    uses: Counter[int]


def by_turn(case: WaveCase, _limits: WaveLimits, _watch: Watch) -> WaveFinding:
    """Every order in the wave's sequence; what has no room any more is left. It needs no limits and is not watched."""
    used: Counter[int] = Counter()
    starts, entries = [0], list[int]()
    left, total = np.zeros(case.orders, dtype=np.int64), 0
    for order in range(case.orders):
        choice, left[order], cost = _best(case, order, used)
        used.update(choice.uses)
        entries += choice.entries
        starts.append(len(entries))
        total += cost
    return WaveFinding(
        share_start=np.array(starts, dtype=np.int64),
        share_entry=np.array(entries, dtype=np.int64),
        left=left,
        total=total + _beside(case, used, entries),
        bound=PRICES_PER_MINOR * int(alone(case).sum() + case.order_floor.sum()),
        prices=np.zeros(case.resources, dtype=np.int64),
        reason="passes",
    )


def alone(case: WaveCase) -> Ints:
    """What each order costs at least, with everything to itself, [O]."""
    return np.array([_best(case, order, None)[2] for order in range(case.orders)], dtype=np.int64)


def _best(case: WaveCase, order: int, used: Counter[int] | None) -> tuple[_Choice, int, int]:
    """The best shares, the state that is left, and the cost of both; None: whatever is used."""
    whole = int(case.leave_start[order + 1] - case.leave_start[order]) - 1
    leave = case.leave_cost[int(case.leave_start[order]) :]
    best: dict[tuple[int, int], _Choice] = {(0, 0): _Choice(entries=(), state=0, cost=0, uses=Counter())}
    for row in range(int(case.row_start[order]), int(case.row_start[order + 1])):
        for (shares, _), before in list(best.items()):
            if shares == case.most_shares[order]:
                continue
            for choice in _with_row(case, order, row, before, used):
                key = (shares + 1, choice.state)
                if key not in best or choice.cost < best[key].cost:
                    best[key] = choice
    choices = ((one, whole - one.state, one.cost + int(leave[whole - one.state])) for one in best.values())
    return min(choices, key=lambda found: (found[2], found[1]))


def _with_row(case: WaveCase, order: int, row: int, before: _Choice, used: Counter[int] | None) -> Iterator[_Choice]:
    for entry in range(int(case.entry_start[row]), int(case.entry_start[row + 1])):
        state = before.state + int(case.entry_state[entry])
        if not _adds_up(case, order, before.state, int(case.entry_state[entry])):
            continue
        uses = before.uses + uses_of(case, order, row, entry)
        if used is not None and not _fits(case, uses, used):
            continue
        cost = before.cost + int(case.entry_cost[entry]) + (int(case.share_cost[order]) if before.entries else 0)
        yield _Choice(entries=(*before.entries, entry), state=state, cost=cost, uses=uses)


def _adds_up(case: WaveCase, order: int, state: int, more: int) -> bool:
    for part in range(int(case.part_start[order]), int(case.part_start[order + 1])):
        stride, units = int(case.part_stride[part]), int(case.part_units[part])
        if state // stride % (units + 1) + more // stride % (units + 1) > units:
            return False
    return True


def uses_of(case: WaveCase, order: int, row: int, entry: int) -> Counter[int]:
    """How much of every resource a share takes."""
    uses: Counter[int] = Counter()
    parts = range(int(case.part_start[order]), int(case.part_start[order + 1]))
    state, source, units, value = int(case.entry_state[entry]), int(case.row_source[row]), 0, 0
    for at, part in enumerate(parts):
        amount = state // int(case.part_stride[part]) % (int(case.part_units[part]) + 1)
        uses[int(case.row_stock[int(case.stock_start[row]) + at])] += amount
        units += amount
        value += amount * int(case.part_value[part])
    uses[int(case.source_orders[source])] += 1
    uses[int(case.source_units[source])] += units
    uses[int(case.source_minutes[source])] += int(case.row_minutes[row]) + units * int(case.row_unit_minutes[row])
    uses[int(case.source_value[source])] += value
    lane = int(case.entry_lane[entry])
    ways = slice(int(case.way_start[-1 - lane]), int(case.way_start[-lane])) if lane < 0 else None
    for service in [int(case.entry_service[entry])] if ways is None else case.way_service[ways].tolist():
        uses[service] += 1
    del uses[NONE]
    return uses


def _fits(case: WaveCase, uses: Counter[int], used: Counter[int]) -> bool:
    return all(case.over_cost[one] < NEVER or used[one] + amount <= case.capacity[one] for one, amount in uses.items())


def _beside(case: WaveCase, used: Counter[int], entries: list[int]) -> int:
    """What the wave costs beside its orders."""
    rows = np.searchsorted(case.entry_start, np.array(entries, dtype=np.int64), side="right") - 1
    cost = int(case.opening_cost[np.unique(case.row_source[rows])].sum())
    amounts = np.array([used[resource] for resource in range(case.resources)], dtype=np.int64)
    over = np.maximum(0, amounts - case.capacity)
    cost += int((over * np.where(over > 0, case.over_cost, 0)).sum())
    return cost + int((np.maximum(0, case.least - amounts) * case.under_cost).sum())
