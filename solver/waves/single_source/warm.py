"""Compilation ahead of the first wave of orders that ship whole from one source, for a server's start."""

import numpy as np

from solver.waves.limits import Watch
from solver.waves.single_source.ascent import ascended
from solver.waves.single_source.effort import Effort
from solver.waves.single_source.instance import instance_of
from solver.waves.single_source.openings import planned, promising_sets
from solver.waves.single_source.polish import polished
from solver.waves.single_source.walk import walked


def warm() -> None:
    """Compile, or load from disk, all that such a wave runs; without numba there is nothing to do."""
    places = np.arange(6)
    instance = instance_of(
        option_order=places // 2,
        option_source=places % 2,
        option_cost=places + 1,
        option_weight=np.ones(6, dtype=np.int64),
        leave_cost=np.full(3, 90),
        capacity=np.full(2, 2),
        opening_cost=np.ones(2, dtype=np.int64),
    )
    watch, never = Watch(), float("inf")
    prices = ascended(instance, np.zeros(2), 2, watch, never)
    for is_open in promising_sets(instance, prices, restarts=1, tries=5, seed=1, watch=watch, deadline=never):
        plan = planned(instance, is_open, prices, moves=200, seed=1)
        if plan is None:
            continue
        free, unproven, effort = (
            np.zeros(instance.sources),
            prices._replace(bound=0),
            Effort(steps=100, seed=1, watch=watch),
        )
        for better in walked(instance, [plan], unproven, free, effort):
            polished(instance, [better], unproven, free, effort)
