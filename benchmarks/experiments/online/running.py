"""A sequence of orders decided one by one on live stock under prices, compiled."""

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.experiments.online.world import Instance
from solver.foresight.kinds import Floats, Ints
from solver.foresight.least_kernels import least
from solver.sourcing.exact.jit import compiled

COST, PACKAGES, ORDERS, SPLIT, MULTI, UNSERVED = range(6)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrays:
    """What the loop reads, laid out for it."""

    items: Ints  # [K, D]
    units: Ints
    sizes: Ints  # [K]
    package: Floats  # [K, N]
    unit: Floats  # [K, N, D], of all units of the line


def arrays_of(made: Instance) -> Arrays:
    """Laid out once for an instance."""
    kinds, costs = made.kinds, made.costs
    sources, items = made.stock.shape
    by_item = np.broadcast_to(costs.unit, (*costs.package.shape, items))
    picked = by_item[kinds.region[:, None], :, np.maximum(kinds.items, 0)] * kinds.units[:, :, None]
    assert picked.shape[2] == sources
    return Arrays(
        items=kinds.items,
        units=kinds.units,
        sizes=(kinds.units > 0).sum(axis=1),
        package=np.ascontiguousarray(costs.package[kinds.region]),
        unit=np.ascontiguousarray(picked.transpose(0, 2, 1)),
    )


def run(of: Arrays, sequence: Ints, stock: Floats, prices: Floats, sums: Floats, *, closest: bool = False) -> None:
    """Decide the orders of `sequence`, count `stock` down and add to `sums`."""
    _run(sequence, stock, prices, of.package, of.unit, of.items, of.units, of.sizes, sums, closest)


def decide(of: Arrays, kind: int, stock: Floats, prices: Floats, chosen: Ints) -> float:
    """One order's cheapest sources under the prices, without taking them."""
    return _least_of(kind, stock, prices, of.package, of.unit, of.items, of.units, of.sizes, chosen)


@compiled
def _least_of(
    kind: int,
    stock: Floats,
    prices: Floats,
    package: Floats,
    unit: Floats,
    items: Ints,
    units: Ints,
    sizes: Ints,
    chosen: Ints,
) -> float:
    cost = np.empty((stock.shape[0], items.shape[1]))
    _priced(kind, stock, prices, unit, items, units, sizes, cost)
    return least(package[kind], cost, sizes[kind], chosen)


@compiled
def _run(
    sequence: Ints,
    stock: Floats,
    prices: Floats,
    package: Floats,
    unit: Floats,
    items: Ints,
    units: Ints,
    sizes: Ints,
    sums: Floats,
    closest: bool,  # noqa: FBT001 - numba has no keyword-only arguments
) -> None:
    sources = stock.shape[0]
    cost = np.empty((sources, items.shape[1]))
    chosen = np.zeros(items.shape[1], np.int64)
    opened = np.zeros(sources, np.int64)
    for kind in sequence:
        if kind < 0:
            continue
        count = sizes[kind]
        if closest:
            _nearest(kind, stock, unit, items, units, count, chosen)
        else:
            _priced(kind, stock, prices, unit, items, units, sizes, cost)
            least(package[kind], cost, count, chosen)
        opened[:] = 0
        for at in range(count):
            source, item = chosen[at], items[kind, at]
            sums[COST] += unit[kind, source, at]
            sums[UNSERVED] += source == sources - 1
            opened[source] = 1
            if stock[source, item] < np.inf:
                stock[source, item] -= units[kind, at]
        packages = 0
        for source in range(sources):
            if opened[source]:
                sums[COST] += package[kind, source]
                packages += 1
        sums[ORDERS] += 1
        sums[PACKAGES] += packages
        sums[MULTI] += count > 1
        sums[SPLIT] += packages > 1


@compiled
def _priced(
    kind: int,
    stock: Floats,
    prices: Floats,
    unit: Floats,
    items: Ints,
    units: Ints,
    sizes: Ints,
    cost: Floats,
) -> None:
    for source in range(stock.shape[0]):
        for at in range(sizes[kind]):
            item = items[kind, at]
            if stock[source, item] >= units[kind, at]:
                cost[source, at] = unit[kind, source, at] + units[kind, at] * prices[source, item]
            else:
                cost[source, at] = np.inf


@compiled
def _nearest(kind: int, stock: Floats, unit: Floats, items: Ints, units: Ints, count: int, chosen: Ints) -> None:
    for at in range(count):
        best = math.inf
        for source in range(stock.shape[0]):
            if stock[source, items[kind, at]] >= units[kind, at] and unit[kind, source, at] < best:
                best = unit[kind, source, at]
                chosen[at] = source
