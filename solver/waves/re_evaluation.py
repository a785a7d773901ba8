"""Looking again at a pool of assigned, unpicked orders: fewer shipments, with few orders moved and all promises kept.

Orders were assigned one by one as they came, so some are split that need not be. An order that is split is laid
anew over the sources from which its promise can be kept. Where a source has no free unit, another order's line may
make room: one that can go to a source with a free unit, or to the very place that the split order leaves, without a
shipment more. Rounds go from cheap to dear: first shipments that cost one moved order each, then two, and so on,
until a share of all orders has been moved. Nothing else changes; an order that is not split is only ever moved to
make room.

Letters in shapes: O orders, L lines, N sources, M items.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.waves.re_evaluation_kernels import improve_split_orders, shipments_alone

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ROUNDS = (1, 2, 3, 4)  # moved orders for each shipment that is saved


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Assigned orders. An item stands once in an order; all units of a line come from one source."""

    line_start: Ints  # [O + 1] -> L
    item: Ints  # [L]
    units: Ints  # [L]
    source: Ints  # [L]: assigned
    may_ship: Flags  # [O, N]: the promise is kept from there
    free: Ints  # [N, M]: units that no order has

    def __len__(self) -> int:
        return len(self.line_start) - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReEvaluated:
    """The assignment after it was looked at again, what stays free, and which orders moved."""

    source: Ints  # [L]
    free: Ints  # [N, M]
    moved: Flags  # [O]


def re_evaluate(pool: Pool, *, most_moved_permille: int = 100) -> ReEvaluated:
    """Fewer shipments by moving at most so many of a thousand orders. The same pool gives the same answer."""
    source, free = pool.source.copy(), pool.free.copy()
    moved = np.zeros(len(pool), dtype=np.bool_)
    most = len(pool) * most_moved_permille // 1000
    order_of = np.repeat(np.arange(len(pool)), np.diff(pool.line_start))
    by_item = np.argsort(pool.item, kind="stable")
    item_start = np.searchsorted(pool.item[by_item], np.arange(free.shape[1] + 1))
    counts = np.zeros(pool.may_ship.shape, dtype=np.int64)
    np.add.at(counts, (order_of, source), 1)
    for price in _ROUNDS:
        saved = 1
        while saved and moved.sum() < most:
            saved = improve_split_orders(
                pool.line_start, pool.item, pool.units, source, pool.may_ship, free, moved, most, order_of, by_item,
                item_start, counts, price,
            )  # fmt: skip
    return ReEvaluated(source=source, free=free, moved=moved)


def shipments(pool: Pool, source: Ints) -> Ints:
    """How many sources each order ships from, [O]."""
    order_of = np.repeat(np.arange(len(pool)), np.diff(pool.line_start))
    ships = np.zeros(pool.may_ship.shape, dtype=np.bool_)
    ships[order_of, source] = True
    return np.asarray(ships.sum(axis=1), dtype=np.int64)


def least_shipments(pool: Pool) -> Ints:
    """What each order needs at least, had it the first choice of all stock of the pool, [O].

    Their sum is a lower bound of what any assignment ships, moves unlimited: an order never has more to choose from.
    """
    stock = pool.free.copy()
    np.add.at(stock, (pool.source, pool.item), pool.units)
    return shipments_alone(pool.line_start, pool.item, pool.units, pool.may_ship, stock)
