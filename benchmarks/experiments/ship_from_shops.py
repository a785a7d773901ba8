"""A brand's orders from its warehouses alone, then from stores too, then from dealers too.

The Chinese cosmetics orders as `solver import cn` makes them, their stock as that import places it: once for all.
"""

from pathlib import Path

from benchmarks.experiments.page import Found, table
from benchmarks.experiments.replayed import Told, replayed
from benchmarks.experiments.svg import lines
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.network.model import SourceKind
from solver.sourcing.policy import Policy

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ORDERS, QUICK_ORDERS, DIVISOR = 2_000, 25, 400
STEPS = {
    "warehouses": (SourceKind.WAREHOUSE,),
    "and stores": (SourceKind.WAREHOUSE, SourceKind.STORE),
    "and dealers": (SourceKind.WAREHOUSE, SourceKind.STORE, SourceKind.DEALER),
}


def run(*, quick: bool) -> Found:
    """One replay a step, under prices of freight, handling and lateness alone."""
    options = CnOptions(orders=QUICK_ORDERS if quick else ORDERS, quantity_divisor=DIVISOR)
    scenario = import_cn(DATA, options).scenario
    told = {
        name: replayed(scenario, Policy(split_minor=0, words={"only_kinds": tuple(kind.value for kind in kinds)}))
        for name, kinds in STEPS.items()
    }
    headings = (
        "sources", "filled", "yuan paid an order", "yuan paid a unit", "hours to the last package", "on time",
        "split", "packages an order", "crossing",
    )  # fmt: skip
    counted = list(enumerate(told.values(), start=1))
    plot = lines(
        "Warehouses, and stores, and dealers",
        "kinds of sources",
        "% of units filled, of orders split",
        {
            "filled": [(at, 100 * one.figure("fill_rate")) for at, one in counted],
            "split": [(at, 100 * one.figure("split_share")) for at, one in counted],
            "on time": [(at, 100 * one.figure("on_time_share")) for at, one in counted],
        },
    )
    return Found(
        text=table(headings, [_row(name, one) for name, one in told.items()]),
        plots={"ship_from_shops.svg": plot},
        figures={f"{name}: {of}": one.figure(of) for name, one in told.items() for of in ("paid_minor", "fill_rate")},
    )


def _row(name: str, told: Told) -> tuple[str, ...]:
    metrics = told.metrics
    shipped = metrics.ordered_units - metrics.unfilled_units
    return (
        name,
        f"{told.figure('fill_rate'):.1%}",
        f"{told.figure('paid_per_order_minor') / 100:.2f}",
        f"{told.figure('paid_minor') / 100 / shipped:.2f}",
        f"{24 * told.days:.1f}",
        f"{told.figure('on_time_share'):.1%}",
        f"{told.figure('split_share'):.1%}",
        f"{told.figure('packages_per_order'):.2f}",
        f"{told.figure('cross_province_share'):.1%}",
    )
