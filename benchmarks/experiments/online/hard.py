"""Our own harder setting: sixteen sources, seventy items, a thousand orders, stock in balance and out of it.

Sources and twenty regions lie at random in a square of 2,000 km; four sources are warehouses with all items, the
others stores with a third. A package costs its source's handling (1.05 to 5.20) and 4.20 + 1.30 a zone of 400 km, a
unit its picking (0.35 to 1.56) and 1.30 + 0.80 a zone; a unit that nobody ships costs 60. Orders have one to three
items (55, 30, 15 %) of Zipf 0.9 popularity. Stock is some times the demand that is expected. In balance it lies
where the cheapest lane would ask for it; out of balance that is multiplied by log-normal factors of sigma 1 for
every source and item.

Every future is a list of drawn orders with times, so what is left of it at any moment is known. Prices are the mean
over the futures. What share of them counts is rehearsed at every refresh on futures that made none of the prices;
where no share is cheaper than none beyond doubt, none counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

import numpy as np

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.online.running import COST, Arrays, arrays_of
from benchmarks.experiments.online.running import run as run_orders
from benchmarks.experiments.online.world import Instance
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.svg import Spread, dots
from solver.foresight.ascent import Ascent, Climb
from solver.foresight.kinds import Costs, Floats, Ints, Kinds

SOURCES, WAREHOUSES, ITEMS, REGIONS, ORDERS = 16, 4, 70, 20, 1_000
SEEDS, QUICK_ORDERS, LOST = 20, 60, 60.0
BALANCES = {"in balance": 0.0, "out of balance": 1.0}
RATIOS = (1.05, 1.4)
WAYS = {"priced": "in full", "judged": "as rehearsed"}
FUTURES, REHEARSED, REFRESHES = 24, 12, 20
SHARES = (0.3, 0.6, 1.0)
FIRST = Climb(passes=120, step=4.0, last_share=0.02, exact_every=8)
LATER = Climb(passes=16, step=1.0, last_share=0.1, exact_every=8)
_HINDSIGHT = Climb(passes=500, step=4.0, last_share=0.005)
Rows = list[tuple[int, dict[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One seed under three ways of deciding, and the hindsight bound."""

    myopic: float
    priced: float
    judged: float
    bound: float
    mean_share: float

    def closed(self, cost: float) -> float:
        """The share of the gap between myopic and the bound."""
        return (self.myopic - cost) / (self.myopic - self.bound)


def run(extent: Extent) -> Found:
    """Both balances at both ratios."""
    orders = QUICK_ORDERS if extent.is_quick else ORDERS
    seeds = range(1, extent.pick(1, SEEDS, 2 * SEEDS) + 1)
    rows, figures = [], {}
    spreads: dict[str, dict[str, Spread]] = {}
    for balance, sigma in BALANCES.items():
        for ratio in RATIOS[1:] if extent.is_quick else RATIOS:
            name = f"{balance}, {ratio:g}"
            runs = extent.over(partial(one_run, sigma=sigma, ratio=ratio, orders=orders), seeds)
            spreads[name] = {}
            for way, title in WAYS.items():
                closed = [one.closed(getattr(one, way)) for one in runs]
                rows.append(_row(name, way, runs, closed))
                figures[f"{name}: {way}"] = fmean(closed)
                spreads[name][title] = Spread(mean=100 * fmean(closed), margin=100 * margin(closed))
                spreads[name][f"{title}, worst seed"] = Spread(mean=100 * min(closed))
    headings = ("stock", "prices", "gap closed", "± (95 %)", "worst seed", "best seed", "saved", "share of prices used")
    plot = dots("Prices where stock is in balance and out of it", "% of the gap closed, with 95 % intervals", spreads)
    return Found(
        text=f"{len(seeds)} seeds each.\n\n{table(headings, rows)}", plots={"online_hard.svg": plot}, figures=figures
    )


def one_run(seed: int, sigma: float, ratio: float, orders: int) -> Run:
    """Costs of all policies on one drawn world."""
    world = _World(seed, sigma, ratio, orders)
    made, sequence = world.lay(world.draw(orders)), np.arange(orders)
    blind = _cost(made, sequence, [np.zeros(made.stock.shape)])
    ascent = Ascent(made.kinds, made.costs)
    bound = ascent.climb(np.zeros(made.stock.shape), made.stock, np.ones(orders), _HINDSIGHT)[1]
    sight = _Sight(world, orders)
    priced, judged, shares = _far_sighted(made, sight, orders)
    return Run(myopic=blind, priced=priced, judged=judged, bound=bound, mean_share=fmean(shares))


