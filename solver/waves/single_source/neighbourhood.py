"""Improvement of a plan by programs: the orders of a few sources choose anew, all others stay."""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.plans import cost_of, keeps_capacities
from solver.waves.single_source.program import Restricted, solved


def reassigned(
    instance: Instance,
    option: Ints,
    *,
    free: NDArray[np.bool_],
    keep: NDArray[np.bool_],
    seconds: float,
    nodes: int,
) -> tuple[Ints, bool]:
    """The options [O] after the free orders have chosen anew among the options to keep [K], or as they were.

    Also whether no choice among these is better, by the solver's reckoning. What the orders have now counts as kept.
    """
    mask = keep & free[instance.option_order]
    mask[option[free]] = True
    kept = np.flatnonzero(mask)
    stay = option[~free]
    load = np.bincount(
        instance.option_source[stay], weights=instance.option_weight[stay], minlength=instance.sources
    ).astype(np.int64)
    held = np.bincount(instance.option_source[stay], minlength=instance.sources)
    sources, source = np.unique(instance.option_source[kept], return_inverse=True)
    _, order = np.unique(instance.option_order[kept], return_inverse=True)
    program = Restricted(
        order=order.astype(np.int64),
        source=source.astype(np.int64),
        cost=instance.option_cost[kept],
        weight=instance.option_weight[kept],
        room=np.minimum(instance.capacity - load, instance.option_weight.sum())[sources],
        opening_cost=np.where(held > 0, 0, instance.opening_cost)[sources],
    )
    start = np.isin(kept, option[free])
    answer = solved(program, start=start, seconds=seconds, nodes=nodes)
    if answer is None:
        return option, False
    after = option.copy()
    after[instance.option_order[kept[answer.taken]]] = kept[answer.taken]
    better = cost_of(instance, after) < cost_of(instance, option) and keeps_capacities(instance, after)
    return after if better else option, answer.is_best
