"""The search for a wave whose orders each ship as a whole from one source: WaveCase -> WaveFinding.

Prices of the orders first, then sets of sources to open, plans for the best of these sets by annealing, and programs
around the best plan. The same wave, seed and work limits give the same answer, unless time or the caller ends it.
"""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.exact.jit import IS_COMPILED
from solver.waves.case import NONE, PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.limits import Progress, Watch, WaveLimits
from solver.waves.single_source.ascent import Prices, ascended
from solver.waves.single_source.effort import Allowance
from solver.waves.single_source.improve import best_of_all, improved, is_best
from solver.waves.single_source.instance import Instance
from solver.waves.single_source.linear import capacity_bound
from solver.waves.single_source.openings import Opened, planned, promising_sets
from solver.waves.single_source.polish import polished
from solver.waves.single_source.reading import Reading, read
from solver.waves.single_source.walk import helps, walked

Floats = NDArray[np.float64]
_SETS, _BEST_SETS = 10, 2  # of sources: planned in short, and at length
_RESTARTS, _TRIES, _TRIES_PER_MOVE = 16, 75_000, 1.25  # of the search for sets, at most
_PROGRAMS, _PROGRAM_SECONDS = 30, 3.0
_SOME, _BEST, _STEPS_PER_MOVE, _MOST_STEPS = 4, 2, 2000, 200_000_000  # plans made better, and steps for each
_FEW_OPTIONS, _FEWER_MOVES = 300, 40
_WALK_STEPS_PER_MOVE, _MOST_WALK_STEPS = 10_000, 5_000_000_000
# Of the time allowed, each step ends at the latest after:
_FOR_PRICES, _FOR_SETS, _FOR_PLANS, _FOR_ANY_PLAN = 0.1, 0.3, 0.4, 0.9
_FOR_SOME, _FOR_POLISH, _FOR_PROGRAMS = 0.5, 0.85, 0.97
_FOR_WALKS, _FOR_POLISH_AFTER_WALKS = 0.8, 0.92
_FOR_FIRST_PROGRAM = 0.15  # of the time allowed, from when it begins


