"""E6: a pool of 100,000 orders, assigned one by one as they came, looked at again before they are picked.

What is saved is told twice: of the shipments above the bound, and of all beyond one an order. How far these two lie
apart is the network's doing: `pools` has three placements of the same stock. Of small pools the optimum is proven.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.pool_optimum import fewest_shipments
from benchmarks.experiments.pools import ITEMS, PLACEMENTS, assigned_pool, check
from benchmarks.experiments.svg import Spread, dots
from solver.waves.re_evaluation import least_shipments, re_evaluate, shipments

ORDERS, SEED = 100_000, 1
QUICK_ORDERS, QUICK_ITEMS = 800, 50
PROVEN_ORDERS, PROVEN_ITEMS = 3_000, 150  # of which a mixed-integer program proves the optimum
UNASSIGNED, MAY_MOVE = (0.1, 0.2, 0.3), (3, 100)  # shares of the stock; orders of a thousand


def run(extent: Extent) -> Found:
    """Pools of three placements, of shares of the stock that are unassigned, and of several seeds."""
    seeds = range(SEED, SEED + extent.pick(1, 3, 10))
    settings = [(name, share) for name in PLACEMENTS for share in (UNASSIGNED[:1] if extent.is_quick else UNASSIGNED)]
    cases = [(*setting, seed) for setting in settings for seed in seeds]
    looked = extent.over(partial(_looked_again, is_quick=extent.is_quick), cases)
    rows, figures, spreads = [], {}, {}
    for name, unassigned in settings:
        for permille in looked[0]:
            of = [one[permille] for case, one in zip(cases, looked, strict=True) if case[:2] == (name, unassigned)]
            rows.append(_row(name, unassigned, permille, of))
            figures[f"{name}, {unassigned}, {permille}: after"] = fmean(one.after for one in of)
            figures[f"{name}, {unassigned}, {permille}: moved"] = fmean(one.moved for one in of)
        figures[f"{name}, {unassigned}: before"] = fmean(one.before for one in of)
        figures[f"{name}, {unassigned}: bound"] = fmean(one.bound for one in of)
        spreads[f"{name}, {unassigned:.0%} unassigned"] = {
            title: _spread([share(one) for one in of])
            for title, share in (("of those above the bound", Looked.needless), ("of all extra ones", Looked.extra))
        }
    headings = (
        "placement", "unassigned stock", "may move", "orders", "shipments before", "after", "bound",
        "above the bound, removed", "±", "of all extra, removed", "±", "can be at most", "left above the bound",
        "moved", "CPU s",
    )  # fmt: skip
    plot = dots("E6: shipments saved by looking again, 10 % may move", "% removed, with 95 % intervals", spreads)
    proven = [_proven(name, seeds, figures, is_quick=extent.is_quick) for name in PLACEMENTS]
    return Found(
        text=f"{len(seeds)} pools each.\n\n{table(headings, rows)}\n\nSmall pools, whose optimum is proven: "
        f"{PROVEN_ORDERS:,} orders of {PROVEN_ITEMS} items, {UNASSIGNED[0]:.0%} of the stock unassigned, "
        f"{MAY_MOVE[-1] / 10:g} % of the orders may move (at the optimum any number).\n\n{table(_OF_PROVEN, proven)}",
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

    def avoidable(self) -> float:
        """The share of the shipments beyond one an order that no bound forbids to save."""
        return (self.before - self.bound) / (self.before - self.orders)


def _looked_again(case: tuple[str, float, int], *, is_quick: bool) -> dict[int, Looked]:
    """By how many orders of a thousand may move."""
    name, unassigned, seed = case
    orders, items = (QUICK_ORDERS, QUICK_ITEMS) if is_quick else (ORDERS, ITEMS)
    pool = assigned_pool(seed, orders, items, unassigned=unassigned, placement=PLACEMENTS[name])
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


_OF_PROVEN = (
    "placement", "orders", "shipments before", "after", "optimum", "bound of orders alone",
    "of what the optimum saves", "of all extra, removed", "by the optimum",
)  # fmt: skip


def _proven(name: str, seeds: Sequence[int], figures: dict[str, float], *, is_quick: bool) -> tuple[str, ...]:
    """A row of small pools, each looked at again and decided anew as a whole."""
    orders, items = (QUICK_ORDERS, QUICK_ITEMS) if is_quick else (PROVEN_ORDERS, PROVEN_ITEMS)
    sums = [0] * 5
    for seed in seeds:
        pool = assigned_pool(seed, orders, items, unassigned=UNASSIGNED[0], placement=PLACEMENTS[name])
        after = re_evaluate(pool, most_moved_permille=MAY_MOVE[-1])
        told = (
            len(pool),
            int(shipments(pool, pool.source).sum()),
            int(shipments(pool, after.source).sum()),
            fewest_shipments(pool),
            int(least_shipments(pool).sum()),
        )
        sums = [one + other for one, other in zip(sums, told, strict=True)]
    count, before, saved_to, optimum, alone = sums
    figures[f"{name}: optimum"] = optimum / len(seeds)
    return (
        name,
        *(f"{one / len(seeds):,.0f}" for one in (count, before, saved_to, optimum, alone)),
        f"{(before - saved_to) / max(1, before - optimum):.1%}",
        f"{(before - saved_to) / (before - count):.1%}",
        f"{(before - optimum) / (before - count):.1%}",
    )


def _row(name: str, unassigned: float, permille: int, of: Sequence[Looked]) -> tuple[str, ...]:
    return (
        name,
        f"{unassigned:.0%}",
        f"{permille / 10:g} %",
        f"{fmean(one.orders for one in of):,.0f}",
        f"{fmean(one.before for one in of):,.0f}",
        f"{fmean(one.after for one in of):,.0f}",
        f"{fmean(one.bound for one in of):,.0f}",
        f"{fmean(one.needless() for one in of):.1%}",
        f"{margin([one.needless() for one in of]):.1%}",
        f"{fmean(one.extra() for one in of):.1%}",
        f"{margin([one.extra() for one in of]):.1%}",
        f"{fmean(one.avoidable() for one in of):.1%}",
        f"{fmean(one.after / one.bound - 1 for one in of):.2%}",
        f"{fmean(one.moved / one.orders for one in of):.1%}",
        f"{fmean(one.seconds for one in of):.1f}",
    )


def _spread(shares: Sequence[float]) -> Spread:
    return Spread(mean=100 * fmean(shares), margin=100 * margin(shares))
