"""E6: a pool of 100,000 orders, assigned one by one as they came, looked at again before they are picked.

65 % of the orders are one unit, the others have a geometric number of lines of mean 2.3 (one line: two units).
Eight warehouses; an item's popularity is Zipf 0.9, it lies at one to four of them, in parts drawn alike, some of it
left unassigned in the end. A promise can be kept from the four to eight nearest warehouses. Each order was given the
fewest shipments that the stock of its moment allowed, of these the nearest.
"""

import random
import time
from itertools import accumulate

import numpy as np

from benchmarks.experiments.page import Found, table
from solver.sourcing.exact.jit import compiled
from solver.waves.re_evaluation import Flags, Ints, Pool, least_shipments, re_evaluate, shipments

ORDERS, ITEMS, SOURCES, SEED = 100_000, 5_000, 8, 1
QUICK_ORDERS, QUICK_ITEMS = 800, 50
SINGLES, MEAN_LINES, POPULARITY = 0.65, 2.3, 0.9
UNASSIGNED, MAY_MOVE = (0.1, 0.2, 0.3), (3, 100)  # shares of the stock; orders of a thousand
NEAREST = (4, 8)


def run(*, quick: bool) -> Found:
    """Pools of several seeds, and of shares of the orders that may move."""
    rows, figures = [], {}
    for unassigned in UNASSIGNED[:1] if quick else UNASSIGNED:
        pool = assigned_pool(
            SEED, QUICK_ORDERS if quick else ORDERS, QUICK_ITEMS if quick else ITEMS, unassigned=unassigned
        )
        before, bound = int(shipments(pool, pool.source).sum()), int(least_shipments(pool).sum())
        for permille in MAY_MOVE[-1:] if quick else MAY_MOVE:
            begun = time.process_time()
            found = re_evaluate(pool, most_moved_permille=permille)
            seconds = time.process_time() - begun
            check(pool, found.source, found.free)
            after, moved = int(shipments(pool, found.source).sum()), int(found.moved.sum())
            removed = (before - after) / (before - bound)
            rows.append(
                _row(unassigned, permille, (len(pool), before, after, bound), removed, moved / len(pool), seconds)
            )
            figures[f"{unassigned}, {permille}: after"] = float(after)
            figures[f"{unassigned}, {permille}: moved"] = float(moved)
        figures[f"{unassigned}: before"], figures[f"{unassigned}: bound"] = float(before), float(bound)
    headings = (
        "unassigned stock", "may move", "orders", "shipments before", "after", "bound", "needless removed",
        "extra removed", "above the bound", "moved", "CPU s",
    )  # fmt: skip
    return Found(text=table(headings, rows), figures=figures)


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


def _row(
    unassigned: float, permille: int, counts: tuple[int, int, int, int], removed: float, moved: float, seconds: float
) -> tuple[str, ...]:
    orders, before, after, bound = counts
    return (
        f"{unassigned:.0%}",
        f"{permille / 10:g} %",
        f"{orders:,}",
        f"{before:,}",
        f"{after:,}",
        f"{bound:,}",
        f"{removed:.1%}",
        f"{(before - after) / (before - orders):.1%}",
        f"{after / bound - 1:.2%}",
        f"{moved:.1%}",
        f"{seconds:.1f}",
    )
