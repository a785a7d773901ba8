"""Priorities that begin with filling the order: then a plan that fills it needs no room for what others leave.

Where the levels do not fit into one number, what may stay unfilled takes up most of it.
"""

from dataclasses import replace

import numpy as np

from solver.sourcing.case import Case


def to_be_filled(case: Case) -> Case | None:
    """The case if all of it or nothing ships; None where filling the order is not what decides first.

    A plan of it that ships everything costs the same in the case itself. It is the best there too: every plan that
    leaves a unit is worse at the first level.
    """
    if case.complete or case.levels == 1 or not _counts_what_is_left(case):
        return None
    asked = np.flatnonzero(case.line_quantity)
    few = asked[np.argmin(case.line_quantity[asked])]
    unfilled_cost = np.zeros_like(case.unfilled_cost)
    unfilled_cost[0, few] = 1
    return replace(case, complete=True, unfilled_cost=unfilled_cost)


def _counts_what_is_left(case: Case) -> bool:
    """True when the first level costs something for every unit left, and for nothing else."""
    others = (
        case.package_cost,
        case.kind_cost,
        case.unit_cost,
        case.source_cost,
        case.stair_cost,
        case.further_package_cost,
        case.further_source_cost,
    )
    asked = case.line_quantity > 0
    return (
        bool(asked.any())
        and bool((case.unfilled_cost[0, asked] > 0).all())
        and not any(costs[0].any() for costs in others)
        and all(tariff.cards[0] is None for tariff in case.tariffs)
    )
