"""One order as rows and entries: what each of its offers could ship, and what that costs."""

from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints
from solver.sourcing.exact import plain
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.states import States
from solver.waves.layout.closure import Packed, Ways, packed, several_pay
from solver.waves.layout.contents import FAR, digits_of, package_costs, pairs, stair_costs, states_of_shares
from solver.waves.layout.structure import Why, is_one_line_together, lines_of_one_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an offer could ship of an order: a state, in packages of lanes and states of their own."""

    state: int
    cost: int
    packages: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An offer of one order, by its number in the order's case, and its entries by state."""

    offer: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderRows:
    """An order within the structure. Costs are joined levels; `leave` is by state, NEVER where that is not allowed."""

    rows: tuple[Row, ...]
    leave: Ints
    most_shares: int
    share_cost: int


def rows_of(case: Case, c: Arrays, takes: Ints, priority: int) -> OrderRows | Why:
    """The order's rows, or why it has none. `c` counts in units; lanes are numbered as in the case.

    `takes` has the resource that a package of each lane takes one of, -1 for none, [L]; `priority` is what each
    unfilled unit costs beyond the policy, as a joined cost.
    """
    whole_lines = lines_of_one_source(case)
    if whole_lines is None:
        return Why.LINES_SHIP_TOGETHER
    st, digits = plain.describe(c), digits_of(c)
    rows = _Rows(c=c, st=st, digits=digits, allowed=states_of_shares(c, digits, c.together[whole_lines])).all(takes)
    units = int(st.units[-1])
    one_source = is_one_line_together(case)
    most_shares = 1 if one_source else min(c.most_packages, c.most_sources, max(1, units))
    most = max((len(entry.packages) for row in rows for entry in row.entries), default=0)
    if most > 1 and min(units, most * min(most_shares, len(rows))) > c.most_packages:
        return Why.PACKAGES_STAY_WITHIN_THE_LIMIT
    return OrderRows(
        rows=rows,
        leave=_leaving(case, c, priority),
        most_shares=most_shares,
        share_cost=c.spared,
    )


def _leaving(case: Case, c: Arrays, priority: int) -> Ints:
    units = case.line_quantity // np.maximum(1, c.line_times)
    leave = plain.leaving_cost(c._replace(line_cost=c.line_cost + priority * units), len(c.line_state))
    if c.complete:
        leave[1:-1] = NEVER
    return leave


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """The tables that all offers of the order have in common."""

    c: Arrays
    st: States
    digits: Ints
    allowed: Flags

    def all(self, takes: Ints) -> tuple[Row, ...]:
        c = self.c
        costs, stairs = package_costs(c, self.st, self.digits), stair_costs(c, self.digits)
        of_lane = takes[c.lane_number]
        rows = []
        for offer in np.unique(c.lane_offer).tolist():
            lanes = np.flatnonzero(c.lane_offer == offer)
            further = None if stairs is None else stairs[offer]
            entries = self._entries(offer, self._ways(lanes, costs[:, lanes], of_lane[lanes]), further)
            if entries:
                rows.append(Row(offer=offer, entries=entries))
        return tuple(rows)

    def _ways(self, lanes: Ints, costs: Ints, takes: Ints) -> Ways:
        """The cheapest package of every state for each resource; ties: the first lane by the case's numbers."""
        kinds = np.unique(takes)
        by_number = np.argsort(self.c.lane_number[lanes], kind="stable")
        best = np.full((len(kinds), len(costs)), FAR, dtype=np.int64)
        lane_of = np.zeros((len(kinds), len(costs)), dtype=np.int64)
        for number, kind in enumerate(kinds.tolist()):
            mine = by_number[takes[by_number] == kind]
            first = np.argmin(costs[:, mine], axis=1)
            best[number] = costs[np.arange(len(costs)), mine[first]]
            lane_of[number] = self.c.lane_number[lanes[mine[first]]]
        return Ways(takes=tuple(kinds.tolist()), costs=best, lanes=lane_of)

    def _entries(self, offer: int, ways: Ways, stairs: Ints | None) -> tuple[Entry, ...]:
        within = (self.digits <= self.c.blocks[offer]).all(axis=1)
        if several_pay(ways, *pairs(tuple(self.c.radix.tolist())), within):
            found = packed(ways, self.digits, within, self.c.most_packages)
            choices = [(state, one) for state, several in found.items() for one in several]
        else:
            choices = list(_singles(ways))
        source = int(self.c.offer_source[offer])
        own = int(self.c.source_cost[source]) - self.c.spared
        return tuple(
            Entry(
                state=state,
                cost=one.cost + own + (0 if stairs is None else int(stairs[state])),
                packages=one.packages,
            )
            for state, one in choices
            if self.allowed[state] and self._is_able(source, state, len(one.packages))
        )

    def _is_able(self, source: int, state: int, packages: int) -> bool:
        c, units = self.c, int(self.st.units[state])
        minutes = packages * int(c.source_package_minutes[source]) + units * int(c.source_unit_minutes[source])
        able: bool = units <= c.source_most_units[source] and minutes <= min(NO_LIMIT, c.source_most_minutes[source])
        return able


def _singles(ways: Ways) -> list[tuple[int, Packed]]:
    """One package of every state, by what it takes; none that costs as much as one that takes of nothing."""
    free = ways.costs[ways.takes.index(-1)] if -1 in ways.takes else np.full(ways.costs.shape[1], FAR)
    found = []
    for group, takes in enumerate(ways.takes):
        better = ways.costs[group] < (FAR if takes < 0 else np.minimum(free, FAR))
        for state in np.flatnonzero(better).tolist():
            package = (int(ways.lanes[group, state]), state)
            taken = () if takes < 0 else (takes,)
            found.append((state, Packed(cost=int(ways.costs[group, state]), takes=taken, packages=(package,))))
    return sorted(found, key=lambda pair: (pair[0], pair[1].takes))
