"""What it costs when an order comes to a source, alone or in the place of another: a table that is kept up.

Moves of several orders at once cost the sum of such entries as long as no source takes part in two of them: every
source gets one order at most and gives one away, and its penalty depends on these two alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.waves.single_source.machine_code import compiled
from solver.waves.single_source.penalties import excess_cost
from solver.waves.single_source.sites import Ground
from solver.waves.single_source.standing import Standing

Floats = NDArray[np.float64]


class Trades(NamedTuple):
    """Costs with penalties, infinite where an order has no option at the source. The orders come first in columns."""

    coming: Floats  # [O, O + S]: of order j, in place of order k at its source; in column O + s, to source s beside all
    staying: Floats  # [O]: of the order where it stands, without penalties
    relief: Floats  # [O]: what penalties change by when it leaves and none comes: never above 0


def trades_of(orders: int, sources: int) -> Trades:
    """An empty table."""
    return Trades(np.zeros((orders, orders + sources)), np.zeros(orders), np.zeros(orders))


@compiled
def reckon(ground: Ground, standing: Standing, penalty: Floats, trades: Trades, source: int) -> None:
    """Bring up to date what has to do with this source."""
    orders = len(standing.option)
    capacity, load = ground.capacity[source], float(standing.load[source])
    now = excess_cost(penalty[source], load, capacity)
    for order in range(orders):
        after = excess_cost(penalty[source], load + ground.weight[order, source], capacity)
        trades.coming[order, orders + source] = ground.cost[order, source] + after - now
    for at in range(standing.held[source]):
        other = standing.member[source, at]
        rest = load - ground.weight[other, source]
        trades.staying[other] = ground.cost[other, source]
        trades.relief[other] = excess_cost(penalty[source], rest, capacity) - now
        for order in range(orders):
            after = excess_cost(penalty[source], rest + ground.weight[order, source], capacity)
            trades.coming[order, other] = ground.cost[order, source] + after - now
