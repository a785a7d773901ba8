"""One order as rows and entries: what each of its offers could ship, and what that costs."""

from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints
from solver.sourcing.exact import plain
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.states import States
from solver.waves.layout.closure import Ways, packed, several_pay
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
        if not len(c.lane_offer):
            return ()
        groups = _Groups.of(c, package_costs(c, self.st, self.digits), takes[c.lane_number])
        stairs = stair_costs(c, self.digits)
        singles = self._singles(groups, stairs)
        rows = []
        for offer in np.unique(groups.offer).tolist():
            within = np.all(self.digits <= c.blocks[offer], axis=1)
            entries = singles.get(offer, [])
            if groups.may_pay_apart(offer, within):
                ways = groups.ways(offer)
                if several_pay(ways, *pairs(tuple(c.radix.tolist())), within):
                    entries = self._several(offer, ways, within, stairs)
            if entries:
                rows.append(Row(offer=offer, entries=tuple(entries)))
        return tuple(rows)

    def _singles(self, groups: "_Groups", stairs: Ints | None) -> dict[int, list[Entry]]:
        """By offer, one package of every state by what it takes; none that costs as much as one that takes nothing."""
        c = self.c
        better = (groups.costs < FAR) & ((groups.takes < 0) | (groups.costs < groups.free))
        source = c.offer_source[groups.offer]
        able = self.st.units[:, None] <= c.source_most_units[source]
        minutes = c.source_package_minutes[source] + self.st.units[:, None] * c.source_unit_minutes[source]
        state, group = np.nonzero(better & able & (minutes <= c.source_most_minutes[source]) & self.allowed[:, None])
        offer = groups.offer[group]
        cost = groups.costs[state, group] + c.source_cost[source[group]] - c.spared
        if stairs is not None:
            cost = cost + stairs[offer, state]
        found: dict[int, list[Entry]] = {}
        in_order = np.lexsort((groups.takes[group], state, offer))
        columns = (column[in_order].tolist() for column in (offer, state, cost, groups.lanes[state, group]))
        for at, content, minor, lane in zip(*columns, strict=True):
            found.setdefault(at, []).append(Entry(state=content, cost=minor, packages=((lane, content),)))
        return found

    def _several(self, offer: int, ways: Ways, within: Flags, stairs: Ints | None) -> list[Entry]:
        """Every way worth having to ship a state in one package or more."""
        own = int(self.c.source_cost[self.c.offer_source[offer]]) - self.c.spared
        return [
            Entry(
                state=state,
                cost=one.cost + own + (0 if stairs is None else int(stairs[offer, state])),
                packages=one.packages,
            )
            for state, several in packed(ways, self.digits, within, self.c.most_packages).items()
            for one in several
            if self.allowed[state] and self._is_able(offer, state, len(one.packages))
        ]

    def _is_able(self, offer: int, state: int, packages: int) -> bool:
        c, units, source = self.c, int(self.st.units[state]), int(self.c.offer_source[offer])
        minutes = packages * int(c.source_package_minutes[source]) + units * int(c.source_unit_minutes[source])
        able: bool = units <= c.source_most_units[source] and minutes <= min(NO_LIMIT, c.source_most_minutes[source])
        return able


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Groups:
    """The lanes of one offer that take one of the same resource, or of none: their cheapest package of every state.

    G groups, by offer. Ties: the first lane by the case's numbers.
    """

    offer: Ints  # [G]
    takes: Ints  # [G]
    costs: Ints  # [M, G]
    lanes: Ints  # [M, G], by the case's numbers
    free: Ints  # [M, G]: what the same offer's package costs that takes of nothing

    @classmethod
    def of(cls, c: Arrays, costs: Ints, takes: Ints) -> "_Groups":
        order = np.lexsort((c.lane_number, takes, c.lane_offer))
        offers, kinds = c.lane_offer[order], takes[order]
        starts = np.flatnonzero(np.append(True, (np.diff(offers) != 0) | (np.diff(kinds) != 0)))
        costs = costs[:, order]
        least = np.minimum.reduceat(costs, starts, axis=1)
        number = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
        place = np.where(costs == least[:, number], np.arange(len(order)), len(order))
        first = np.minimum.reduceat(place, starts, axis=1)
        offer, kind = offers[starts], kinds[starts]
        free = np.full_like(least, FAR)
        of_nothing = {int(offer[group]): group for group in np.flatnonzero(kind < 0)}
        for group, at in enumerate(offer.tolist()):
            if at in of_nothing:
                free[:, group] = least[:, of_nothing[at]]
        return cls(offer=offer, takes=kind, costs=least, lanes=c.lane_number[order][first], free=free)

    def ways(self, offer: int) -> Ways:
        mine = np.flatnonzero(self.offer == offer)
        return Ways(
            takes=tuple(self.takes[mine].tolist()),
            costs=self.costs[:, mine].T.copy(),
            lanes=self.lanes[:, mine].T.copy(),
        )

    def may_pay_apart(self, offer: int, within: Flags) -> bool:
        """False where two of the cheapest packages cost as much as the dearest of all."""
        costs = self.costs[:, self.offer == offer][within][1:]
        return bool(costs.size and costs.max() > 2 * costs.min())
