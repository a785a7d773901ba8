"""Plans made better at length: the orders of a few sources at a time are placed anew, two plans side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.waves.single_source.ascent import Prices
from solver.waves.single_source.effort import Effort, side_by_side
from solver.waves.single_source.improve import is_best
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.openings import Opened, capacity_prices, choices_of, only_open
from solver.waves.single_source.plans import cost_of
from solver.waves.single_source.regroup import Rounds, regrouped
from solver.waves.single_source.sites import ground_of, value_of
from solver.waves.single_source.standing import standing_of

Floats = NDArray[np.float64]
_STAGE = 400_000  # steps between two looks at the clock
_SPARE = 2.0  # accepted at first, in parts of what an order's second choice costs more than its first
_GROUPS_AT_FIRST = 3.0


def polished(
    instance: Instance, plans: Sequence[Opened], prices: Prices, capacity_price: Floats, effort: Effort
) -> list[Opened]:
    """These plans, none of them dearer, after so much effort; the best first.

    A single plan is made better twice, with different chances. `capacity_price` [S]: the best known with any sources.
    """
    plans = [*plans, *plans] if len(plans) == 1 else plans

    def one(number: int) -> Opened:
        return _polished(instance, plans[number], prices, capacity_price, effort.numbered(number))

    return sorted(side_by_side(one, len(plans)), key=lambda plan: plan.cost)


def _polished(instance: Instance, plan: Opened, prices: Prices, capacity_price: Floats, effort: Effort) -> Opened:
    begun = effort.watch.clock()
    seconds = max(effort.deadline - begun, 1e-9)
    kept, opened = only_open(instance, plan.is_open)
    price = _best_prices(opened, plan, [capacity_prices(instance, prices), capacity_price.copy()])
    option = np.searchsorted(kept, plan.option)
    standing = standing_of(opened, option)
    rounds = Rounds(
        price=price,
        random=np.array([1 + effort.seed % (2**31 - 3)]),
        size=np.array([_GROUPS_AT_FIRST]),
        best=option.copy(),
        best_cost=standing.tally[:1].copy(),
    )
    choices = choices_of(opened, opened.option_cost + price[opened.option_source] * opened.option_weight)
    spare = _SPARE * _second_choice(opened, price)
    beside = plan.cost - int(standing.tally[0])  # for opening
    for done in range(0, effort.steps, _STAGE):
        if effort.is_over or is_best(int(rounds.best_cost[0]) + beside, prices):
            break
        ahead = max(done / effort.steps, (effort.watch.clock() - begun) / seconds)
        regrouped(opened, standing, choices, rounds, min(_STAGE, effort.steps - done), spare * max(1 - ahead, 0.0))
    best = kept[rounds.best]
    return Opened(is_open=plan.is_open, option=best, cost=cost_of(instance, best))


def _best_prices(opened: Instance, plan: Opened, starts: list[Floats]) -> Floats:
    """Prices of capacity that prove most of these sources, by ascent from these; they are changed.

    The more they prove, the fewer are the ways of a group that cost less than a limit.
    """
    ground = ground_of(opened, _second_choice(opened, starts[0]))
    proven = [max(value_of(ground, plan.is_open, price, np.inf) for _ in range(3)) for price in starts]
    return starts[int(np.argmax(proven))]


def _second_choice(instance: Instance, price: Floats) -> float:
    """What a typical order's second choice costs more than its first, capacity at these prices."""
    dear = instance.option_cost + price[instance.option_source] * instance.option_weight
    ranked = dear[np.lexsort((dear, instance.option_order))]
    several = np.diff(instance.option_start) > 1
    first = instance.option_start[:-1][several]
    return max(float(np.median(ranked[first + 1] - ranked[first])), 0.1) if len(first) else 0.1
