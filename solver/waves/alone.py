"""What every order of a wave costs at least with everything to itself."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, WaveCase
from solver.waves.engine.crew import crew_of
from solver.waves.engine.passes import Passes


def least_alone(case: WaveCase) -> Ints:
    """The cost of each order's best plan at no prices, [O]; orders outside the structure count their floors."""
    with crew_of(case.orders) as crew:
        passes = Passes(case, crew)
        passes.at(np.zeros(case.resources, dtype=np.int64))
        plans = passes.plans()
    rooms = np.diff(plans.start)
    is_share = plans.shares != NONE
    order = np.repeat(np.arange(case.orders), rooms)[is_share]
    shares = np.bincount(order, minlength=case.orders)
    least: Ints = case.order_floor + case.share_cost * np.maximum(0, shares - 1)
    np.add.at(least, order, case.entry_cost[plans.shares[is_share]])
    least += case.leave_cost[case.leave_start[:-1] + plans.left]
    return least
