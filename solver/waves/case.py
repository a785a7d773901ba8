"""The case of a wave: all its orders in flat arrays, and the resources that they compete for. What an engine needs.

Letters in shapes: O orders, D parts (the distinct SKUs of one order, order after order), R rows (an order's offers),
E entries (what an offer could ship in one order, and what that costs), B ways of many packages, S sources, Q resources.

Contents are a number, as in the exact search: the *state* is the mixed-radix code of how many units of each part of the
order; state 0 is nothing, the last one the whole order. A *share* is what one offer ships in one order, in one package
or in several. An order's plan is a set of shares of different rows, whose states add up without carry to at most the
whole, and a state that is left unfilled. It costs the entries of its shares, `leave_cost` of what is left, and
`share_cost` for each share after the first. The wave costs the sum of its orders, `opening_cost` of every source that
ships, and what resources used beyond their capacity (or short of `least`) cost.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import NEVER as NEVER

Numbers = NDArray[np.int32]

NONE = -1
_NO_INTS: Ints = np.zeros(0, dtype=np.int64)
PRICES_PER_MINOR = 1000  # prices of resources are whole thousandths of a minor unit


class WaveCase(NamedTuple):
    """A wave for the inner loops. `*_start` arrays hold one element more than there are rows of their kind."""

    # Orders.
    part_start: Ints  # [O + 1] -> D
    part_units: Ints  # [D]: units asked
    part_stride: Ints  # [D]: by how much one unit changes the order's state
    part_value: Ints  # [D]: what a unit counts for in quotas by value, minor units
    leave_start: Ints  # [O + 1] -> leave_cost; an order has leave_start[i + 1] - leave_start[i] states
    leave_cost: Ints  # of leaving this state of the order unfilled; NEVER where that is not allowed
    most_shares: Numbers  # [O]
    share_cost: Ints  # [O]: of each share after the first
    order_floor: Ints  # [O]: for an order outside the structure a proven least cost; it has no rows. Else 0
    # Rows: the offers that could ship something in an order.
    row_start: Ints  # [O + 1] -> R
    row_source: Numbers  # [R] -> S
    row_minutes: Numbers  # [R]: minutes of its source that a share takes, beside those of its units
    row_unit_minutes: Numbers  # [R]: minutes of its source that each unit takes
    stock_start: Ints  # [R + 1] -> row_stock
    row_stock: Numbers  # for each part of the row's order: the resource it is taken from; NONE: the row has none of it
    # Entries: for each row the states that it can ship, one entry for each choice worth having.
    entry_start: Ints  # [R + 1] -> E
    entry_state: Numbers  # [E]: more than 0
    entry_cost: Ints  # [E]: packages, units, source; all that the share costs but prices of resources
    entry_lane: Numbers  # [E]: the lane of its one package; -1 - w: way w
    entry_service: Numbers  # [E]: the resource of which each of its packages takes one; NONE: none, or way_service
    way_start: Ints  # [B + 1]: the packages of way w
    way_lane: Numbers
    way_state: Numbers
    way_service: Numbers  # the resource of which this package takes one, or NONE
    # Resources. Used at most `capacity`, each unit beyond it at `over_cost` (NEVER: not at all); at least `least`, each
    # unit short of it at `under_cost`, which is finite.
    capacity: Ints  # [Q]
    least: Ints  # [Q]
    over_cost: Ints  # [Q]
    under_cost: Ints  # [Q]
    # Which resource each source's orders, units, minutes and value count on, NONE where there is no limit.
    source_orders: Numbers  # [S]
    source_units: Numbers  # [S]
    source_minutes: Numbers  # [S]
    source_value: Numbers  # [S]
    opening_cost: Ints  # [S]

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return len(self.part_start) - 1

    @property
    def resources(self) -> int:
        """How many resources there are."""
        return len(self.capacity)


class Branch(NamedTuple):
    """Some plans of a wave: those in which these sources open or stay closed, and ship in these orders or do not.

    The Lagrangian bound of `prices` holds for them when what is opened costs its opening whatever its prices, and what
    is closed supplies nothing.
    """

    opened: tuple[int, ...]  # sources
    closed: tuple[int, ...]
    served: tuple[tuple[int, int], ...]  # order, source
    unserved: tuple[tuple[int, int], ...]
    prices: Ints  # [Q], thousandths


class WaveFinding(NamedTuple):
    """What an engine found: every order's shares, what it leaves, the cost, and a bound with the prices that prove it.

    The Lagrangian bound of `prices` (thousandths of a minor unit, positive: scarce, negative: a `least` that binds) is

        sum over orders of min over plans of (cost + prices of what it uses)
        - sum over q of prices+ capacity, prices- least
        + sum over sources of min(0, opening cost - prices of the capacity that opening it gives)

    where stock, orders, units, minutes and value of a source with an opening cost stand in the last sum alone,
    with prices between -under_cost and over_cost, so that going beyond a limit is never worth more than it costs. An
    order outside the structure counts its `order_floor`.
    """

    share_start: Ints  # [O + 1] -> shares
    share_entry: Ints  # [shares] -> E
    left: Ints  # [O]: the state that stays unfilled
    total: int  # minor units; orders outside the structure count nothing
    bound: int  # thousandths of a minor unit, over all orders
    prices: Ints  # [Q]
    reason: str = ""  # why it ended: "optimal", "passes", "time_limit", "cancelled"
    # Where every order ships as a whole from one source, prices of orders may prove more (docs/formulation.md).
    # 0: there is no such bound, and what follows is empty.
    packed_bound: int = 0  # thousandths of a minor unit, over all orders
    order_prices: Ints = _NO_INTS  # [O], thousandths
    packed: Ints = _NO_INTS  # resources, one of a source at most: limits kept as knapsacks of whole orders
    # A small wave's plans may be parted: every plan is in some branch, each with its own prices. 0: they are not.
    branched_bound: int = 0  # thousandths of a minor unit, over all orders: the least of the branches
    branches: tuple[Branch, ...] = ()
