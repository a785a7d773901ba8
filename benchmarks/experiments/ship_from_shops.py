"""A brand's orders from its warehouses alone, then from stores too, then from dealers too.

The Chinese cosmetics orders as `solver import cn` makes them, their stock as that import places it: once for all.
"""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from statistics import fmean

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.replayed import Told, replayed
from benchmarks.experiments.svg import Spread, dots
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.network.model import SourceKind
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ORDERS, QUICK_ORDERS, DIVISOR = 2_000, 25, 400
STEPS = {
    "warehouses": (SourceKind.WAREHOUSE,),
    "and stores": (SourceKind.WAREHOUSE, SourceKind.STORE),
    "and dealers": (SourceKind.WAREHOUSE, SourceKind.STORE, SourceKind.DEALER),
}
SHARES = {"units filled": "fill_rate", "on time": "on_time_share", "orders split": "split_share"}


def run(extent: Extent) -> Found:
    """One replay a step and a draw of orders, under prices of freight, handling and lateness alone."""
    seeds = range(1, extent.pick(1, 4, 20) + 1)
    cases = [(step, seed) for step in STEPS for seed in seeds]
    ran = extent.over(partial(_told, orders=QUICK_ORDERS if extent.is_quick else ORDERS), cases)
    told = {step: [one for (own, _), one in zip(cases, ran, strict=True) if own == step] for step in STEPS}
    headings = (
        "sources", "filled", "±", "yuan paid an order", "yuan paid a unit", "±", "hours to the last package", "on time",
        "split", "packages an order", "crossing",
    )  # fmt: skip
    plot = dots(
        "Warehouses, and stores, and dealers",
        "%, with 95 % intervals",
        {step: {name: _percent(runs, figure) for name, figure in SHARES.items()} for step, runs in told.items()},
    )
    return Found(
        text=f"{len(seeds)} draws.\n\n{table(headings, [_row(step, runs) for step, runs in told.items()])}",
        plots={"ship_from_shops.svg": plot},
        figures={
            f"{step}: {of}": fmean(one.figure(of) for one in runs)
            for step, runs in told.items()
            for of in ("paid_minor", "fill_rate")
        },
    )


def _told(case: tuple[str, int], *, orders: int) -> Told:
    step, seed = case
    kinds = tuple(kind.value for kind in STEPS[step])
    return replayed(_scenario(seed, orders), Policy(split_minor=0, words={"only_kinds": kinds}))


@cache
def _scenario(seed: int, orders: int) -> Scenario:
    return import_cn(DATA, CnOptions(orders=orders, seed=seed, quantity_divisor=DIVISOR)).scenario


def _percent(runs: Sequence[Told], figure: str) -> Spread:
    values = [100 * one.figure(figure) for one in runs]
    return Spread(mean=fmean(values), margin=margin(values))


def _row(step: str, runs: Sequence[Told]) -> tuple[str, ...]:
    filled = _percent(runs, "fill_rate")
    a_unit = [one.figure("paid_minor") / 100 / (one.metrics.ordered_units - one.metrics.unfilled_units) for one in runs]
    return (
        step,
        f"{filled.mean:.1f}%",
        f"{filled.margin:.1f}%",
        f"{fmean(one.figure('paid_per_order_minor') for one in runs) / 100:.2f}",
        f"{fmean(a_unit):.2f}",
        f"{margin(a_unit):.2f}",
        f"{fmean(24 * one.days for one in runs):.1f}",
        f"{_percent(runs, 'on_time_share').mean:.1f}%",
        f"{_percent(runs, 'split_share').mean:.1f}%",
        f"{fmean(one.figure('packages_per_order') for one in runs):.2f}",
        f"{_percent(runs, 'cross_province_share').mean:.1f}%",
    )
