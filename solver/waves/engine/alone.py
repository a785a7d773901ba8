"""Every order alone at full stock: the whole answer where orders do not compete."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.engine.finding import finding_of, total_of
from solver.waves.engine.passes import Passes


def decided_alone(case: WaveCase, passes: Passes) -> tuple[WaveFinding | None, int]:
    """The orders' own best plans where nothing is overrun, and the bound at no prices, thousandths; else None."""
    found = passes.at(np.zeros(case.resources, np.int64))
    plans = passes.plans()
    shares = plans.shares[plans.shares != NONE]
    if _shares_meet(case, shares) or (found.used > case.capacity).any():
        return None, found.bound
    total = total_of(case, plans, found.used)
    if (total + int(case.order_floor.sum())) * PRICES_PER_MINOR > found.bound:
        return None, found.bound
    return finding_of(plans, total, found.bound, found.prices, "optimal"), found.bound


def _shares_meet(case: WaveCase, shares: Ints) -> bool:
    """Whether any two are of one row."""
    rows = np.searchsorted(case.entry_start, shares, side="right")
    return len(np.unique(rows)) < len(rows)