class _World:
    """A network and its stock; draws orders."""

    def __init__(self, seed: int, sigma: float, ratio: float, orders: int) -> None:
        self._rng = rng = np.random.default_rng([seed, round(100 * ratio), round(sigma)])
        places, towns = rng.uniform(0, 2000, (SOURCES, 2)), rng.uniform(0, 2000, (REGIONS, 2))
        zone = np.floor(np.linalg.norm(towns[:, None] - places[None], axis=2) / 400)
        package = rng.uniform(1.05, 5.2, SOURCES) + 4.2 + 1.3 * zone
        unit = rng.uniform(0.35, 1.56, SOURCES) + 1.3 + 0.8 * zone
        self.costs = Costs(
            package=np.hstack([package, np.zeros((REGIONS, 1))]),
            unit=np.hstack([unit, np.full((REGIONS, 1), LOST)])[:, :, None],
        )
        self._popularity = (np.arange(ITEMS) + 1.0) ** -0.9
        self._popularity /= self._popularity.sum()
        self._people = rng.dirichlet(np.full(REGIONS, 2.0))
        keeps = rng.random((SOURCES, ITEMS)) < 1 / 3
        keeps[:WAREHOUSES] = True
        weight = np.zeros((SOURCES, ITEMS))
        for item in range(ITEMS):
            nearest = np.where(keeps[:, item], package + unit, np.inf).argmin(axis=1)
            np.add.at(weight[:, item], nearest, self._people)
        weight = np.where(keeps, (weight + 0.01) * np.exp(sigma * rng.standard_normal(weight.shape)), 0.0)
        demand = 1.6 * orders * self._popularity
        stock = np.round(ratio * demand * weight / weight.sum(axis=0))
        self.stock = np.vstack([stock, np.full((1, ITEMS), np.inf)])

    def draw(self, orders: int) -> Rows:
        """So many orders: a region, and one unit of each of some items."""
        rng = self._rng
        lines = rng.choice((1, 2, 3), orders, p=(0.55, 0.30, 0.15))
        regions = rng.choice(REGIONS, orders, p=self._people)
        return [
            (int(region), {int(item): 1 for item in rng.choice(ITEMS, count, replace=False, p=self._popularity)})
            for region, count in zip(regions, lines, strict=True)
        ]

    def lay(self, rows: Rows) -> Instance:
        """Each order as a kind of its own."""
        kinds = Kinds.of(rows)
        return Instance(kinds=kinds, costs=self.costs, rates=np.ones(len(rows)), stock=self.stock, periods=len(rows))


class _Sight:
    """Futures that make prices, and others to rehearse them on."""

    def __init__(self, world: _World, orders: int) -> None:
        drawn = [world.lay(world.draw(orders)) for _ in range(FUTURES + REHEARSED)]
        self._orders = orders
        self._ascents = [Ascent(one.kinds, one.costs) for one in drawn[:FUTURES]]
        self._known = [one.nothing_known() for one in self._ascents]
        self._rehearsed: Sequence[Arrays] = [arrays_of(one) for one in drawn[FUTURES:]]
        self._prices = [np.zeros(world.stock.shape)] * FUTURES
        self._begun = False

    def refresh(self, stock: Floats, done: int) -> Floats:
        """Mean prices for what comes after `done` orders."""
        left = (np.arange(self._orders) >= done).astype(np.float64)
        climb = LATER if self._begun else FIRST
        self._begun = True
        self._prices = [
            ascent.climb(prices, stock, left, climb, known)[0]
            for ascent, prices, known in zip(self._ascents, self._prices, self._known, strict=True)
        ]
        mean: Floats = np.mean(self._prices, axis=0)
        return mean

    def share(self, stock: Floats, prices: Floats, done: int) -> float:
        """How much of the prices to count: the cheapest share in rehearsals, if cheaper than none by two errors."""
        rest = np.arange(done, self._orders)
        blind = [_sum(of, rest, stock, 0 * prices) for of in self._rehearsed]
        best, best_share = 0.0, 0.0
        for share in SHARES:
            gains = [
                before - _sum(of, rest, stock, share * prices)
                for of, before in zip(self._rehearsed, blind, strict=True)
            ]
            sure = fmean(gains) - 2 * float(np.std(gains, ddof=1)) / len(gains) ** 0.5
            if sure > 0 and fmean(gains) > best:
                best, best_share = fmean(gains), share
        return best_share


def _far_sighted(made: Instance, sight: _Sight, orders: int) -> tuple[float, float, list[float]]:
    """Costs with all of the prices, and with the share of them that rehearsals allow; and those shares."""
    arrays = arrays_of(made)
    stocks = [made.stock.copy(), made.stock.copy()]
    sums = [np.zeros(6), np.zeros(6)]
    shares = []
    blocks = np.array_split(np.arange(orders), min(REFRESHES, orders))
    sights = [sight, _copy(sight)]
    for block in blocks:
        full = sights[0].refresh(stocks[0], int(block[0]))
        run_orders(arrays, block, stocks[0], full, sums[0])
        some = sights[1].refresh(stocks[1], int(block[0]))
        shares.append(sights[1].share(stocks[1], some, int(block[0])))
        run_orders(arrays, block, stocks[1], shares[-1] * some, sums[1])
    return float(sums[0][COST]), float(sums[1][COST]), shares


def _copy(sight: _Sight) -> _Sight:
    other = object.__new__(_Sight)
    other.__dict__.update(sight.__dict__)
    return other


def _cost(made: Instance, sequence: Ints, prices: Sequence[Floats]) -> float:
    return _sum(arrays_of(made), sequence, made.stock, prices[0])


def _sum(of: Arrays, sequence: Ints, stock: Floats, prices: Floats) -> float:
    sums = np.zeros(6)
    run_orders(of, sequence, stock.copy(), prices, sums)
    return float(sums[COST])


def _row(stock: str, name: str, runs: Sequence[Run], closed: Sequence[float]) -> tuple[str, ...]:
    costs = [getattr(one, name) for one in runs]
    return (
        stock,
        WAYS[name],
        f"{fmean(closed):.1%}",
        f"{margin(closed):.1%}",
        f"{min(closed):.1%}",
        f"{max(closed):.1%}",
        f"{1 - sum(costs) / sum(one.myopic for one in runs):.2%}",
        "100%" if name == "priced" else f"{fmean(one.mean_share for one in runs):.0%}",
    )
