"""Plans of a whole wave in terms of its case: what they cost, and the answer that they make."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, WaveCase, WaveFinding


class Plans(NamedTuple):
    """The entries of the case that orders ship by, filled up with NONE, and the states that they leave."""

    start: Ints  # [O + 1] -> shares
    shares: Ints
    left: Ints  # [O]


def total_of(case: WaveCase, plans: Plans, used: Ints) -> int:
    """What the plans cost, minor units; what goes beyond hard limits is not looked at."""
    there = plans.shares != NONE
    entries = plans.shares[there]
    before = np.concatenate([[0], np.cumsum(there)])
    counts = np.diff(before[plans.start])
    total = int(case.entry_cost[entries].sum()) + int((case.share_cost * np.maximum(0, counts - 1)).sum())
    total += int(case.leave_cost[case.leave_start[:-1] + plans.left].sum())
    sources = np.unique(case.row_source[np.searchsorted(case.entry_start, entries, side="right") - 1])
    total += int(case.opening_cost[sources].sum())
    over, short = np.maximum(0, used - case.capacity), np.maximum(0, case.least - used)
    soft = (over > 0) & (case.over_cost < NEVER)
    return total + int((over * case.over_cost)[soft].sum()) + int((short * case.under_cost)[short > 0].sum())


def finding_of(plans: Plans, total: int, bound: int, prices: Ints, reason: str) -> WaveFinding:
    """The answer that these plans are."""
    there = plans.shares != NONE
    before = np.concatenate([[0], np.cumsum(there)])
    return WaveFinding(
        share_start=before[plans.start].astype(np.int64),
        share_entry=plans.shares[there],
        left=plans.left.copy(),
        total=total,
        bound=bound,
        prices=prices,
        reason=reason,
    )
