"""Some entries of a wave's orders, each with all that it takes in one list: what the search works on.

X entries, N uses: a use is a resource and how much of it the entry takes. A source with an opening cost is one more
resource, of which each of its shares takes one. G groups: the entries of one order that cover the same state, ranked by
the least that they can cost, so that whoever looks for the cheapest looks at few of them.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.waves.case import NEVER, PRICES_PER_MINOR, Numbers, WaveCase
from solver.waves.engine.uses import uses_of

_AT_ONCE = 100_000  # entries, whose uses would take much memory all together


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
    group_start: Ints  # [O + 1] -> G
    group_state: Numbers  # [G]
    ranked_start: Ints  # [G + 1] -> X
    ranked: Numbers  # [X]: the entries of a group by their floor
    floor: Ints  # [X]: what that entry costs at least, thousandths
    extra: Ints  # [X]: what it takes at the prices by which it is ranked, thousandths

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return len(self.start) - 1


def shortlist(case: WaveCase, entries: Ints, prices: Ints | None = None) -> Shortlist:
    """These entries of the wave, which ascend, ranked by prices [Q]; without any, for any."""
    row = (np.searchsorted(case.entry_start, entries, side="right") - 1).astype(np.int32)
    order = (np.searchsorted(case.row_start, row, side="right") - 1).astype(np.int32)
    opened = opened_sources(case)
    use_start, resource, amount = uses_of(case, entries, row, order, opened)
    nothing = np.zeros(0, np.int64)
    unranked = Shortlist(
        start=np.searchsorted(order, np.arange(case.orders + 1)),
        number=entries,
        row=row,
        state=case.entry_state[entries],
        cost=case.entry_cost[entries],
        use_start=use_start,
        resource=resource,
        amount=amount,
        part_start=case.part_start,
        part_units=case.part_units,
        part_stride=case.part_stride,
        leave_start=case.leave_start,
        leave_cost=case.leave_cost,
        most_shares=case.most_shares,
        share_cost=case.share_cost,
        capacity=extended(case.capacity, opened, NO_LIMIT),
        least=extended(case.least, opened, 0),
        over_cost=extended(case.over_cost, opened, NEVER),
        under_cost=extended(case.under_cost, opened, 0),
        fixed_cost=np.concatenate([np.zeros(case.resources, np.int64), case.opening_cost[opened]]),
        group_start=nothing,
        group_state=np.zeros(0, np.int32),
        ranked_start=nothing,
        ranked=np.zeros(0, np.int32),
        floor=nothing,
        extra=nothing,
    )
    return ranked_by(unranked, extended(np.zeros(case.resources, np.int64) if prices is None else prices, opened, 0))


def ranked_by(s: Shortlist, prices: Ints) -> Shortlist:
    """The same entries, ranked for prices that are these, or dearer, or cheaper by half at most."""
    extra = _by_entry(s, prices)
    floor = s.cost * PRICES_PER_MINOR + _by_entry(s, _least_prices(s, prices))
    order = np.repeat(np.arange(s.orders), np.diff(s.start))
    group = order * (int(s.state.max(initial=0)) + 1) + s.state
    sequence = np.lexsort((floor, group))
    first = np.flatnonzero(np.diff(group[sequence], prepend=-1))
    return s._replace(
        group_start=np.searchsorted(order[sequence[first]], np.arange(s.orders + 1)),
        group_state=s.state[sequence[first]],
        ranked_start=np.append(first, len(sequence)),
        ranked=sequence.astype(np.int32),
        floor=floor[sequence],
        extra=extra[sequence],
    )


def _least_prices(s: Shortlist, prices: Ints) -> Ints:
    """What a unit of each resource costs at least; below nothing where being short of its `least` costs."""
    return np.where(s.least > 0, -2 * PRICES_PER_MINOR * s.under_cost, np.maximum(0, prices) // 2)


def _by_entry(s: Shortlist, prices: Ints) -> Ints:
    """What each entry takes, at so much a unit of each resource."""
    total = np.empty(len(s.number), np.int64)
    for at in range(0, len(total), _AT_ONCE):
        starts = s.use_start[at : at + _AT_ONCE + 1]
        uses = slice(starts[0], starts[-1])
        so_far = np.concatenate([[0], np.cumsum(prices[s.resource[uses]] * s.amount[uses])])
        total[at : at + _AT_ONCE] = so_far[starts[1:] - starts[0]] - so_far[starts[:-1] - starts[0]]
    return total


def extended(values: Ints, opened: Ints, value: int) -> Ints:
    """Values of the wave's resources, and one value for those that are sources to be opened."""
    return np.concatenate([values, np.full(len(opened), value, np.int64)])


def opened_sources(case: WaveCase) -> Ints:
    """The sources that it costs something to open."""
    return np.flatnonzero(case.opening_cost > 0)
