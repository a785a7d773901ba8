"""Instances of the literature's online problem, after Ma 2023 and Jasin and Sinha 2015.

A package costs 8.759, a unit in it 0.423 + 0.000541 a mile. Orders come one in a period, of random kinds to regions by
their population; every item is kept at a source with some probability, and a source stocks the expected demand of the
regions that it is the closest keeping source of, and half a standard deviation. What nobody ships comes from a last
source without end, at twice the cost of a package and twice the dearest lane's cost of a unit.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from solver.foresight.kinds import Costs, Floats, Ints, Kinds

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "online_network"
PACKAGE, UNIT, MILE = 8.759, 0.423, 0.000541
EARTH_KM, KM_PER_MILE = 6371.0, 1.61


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large instances are; `keep` is how probable it is that a source keeps an item."""

    cities: int
    items: int
    largest_order: int
    kinds_per_size: int
    periods: int
    keep: float
    small_network: bool


E1 = Size(cities=10, items=20, largest_order=5, kinds_per_size=5, periods=10_000, keep=0.75, small_network=True)
E2 = Size(cities=99, items=100, largest_order=10, kinds_per_size=10, periods=100_000, keep=0.5, small_network=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """`rates` [K]: how often a kind comes in a period, empty orders left out. The last source is the endless one."""

    kinds: Kinds
    costs: Costs
    rates: Floats
    stock: Floats  # [N, M]
    periods: int


def places(size: Size) -> tuple[Floats, Floats, Floats]:
    """Sources [N, 2] and cities [R, 2] as latitude and longitude, and the cities' share of the population."""
    suffix = "_warmup" if size.small_network else ""
    sources = [row for row in _rows(f"fulfillment_centers{suffix}.csv") if row]
    cities = [row for row in _rows(f"cities{suffix}.csv") if row][: size.cities]
    people = np.array([float(row[4]) for row in cities])
    return _points(sources, 2), _points(cities, 2), people / people.sum()


def instance(size: Size, seed: int) -> Instance:
    """The instance of a seed."""
    rng = np.random.default_rng(seed)
    sources, cities, people = places(size)
    unit = UNIT + MILE * miles(cities, sources)  # [R, N]
    sets, often = _sets(size, rng)
    keeps = rng.random((len(sources), size.items)) < size.keep
    kinds = Kinds.of([(region, dict.fromkeys(chosen, 1)) for chosen in sets for region in range(len(cities))])
    rates = np.array([share * part for share in often for part in people])
    demand = _demand(kinds, rates, unit, keeps)
    stock = np.round(size.periods * demand + 0.5 * np.sqrt(size.periods * demand * (1 - demand)))
    dummy = np.full((1, size.items), np.inf)
    package = np.full((len(cities), len(sources) + 1), PACKAGE)
    package[:, -1] *= 2
    with_dummy = np.hstack([unit, np.full((len(cities), 1), 2 * unit.max())])
    costs = Costs(package=package, unit=with_dummy[:, :, None])
    return Instance(kinds=kinds, costs=costs, rates=rates, stock=np.vstack([stock, dummy]), periods=size.periods)


def arrivals(made: Instance, rates: Sequence[Floats], seed: int) -> Ints:
    """A kind for every period, -1 where nobody orders anything. `rates` are those of equal parts of the horizon."""
    rng = np.random.default_rng(seed)
    parts = np.array_split(np.arange(made.periods), len(rates))
    drawn = [_draw(of, len(part), rng) for of, part in zip(rates, parts, strict=True)]
    return np.concatenate(drawn)


def shorter(size: Size, periods: int) -> Size:
    """The same with fewer orders, and stock for them."""
    return replace(size, periods=periods)


def miles(one: Floats, other: Floats) -> Floats:
    """Haversine from every place to every other one."""
    a, b = np.radians(one)[:, None, :], np.radians(other)[None, :, :]
    half = np.sin((a - b) / 2) ** 2
    inner = half[..., 0] + np.cos(a[..., 0]) * np.cos(b[..., 0]) * half[..., 1]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(inner)) / KM_PER_MILE)


def _draw(rates: Floats, periods: int, rng: np.random.Generator) -> Ints:
    edges = np.cumsum(rates)
    found = np.searchsorted(edges, rng.random(periods), side="right")
    return np.where(found < len(rates), found, -1)


def _sets(size: Size, rng: np.random.Generator) -> tuple[list[list[int]], list[float]]:
    """Item sets, and how often each is ordered; the empty order has its share too."""
    weights = rng.random(size.largest_order + 1)
    weights /= weights.sum()
    sets, often = [], []
    for items in range(1, size.largest_order + 1):
        within = rng.random(size.kinds_per_size)
        for share in within / within.sum():
            sets.append(sorted(int(item) for item in rng.choice(size.items, items, replace=False)))
            often.append(float(weights[items] * share))
    return sets, often


def _demand(
    kinds: Kinds, rates: Floats, unit: Floats, keeps: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> Floats:
    """What each source is asked for in a period where every region asks its closest keeping source, [N, M]."""
    sources, items = keeps.shape
    demand = np.zeros((sources, items))
    for item in range(items):
        if not keeps[:, item].any():
            continue
        closest = np.where(keeps[:, item], unit, np.inf).argmin(axis=1)  # [R]
        wanted = rates * ((kinds.items == item) * kinds.units).sum(axis=1)
        np.add.at(demand[:, item], closest[kinds.region], wanted)
    return demand


def _points(rows: Sequence[Sequence[str]], start: int) -> Floats:
    return np.array([[float(row[start]), float(row[start + 1])] for row in rows])


def _rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
