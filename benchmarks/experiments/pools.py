"""Pools of orders that were assigned one by one as they came, on stock that lies in one of three placements.

65 % of the orders are one unit, the others have a geometric number of lines of mean 2.3 (one line: two units).
Eight warehouses; an item's popularity is Zipf 0.9, it lies at one to four of them, in parts drawn alike, some of it
left unassigned in the end. A promise can be kept from the four to eight nearest warehouses. Each order was given the
fewest shipments that the stock of its moment allowed, of these the nearest.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from solver.sourcing.exact.jit import compiled
from solver.waves.re_evaluation import Flags, Ints, Pool

ITEMS, SOURCES = 5_000, 8
SINGLES, MEAN_LINES, POPULARITY = 0.65, 2.3, 0.9
NEAREST, MOST_PLACES = (4, 8), 4
HUB = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where items lie, and whether items of one order belong together.

    `has_hub`: every item lies at one warehouse, its other places are drawn. `departments`: so many there are, each with
    four warehouses in a sequence; an item lies at the first of those of its department. `together` is the chance that
    a further line of an order is of the first one's department.
    """

    meaning: str
    has_hub: bool = False
    departments: int = 0
    together: float = 0.0


PLACEMENTS = {
    "drawn alike": Placement(meaning="an item's warehouses are drawn, each item by itself"),
    "with a hub": Placement(meaning="one warehouse keeps every item, its other places are drawn", has_hub=True),
    "by departments": Placement(
        meaning="twelve departments, each in four warehouses: the main one keeps all of its items, the fourth a few",
        departments=12,
        together=0.7,
    ),
}


def assigned_pool(
    seed: int, orders: int, items: int, *, unassigned: float, placement: Placement = PLACEMENTS["drawn alike"]
) -> Pool:
    """Orders drawn and assigned; those that the stock of their moment cannot fill are not in the pool."""
    rng = random.Random(seed)
    baskets = _Baskets(items, placement)
    lines = [baskets.lines(rng) for _ in range(orders)]
    start = np.cumsum([0, *map(len, lines)])
    item = np.array([one for of in lines for one, _ in of], dtype=np.int64)
    units = np.array([count for of in lines for _, count in of], dtype=np.int64)
    ranked = np.array([rng.sample(range(SOURCES), SOURCES) for _ in range(orders)], dtype=np.int64)
    reach = np.array([rng.randint(*NEAREST) for _ in range(orders)])
    rank_of = np.argsort(ranked, axis=1)
    may_ship = rank_of < reach[:, None]
    demand = np.bincount(item, units, minlength=items).astype(np.int64)
    free = _stock(rng, demand, 1 / (1 - unassigned), placement)
    source = np.full(len(item), -1, dtype=np.int64)
    _assign(start, item, units, may_ship, rank_of, free, source)
    kept = np.minimum.reduceat(source, start[:-1]) >= 0
    of_kept = np.repeat(kept, np.diff(start))
    return Pool(
        line_start=np.concatenate([[0], np.cumsum(np.diff(start)[kept])]),
        item=item[of_kept],
        units=units[of_kept],
        source=source[of_kept],
        may_ship=may_ship[kept],
        free=free,
    )


def check(pool: Pool, source: Ints, free: Ints) -> None:
    """Stock adds up, nothing is below 0, every promise is kept."""
    before, after = pool.free.copy(), free.copy()
    np.add.at(before, (pool.source, pool.item), pool.units)
    np.add.at(after, (source, pool.item), pool.units)
    assert (before == after).all(), "no unit is lost or made"
    assert (free >= 0).all(), "no source gives what it does not have"
    order_of = np.repeat(np.arange(len(pool)), np.diff(pool.line_start))
    assert pool.may_ship[order_of, source].all(), "every promise is kept"


class _Baskets:
    """Draws what orders ask for."""

    def __init__(self, items: int, placement: Placement) -> None:
        self._items, self._placement = items, placement
        self._of_all = self._popularity(range(items))
        self._of_department = [
            self._popularity(range(first, items, placement.departments)) for first in range(placement.departments)
        ]

    def lines(self, rng: random.Random) -> list[tuple[int, int]]:
        """An order's items with their units."""
        count, units = 1, 1
        if rng.random() >= SINGLES:
            while rng.random() > 1 / MEAN_LINES and count < min(SOURCES, self._items):
                count += 1
            units = 2 if count == 1 else 1
        chosen: dict[int, int] = {}
        while len(chosen) < count:
            chosen[self._further(rng, next(iter(chosen), None))] = units
        return sorted(chosen.items())

    def _further(self, rng: random.Random, first: int | None) -> int:
        departments = self._placement.departments
        if first is None or not departments or rng.random() >= self._placement.together:
            return bisect_right(self._of_all, rng.random() * self._of_all[-1])
        department = first % departments
        weights = self._of_department[department]
        return department + departments * bisect_right(weights, rng.random() * weights[-1])

    @staticmethod
    def _popularity(items: Sequence[int]) -> list[float]:
        return list(accumulate((item + 1) ** -POPULARITY for item in items))


def _stock(rng: random.Random, demand: Ints, by_demand: float, placement: Placement) -> Ints:
    stock = np.zeros((SOURCES, len(demand)), dtype=np.int64)
    sequences = [rng.sample(range(SOURCES), MOST_PLACES) for _ in range(placement.departments)]
    for item, units in enumerate(demand.tolist()):
        if sequences:
            places = sequences[item % len(sequences)][: rng.randint(1, MOST_PLACES)]
        elif placement.has_hub:
            places = [HUB, *rng.sample(range(HUB + 1, SOURCES), rng.randint(0, MOST_PLACES - 1))]
        else:
            places = rng.sample(range(SOURCES), rng.randint(1, MOST_PLACES))
        for _ in range(round(by_demand * units)):
            stock[rng.choice(places), item] += 1
    return stock


@compiled
def _assign(start: Ints, item: Ints, units: Ints, may_ship: Flags, rank_of: Ints, free: Ints, source: Ints) -> None:
    sources = free.shape[0]
    for order in range(start.size - 1):
        best, best_set = np.inf, 0
        for opened in range(1, 1 << sources):
            cost = 0.0
            for one in range(sources):
                if opened >> one & 1:
                    cost += 1_000.0 + rank_of[order, one]
            if cost >= best:
                continue
            if _fills(opened, order, start, item, units, may_ship, free):
                best, best_set = cost, opened
        for line in range(start[order], start[order + 1]):
            for one in range(sources):
                if best_set >> one & 1 and may_ship[order, one] and free[one, item[line]] >= units[line]:
                    source[line] = one
                    free[one, item[line]] -= units[line]
                    break


@compiled
def _fills(opened: int, order: int, start: Ints, item: Ints, units: Ints, may_ship: Flags, free: Ints) -> bool:
    for line in range(start[order], start[order + 1]):
        found = False
        for one in range(free.shape[0]):
            if opened >> one & 1 and may_ship[order, one] and free[one, item[line]] >= units[line]:
                found = True
                break
        if not found:
            return False
    return True
