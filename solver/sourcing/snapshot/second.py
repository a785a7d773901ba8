"""A second look at orders for which the first was not enough: exact distances, branch and bound."""

import numpy as np
from numpy.typing import NDArray

from solver.network.distance import distances_meters
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.exact.branch import Solution
from solver.sourcing.exact.search import Limits, solve
from solver.sourcing.exact.ways import COMPILED
from solver.sourcing.snapshot.batch import Batch
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.decided import arrays_of_order, decide_one, write_packages

_NO_METERS = np.zeros(0, dtype=np.int64)


def second_look(
    network: Network, order: Order, batch: Batch, i: int, ground: g.Ground, stock: NDArray[np.int32]
) -> int:
    """Decide order i of the batch with what takes longer; how it ended."""
    status, meters = int(batch.answers.status[i]), _NO_METERS
    words = batch.of_order(i)
    if status == g.NEAR_A_LIMIT:
        place = network.place(order.destination)
        meters = distances_meters(place.latitude, place.longitude, network.latitudes, network.longitudes)
        status = decide_one(ground, stock, words, batch.xyz[i], meters, batch.answers, i)
    if status == g.COUPLED:
        c, sources = arrays_of_order(ground, stock, words, batch.xyz[i], meters)
        solution = solve(c, COMPILED, Limits().nodes, shares_parts=False)
        if isinstance(solution, Solution) and solution.bound == solution.total:
            write_packages(
                c, words, sources, solution.lanes, solution.contents, solution.left, solution.total, batch.answers, i
            )
            status = g.DONE
    return status