def search(case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding | None:
    """The best plan found, and the bound that prices of capacity prove; None for a wave that is not such a one."""
    reading = read(case) if IS_COMPILED else None  # uncompiled, its many small moves would take hours
    if reading is None:
        return None
    allowance = Allowance(limits=limits, watch=watch, begun=watch.clock())
    passes = max(1, limits.passes)
    linear = capacity_bound(reading.instance, passes)
    prices = ascended(reading.instance, linear[1] / PRICES_PER_MINOR, passes, watch, allowance.until(_FOR_PRICES))
    plans = _planned(reading, prices, allowance)
    if not plans:
        return None
    plan, is_known = plans[0], is_best(plans[0].cost, prices)
    if limits.columns and not is_known and not watch.is_cancelled():
        left = allowance.until(_FOR_PROGRAMS) - watch.clock()
        seconds = min(_PROGRAM_SECONDS, _FOR_FIRST_PROGRAM * allowance.seconds, left)
        plan, is_known = best_of_all(reading.instance, plan, seconds=seconds)
    if not is_known:
        plan = _improved(reading.instance, [plan, *plans[1:]], prices, linear[1] / PRICES_PER_MINOR, allowance)
    reason = "cancelled" if watch.is_cancelled() else "passes"
    if allowance.is_late(_FOR_PLANS):
        reason = "time_limit"
    return _finding(case, reading, prices, plan, linear, "optimal" if is_best(plan.cost, prices) else reason)


def _planned(reading: Reading, prices: Prices, allowance: Allowance) -> list[Opened]:
    """Plans over the most promising sets of open sources, the best first; several where there is one set only."""
    instance, limits, watch = reading.instance, allowance.limits, allowance.watch
    sets = promising_sets(
        instance,
        prices,
        restarts=_RESTARTS,
        tries=min(_TRIES, int(_TRIES_PER_MOVE * limits.moves * instance.sources)),
        seed=limits.seed,
        watch=watch,
        deadline=allowance.until(_FOR_SETS),
    )
    if len(sets) == 1:
        sets *= _SETS
    found: list[Opened] = []
    stages = ((_SETS, limits.moves * instance.orders // 2),
              (_BEST_SETS, 4 * limits.moves * instance.orders))  # fmt: skip
    everything = np.ones(instance.sources, dtype=np.bool_)
    for stage, (many, moves) in enumerate(stages):
        found.sort(key=lambda one: one.cost)
        for number, is_open in enumerate([*([one.is_open for one in found] if stage else sets)][:many] or [everything]):
            part = _FOR_PLANS if any(_ships_all(instance, one) for one in found) else _FOR_ANY_PLAN
            late = allowance.is_late(part) or watch.is_cancelled()
            if found and (late or is_best(min(one.cost for one in found), prices)):
                break
            seed = limits.seed + 7919 * number + 104_729 * stage
            plan = planned(instance, is_open, prices, moves=moves, seed=seed)
            if plan is not None:
                found.append(plan)
                best = min(one.cost for one in found)
                seconds = watch.clock() - allowance.begun
                watch.tell(Progress(stage="plan", total=best, bound=prices.bound, seconds=seconds))
    return sorted(found, key=lambda one: one.cost)


def _improved(
    instance: Instance, plans: list[Opened], prices: Prices, capacity_price: Floats, allowance: Allowance
) -> Opened:
    """The best of these plans made better, at length, by searches and then by programs."""
    plans = _made_better(instance, plans, prices, capacity_price, allowance)
    if not allowance.limits.columns or is_best(plans[0].cost, prices):
        return plans[0]
    return improved(
        instance,
        plans,
        prices,
        programs=_PROGRAMS,
        program_seconds=_PROGRAM_SECONDS,
        seed=allowance.limits.seed,
        watch=allowance.watch,
        deadline=allowance.until(_FOR_PROGRAMS),
    )


def _made_better(
    instance: Instance, plans: list[Opened], prices: Prices, capacity_price: Floats, allowance: Allowance
) -> list[Opened]:
    """Plans no dearer than these, the best first: by walks where these help, and by placing groups anew."""
    moves = allowance.limits.moves * instance.orders
    if len(instance.option_order) <= _FEW_OPTIONS:
        moves //= _FEWER_MOVES  # a program over all of them proves the best soon
    polish = _FOR_POLISH
    if helps(instance):
        polish = _FOR_POLISH_AFTER_WALKS
        walks = allowance.effort(min(_MOST_WALK_STEPS, moves * _WALK_STEPS_PER_MOVE), _FOR_WALKS)
        plans = walked(instance, plans, prices, capacity_price, walks)
    steps = min(_MOST_STEPS, moves * _STEPS_PER_MOVE)
    for many, part, share in ((_SOME, 0.1, _FOR_SOME), (_BEST, 1.0, polish)):
        effort = allowance.effort(int(part * steps), share)
        plans = polished(instance, _different(plans)[:many], prices, capacity_price, effort)
    return plans


def _different(plans: list[Opened]) -> list[Opened]:
    """The best plan of every set of sources first, then the others."""
    first = {one.is_open.tobytes(): number for number, one in reversed(list(enumerate(plans)))}
    numbers = sorted(range(len(plans)), key=lambda number: first[plans[number].is_open.tobytes()] != number)
    return [plans[number] for number in numbers]


def _ships_all(instance: Instance, plan: Opened) -> bool:
    return not np.any(instance.option_source[plan.option] == instance.sources - 1)


def _finding(
    case: WaveCase, reading: Reading, prices: Prices, plan: Opened, linear: tuple[int, Ints], reason: str
) -> WaveFinding:
    bound, by_source = linear
    entry = np.full(case.orders, NONE, dtype=np.int64)
    entry[reading.order] = reading.entry[plan.option]
    ships = entry != NONE
    whole = np.diff(case.leave_start) - 1
    resource_prices = np.zeros(case.resources, dtype=np.int64)
    held = reading.resource != NONE
    resource_prices[reading.resource[held]] = by_source[:-1][held]
    floors = PRICES_PER_MINOR * int(case.order_floor.sum())
    order_prices = np.zeros(case.orders, dtype=np.int64)
    order_prices[reading.order] = prices.price
    return WaveFinding(
        share_start=np.concatenate(([0], np.cumsum(ships))).astype(np.int64),
        share_entry=entry[ships],
        left=np.where(ships, 0, whole).astype(np.int64),
        total=plan.cost,
        bound=bound + floors,
        prices=resource_prices,
        reason=reason,
        packed_bound=prices.bound + floors,
        order_prices=order_prices,
        packed=reading.resource[held],
    )
