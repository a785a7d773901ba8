"""What prices prove of the plans that some choices leave, and what the passes over them tell of good plans."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.branching.restricted import Choice, Ground, restricted
from solver.waves.case import NEVER, NONE, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.ascent import ascend
from solver.waves.engine.crew import Crew
from solver.waves.engine.finding import Plans, total_of
from solver.waves.engine.passes import Passes

_PASSES = 60
_WARM_UP = 20  # passes that tell little of good plans
_FIRST_STEP = 0.02  # of what an order costs on average


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """Some of a wave's plans. `serves` [O, S]: in what part of the passes a source served an order."""

    choices: tuple[Choice, ...]
    bound: int  # thousandths of a minor unit
    prices: Ints
    serves: NDArray[np.float64]


class Found:
    """The best plans that any pass came by."""

    def __init__(self, case: WaveCase, total: int) -> None:
        self._case = case
        self.total = total
        self.plans: Plans | None = None  # None: what was there before is the best

    def see(self, plans: Plans, used: Ints) -> None:
        """Keep these if they obey all limits and cost less."""
        if ((used > self._case.capacity) & (self._case.over_cost == NEVER)).any():
            return
        shares = plans.shares[plans.shares != NONE]
        rows = np.searchsorted(self._case.entry_start, shares, side="right")
        if len(np.unique(rows)) < len(rows):
            return
        total = total_of(self._case, plans, used)
        if total < self.total:
            self.total = total
            self.plans = Plans(plans.start, plans.shares.copy(), plans.left.copy())


def node_of(
    ground: Ground, choices: tuple[Choice, ...], start: Ints, scale: int, found: Found, floors: int, crew: Crew
) -> Node:
    """Ascend from these prices. `scale`: what an order costs on average, thousandths; `floors`: of orders outside."""
    case, beside = restricted(ground, choices)
    passes = Passes(case, crew)
    best_bound, best_prices = -1, start
    serves = np.zeros((case.orders, len(case.opening_cost)))
    step = max(1.0, _FIRST_STEP * scale)
    for number, one in enumerate(ascend(passes.at, passes.resources, start, first_step=step, passes=lambda _: _PASSES)):
        bound = one.bound + beside * PRICES_PER_MINOR
        if number == 0 or bound > best_bound:
            best_bound, best_prices = bound, one.prices
        plans = passes.plans()
        found.see(plans, one.used)
        if best_bound > (found.total + floors - 1) * PRICES_PER_MINOR:
            break
        if number >= _WARM_UP:
            shares = plans.shares[plans.shares != NONE]
            serves[ground.order[shares], ground.source[shares]] += 1
    return Node(
        choices=choices, bound=best_bound, prices=best_prices, serves=np.minimum(1.0, serves / (_PASSES - _WARM_UP))
    )
