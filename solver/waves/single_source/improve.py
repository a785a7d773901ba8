"""Improvement by programs: over all orders and the options that seem best, then around one source after another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.waves.limits import Watch
from solver.waves.single_source.ascent import Prices
from solver.waves.single_source.instance import PRICES_PER_MINOR, Instance
from solver.waves.single_source.neighbourhood import reassigned
from solver.waves.single_source.openings import Opened, capacity_prices
from solver.waves.single_source.plans import cost_of

Flags = NDArray[np.bool_]
_OPTIONS_PER_ORDER = 1.0, 2.0, 3.0  # in the programs over all orders
_WIDE = 4.0  # and in those around a source
_MOST_COLUMNS = 2500
_FEW_COLUMNS = 1300  # so many options may all be put into the first program
_LEAST_SECONDS = 0.05  # that a program is worth starting for
_FIRST_ORDERS, _MOST_ORDERS, _GROWTH = 30, 90, 1.25
_NODES = 2000


def improved(
    instance: Instance,
    plans: Sequence[Opened],
    prices: Prices,
    *,
    programs: int,
    program_seconds: float,
    seed: int,
    watch: Watch,
    deadline: float,
) -> Opened:
    """The first of these plans after so many programs, or at the deadline, or when it is proven best.

    What the others chose with the same sources open is put together anew with it.
    """
    plan = plans[0]
    option = plan.option
    reduced = _reduced_costs(instance, plan, prices)
    rng = np.random.default_rng(seed)
    orders = float(_FIRST_ORDERS)
    everyone, everything = np.ones(instance.orders, dtype=np.bool_), np.ones(len(reduced), dtype=np.bool_)
    wide = _kept(instance, reduced, _WIDE)
    chosen = np.zeros(len(reduced), dtype=np.bool_)
    for one in plans:
        if np.array_equal(one.is_open, plan.is_open):
            chosen[one.option] = True
    for number in range(programs):
        seconds = min(program_seconds, deadline - watch.clock())
        cost = cost_of(instance, option)
        if seconds < _LEAST_SECONDS or watch.is_cancelled() or is_best(cost, prices):
            break
        free, keep = everyone, everything
        if number > 0 and number <= len(_OPTIONS_PER_ORDER):
            keep = chosen | _kept(instance, reduced, _OPTIONS_PER_ORDER[number - 1])
        elif number > 0:
            free, among = _around(instance, option, wide, int(rng.integers(instance.orders)), int(orders))
            keep = wide & among[instance.option_source]
        if keep[free[instance.option_order]].sum() > (_MOST_COLUMNS if number else _FEW_COLUMNS):
            continue
        option, is_best_of_these = reassigned(instance, option, free=free, keep=keep, seconds=seconds, nodes=_NODES)
        if is_best_of_these and number == 0:
            break
        if cost_of(instance, option) == cost and free is not everyone:
            orders = min(orders * _GROWTH, _MOST_ORDERS)
    return Opened(is_open=plan.is_open, option=option, cost=cost_of(instance, option))


def best_of_all(instance: Instance, plan: Opened, *, seconds: float) -> tuple[Opened, bool]:
    """The plan after a program over all options, where these are few; and whether that knows it to be the best.

    Over few options it ends long before walks do.
    """
    if len(instance.option_order) > _FEW_COLUMNS or seconds < _LEAST_SECONDS:
        return plan, False
    everyone, everything = np.ones(instance.orders, dtype=np.bool_), np.ones(len(instance.option_order), dtype=np.bool_)
    option, is_known = reassigned(instance, plan.option, free=everyone, keep=everything, seconds=seconds, nodes=_NODES)
    is_open = plan.is_open.copy()
    is_open[instance.option_source[option]] = True
    return Opened(is_open=is_open, option=option, cost=cost_of(instance, option)), is_known


def is_best(cost: int, prices: Prices) -> bool:
    """True when no plan can cost less: costs are whole minor units."""
    return (cost - 1) * PRICES_PER_MINOR < prices.bound


def _reduced_costs(instance: Instance, plan: Opened, prices: Prices) -> NDArray[np.float64]:
    """What each option costs beyond its order's price, capacity at its price; infinite at closed sources."""
    dear = instance.option_cost + capacity_prices(instance, prices)[instance.option_source] * instance.option_weight
    dear = np.where(plan.is_open[instance.option_source], dear, np.inf)
    least = np.minimum.reduceat(dear, instance.option_start[:-1])
    return np.asarray(dear - least[instance.option_order], dtype=np.float64)


def _kept(instance: Instance, reduced: NDArray[np.float64], per_order: float) -> Flags:
    """The options of least reduced cost, so many for each order on average."""
    many = min(int(per_order * instance.orders), len(reduced)) - 1
    return np.asarray(reduced <= min(np.partition(reduced, many)[many], np.finfo(np.float64).max))


def _around(instance: Instance, option: Ints, keep: Flags, order: int, orders: int) -> tuple[Flags, Flags]:
    """The orders of the source that has this order, and of those that exchange most with it; and these sources."""
    source = instance.option_source[option]
    middle = source[order]
    out = keep & (source[instance.option_order] == middle)
    into = keep & (instance.option_source == middle)
    ties = np.bincount(instance.option_source[out], minlength=instance.sources)
    ties += np.bincount(source[instance.option_order[into]], minlength=instance.sources)
    ties[middle] = len(ties) + int(ties.sum())
    among = np.zeros(instance.sources, dtype=np.bool_)
    held = np.bincount(source, minlength=instance.sources)
    free = 0
    for one in np.argsort(-ties, kind="stable"):
        if free + held[one] > orders and free:
            break
        among[one] = True
        free += int(held[one])
    return np.asarray(among[source]), among
