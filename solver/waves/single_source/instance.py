"""Orders that ship as a whole from one source or not at all, in arrays: what the search of this room works on.

Letters in shapes: O orders, K options (an order shipped by a source), S sources. Options of an order lie together, and
no order has two of one source. Money is in minor units, prices in thousandths of one.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER as NEVER
from solver.waves.case import PRICES_PER_MINOR as PRICES_PER_MINOR


class Instance(NamedTuple):
    """Each order takes one of its options or is left; options of a source weigh at most its capacity together."""

    option_start: Ints  # [O + 1] -> K
    option_order: Ints  # [K]
    option_source: Ints  # [K]
    option_cost: Ints  # [K]
    option_weight: Ints  # [K]: how much of its source's capacity it takes
    leave_cost: Ints  # [O]
    capacity: Ints  # [S]
    opening_cost: Ints  # [S]
    by_source: Ints  # [K]: the options, source after source, each source's in the sequence of the orders
    source_start: Ints  # [S + 1] -> by_source

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return len(self.leave_cost)

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return len(self.capacity)


def instance_of(
    *,
    option_order: Ints,
    option_source: Ints,
    option_cost: Ints,
    option_weight: Ints,
    leave_cost: Ints,
    capacity: Ints,
    opening_cost: Ints,
) -> Instance:
    """The instance with options sorted by order, which `option_order` must be already."""
    by_source = np.argsort(option_source, kind="stable").astype(np.int64)
    return Instance(
        option_start=_starts(option_order, len(leave_cost)),
        option_order=option_order,
        option_source=option_source,
        option_cost=option_cost,
        option_weight=option_weight,
        leave_cost=leave_cost,
        capacity=capacity,
        opening_cost=opening_cost,
        by_source=by_source,
        source_start=_starts(option_source, len(capacity)),
    )


def _starts(of: Ints, rows: int) -> Ints:
    return np.concatenate(([0], np.cumsum(np.bincount(of, minlength=rows)))).astype(np.int64)
