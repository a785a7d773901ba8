"""E6: a pool of 100,000 orders, assigned one by one as they came, looked at again before they are picked.

65 % of the orders are one unit, the others have a geometric number of lines of mean 2.3 (one line: two units).
Eight warehouses; an item's popularity is Zipf 0.9, it lies at one to four of them, in parts drawn alike, some of it
left unassigned in the end. A promise can be kept from the four to eight nearest warehouses. Each order was given the
fewest shipments that the stock of its moment allowed, of these the nearest.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from statistics import fmean

import numpy as np

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.svg import Spread, dots
from solver.sourcing.exact.jit import compiled
from solver.waves.re_evaluation import Flags, Ints, Pool, least_shipments, re_evaluate, shipments

ORDERS, ITEMS, SOURCES, SEED = 100_000, 5_000, 8, 1
QUICK_ORDERS, QUICK_ITEMS = 800, 50
SINGLES, MEAN_LINES, POPULARITY = 0.65, 2.3, 0.9
UNASSIGNED, MAY_MOVE = (0.1, 0.2, 0.3), (3, 100)  # shares of the stock; orders of a thousand
NEAREST = (4, 8)


def run(extent: Extent) -> Found:
    """Pools of several seeds, and of shares of the orders that may move."""
    seeds = range(SEED, SEED + extent.pick(1, 3, 10))
    cases = [(unassigned, seed) for unassigned in (UNASSIGNED[:1] if extent.is_quick else UNASSIGNED) for seed in seeds]
    looked = extent.over(partial(_looked_again, is_quick=extent.is_quick), cases)
    rows, figures, spreads = [], {}, {}
    for unassigned in dict.fromkeys(unassigned for unassigned, _ in cases):
        for permille in looked[0]:
            of = [one[permille] for (own, _), one in zip(cases, looked, strict=True) if own == unassigned]
            name = f"{unassigned:.0%} unassigned, {permille / 10:g} % may move"
            rows.append(_row(unassigned, permille, of))
            figures[f"{unassigned}, {permille}: after"] = fmean(one.after for one in of)
            figures[f"{unassigned}, {permille}: moved"] = fmean(one.moved for one in of)
            spreads[name] = {
                title: _spread([share(one) for one in of])
                for title, share in (("of those above the bound", Looked.needless), ("of all extra ones", Looked.extra))
            }
        figures[f"{unassigned}: before"] = fmean(one.before for one in of)
        figures[f"{unassigned}: bound"] = fmean(one.bound for one in of)
    headings = (
        "unassigned stock", "may move", "orders", "shipments before", "after", "bound", "above the bound, removed", "±",
        "of all extra, removed", "left above the bound", "moved", "CPU s",
    )  # fmt: skip
    plot = dots("E6: shipments saved by looking again", "% removed, with 95 % intervals", spreads)
    return Found(
        text=f"{len(seeds)} pools each.\n\n{table(headings, rows)}",
        plots={"re_evaluation.svg": plot},
        figures=figures,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Shipments of a pool before and after, and the bound; orders in all and moved."""

    orders: int
    before: int
    after: int
    bound: int
    moved: int
    seconds: float

    def needless(self) -> float:
        """The share of the shipments above the bound that was saved."""
        return (self.before - self.after) / (self.before - self.bound)

    def extra(self) -> float:
        """The share of the shipments beyond one an order that was saved, avoidable or not."""
        return (self.before - self.after) / (self.before - self.orders)


def _looked_again(case: tuple[float, int], *, is_quick: bool) -> dict[int, Looked]:
    """By how many orders of a thousand may move."""
    unassigned, seed = case
    pool = assigned_pool(
        seed, QUICK_ORDERS if is_quick else ORDERS, QUICK_ITEMS if is_quick else ITEMS, unassigned=unassigned
    )
    before, bound = int(shipments(pool, pool.source).sum()), int(least_shipments(pool).sum())
    looked = {}
    for permille in MAY_MOVE[-1:] if is_quick else MAY_MOVE:
        begun = time.process_time()
        found = re_evaluate(pool, most_moved_permille=permille)
        seconds = time.process_time() - begun
        check(pool, found.source, found.free)
        looked[permille] = Looked(
            orders=len(pool),
            before=before,
            after=int(shipments(pool, found.source).sum()),
            bound=bound,
            moved=int(found.moved.sum()),
            seconds=seconds,
        )
    return looked


def assigned_pool(seed: int, orders: int, items: int, *, unassigned: float) -> Pool:
    """Orders drawn and assigned; those that the stock of their moment cannot fill are not in the pool."""
    rng = random.Random(seed)
    popularity = list(accumulate((rank + 1) ** -POPULARITY for rank in range(items)))
    lines = [_lines(rng, popularity, items) for _ in range(orders)]
    start = np.cumsum([0, *map(len, lines)])
    item = np.array([one for of in lines for one, _ in of], dtype=np.int64)
    units = np.array([count for of in lines for _, count in of], dtype=np.int64)
    ranked = np.array([rng.sample(range(SOURCES), SOURCES) for _ in range(orders)], dtype=np.int64)
    reach = np.array([rng.randint(*NEAREST) for _ in range(orders)])
    rank_of = np.argsort(ranked, axis=1)
    may_ship = rank_of < reach[:, None]
    free = _stock(rng, np.bincount(item, units, minlength=items).astype(np.int64), 1 / (1 - unassigned))
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


def _lines(rng: random.Random, popularity: list[float], items: int) -> list[tuple[int, int]]:
    count, units = 1, 1
    if rng.random() >= SINGLES:
        while rng.random() > 1 / MEAN_LINES and count < min(SOURCES, items):
            count += 1
        units = 2 if count == 1 else 1
    chosen: dict[int, int] = {}
    while len(chosen) < count:
        chosen[rng.choices(range(items), cum_weights=popularity)[0]] = units
    return sorted(chosen.items())


def _stock(rng: random.Random, demand: Ints, by_demand: float) -> Ints:
    stock = np.zeros((SOURCES, len(demand)), dtype=np.int64)
    for item, units in enumerate(demand.tolist()):
        places = rng.sample(range(SOURCES), rng.randint(1, 4))
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


def _row(unassigned: float, permille: int, of: Sequence[Looked]) -> tuple[str, ...]:
    return (
        f"{unassigned:.0%}",
        f"{permille / 10:g} %",
        f"{fmean(one.orders for one in of):,.0f}",
        f"{fmean(one.before for one in of):,.0f}",
        f"{fmean(one.after for one in of):,.0f}",
        f"{fmean(one.bound for one in of):,.0f}",
        f"{fmean(one.needless() for one in of):.1%}",
        f"{margin([one.needless() for one in of]):.1%}",
        f"{fmean(one.extra() for one in of):.1%}",
        f"{fmean(one.after / one.bound - 1 for one in of):.2%}",
        f"{fmean(one.moved / one.orders for one in of):.1%}",
        f"{fmean(one.seconds for one in of):.1f}",
    )


def _spread(shares: Sequence[float]) -> Spread:
    return Spread(mean=100 * fmean(shares), margin=100 * margin(shares))
