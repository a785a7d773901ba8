"""WaveCase -> WaveFinding: prices, plans by them, local search, the best plans put together anew, small waves parted.

The same case, seed and work limits give the same answer on any number of threads, if neither time nor a caller ends it.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from solver.waves.branching.tree import branched
from solver.waves.case import PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.engine.alone import decided_alone
from solver.waves.engine.ascent import Priced, ascend
from solver.waves.engine.budget import Budget, Pace
from solver.waves.engine.crew import Crew, crew_of
from solver.waves.engine.finding import finding_of, total_of
from solver.waves.engine.narrowing import Narrowing
from solver.waves.engine.passes import Passes
from solver.waves.engine.planning import Planning, are_few
from solver.waves.limits import Progress, Watch, WaveLimits
from solver.waves.single_source.search import search as search_single_source

_FIRST_STEP = 0.03  # of what an order costs on average
_TIME_FOR_PRICES, _TIME_FOR_FEW_PRICES = 0.4, 0.3  # of all
_SEARCHED_AT, _FEW_SEARCHED_AT = 0.9, 0.25  # of all; few orders gain more from what is put together anew


def search(case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding:
    """The best plans found for a wave, and a bound that its prices prove.

    Raises ValueError for an order that can neither be shipped nor left.
    """
    budget = Budget(limits, watch)
    with crew_of(case.orders) as crew:
        passes = Passes(case, crew)
        found, bound = decided_alone(case, passes)
        if found is not None:
            return found
        found = search_single_source(case, replace(limits, time_limit_seconds=budget.left), watch)
        if found is None:
            best = _priced(case, passes, limits, budget, crew, bound)
            found = _planned(case, best, limits, budget, crew)
        return branched(case, found, limits.branches, budget, crew)


def _priced(case: WaveCase, passes: Passes, limits: WaveLimits, budget: Budget, crew: Crew, bound: int) -> Priced:
    """The pass of the highest bound."""
    until = _TIME_FOR_FEW_PRICES if are_few(case) else _TIME_FOR_PRICES
    pace = Pace(budget, max(1, limits.passes), until)
    narrowing = Narrowing(case, passes, crew, pace)
    start = np.zeros(case.resources, np.int64)
    first_step = max(PRICES_PER_MINOR, _FIRST_STEP * abs(bound) / max(1, case.orders))
    found: list[Priced] = []
    for one in ascend(narrowing.at, passes.resources, start, first_step=first_step, passes=pace.steps):
        found = [one if other.bound <= one.bound and other.is_proven == one.is_proven else other for other in found]
        if all(other.is_proven != one.is_proven for other in found):
            found.append(one)
        if budget.is_over(until):
            break
    proven = [one if one.is_proven else passes.at(one.prices) for one in found]
    return max(proven, key=lambda one: one.bound)


def _planned(case: WaveCase, best: Priced, limits: WaveLimits, budget: Budget, crew: Crew) -> WaveFinding:
    within = best.bound - int(case.order_floor.sum()) * PRICES_PER_MINOR
    planning = Planning(case, best.prices, within, limits, crew)
    planning.by_prices()
    planning.fill_up()
    until = _FEW_SEARCHED_AT if are_few(case) else _SEARCHED_AT
    for stage in _stages(planning, limits, budget, until):
        total = planning.keep_best()
        if total * PRICES_PER_MINOR <= within:
            break
        budget.watch.tell(Progress(stage=stage, total=total, bound=best.bound, seconds=budget.seconds))
    planning.fill_up()
    plans, used = planning.best()
    total = total_of(case, plans, used)
    reason = budget.reason or ("time_limit" if planning.has_left_out_rounds else "passes")
    reason = "optimal" if total * PRICES_PER_MINOR <= within else reason
    return finding_of(plans, total, best.bound, best.prices, reason)


def _stages(planning: Planning, limits: WaveLimits, budget: Budget, searched_at: float) -> Iterator[str]:
    yield "plan"
    until = searched_at if limits.columns else 1.0
    for _ in planning.rounds(budget.spent_until(until)):
        yield "search"
    if limits.columns:
        for _ in planning.masters(budget):
            yield "master"
