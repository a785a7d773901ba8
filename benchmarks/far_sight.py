"""`python -m benchmarks.far_sight`: what it is worth to mind what stock is worth, with stock in and out of balance.

The first orders of scenario `a_week` on stock at its warehouses alone: of every SKU 1.3 times what is ordered, shared
out evenly (in balance) or by log-normal weights (out of balance). Costs hold all terms of the scenario's policy; nobody
knows the demand beforehand. The gap is that between the run without values and the bound of hindsight.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from solver.catalog.catalog import Catalog
from solver.network.model import SourceKind
from solver.replay.books import Books
from solver.replay.hindsight import hindsight
from solver.replay.replay import Replay
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import Horizon, OpeningStock, Scenario
from solver.sourcing.policy import Policy

A_WEEK = Path(__file__).resolve().parents[1] / "scenarios" / "a_week"
STOCK_PER_DEMAND, HINDSIGHT_SECONDS = 1.3, 15.0


def world(orders: int, seed: int, *, balanced: bool) -> Scenario:
    """The scenario with its first orders, and stock for them."""
    scenario = with_orders(read_scenario(A_WEEK))
    first = tuple(sorted(scenario.orders, key=lambda order: order.placed_at)[:orders])
    catalog = Catalog.of(scenario.materials, scenario.sales_items)
    demand: Counter[str] = Counter()
    for order in first:
        for line in order.lines:
            demand.update({part.sku: part.units * line.quantity for part in catalog.explode(line.sku)})
    warehouses = [one.source_id for one in scenario.sources if one.kind is SourceKind.WAREHOUSE]
    rng = random.Random(seed)
    stock = []
    for sku, wanted in sorted(demand.items()):
        weights = [1.0 if balanced else rng.lognormvariate(0, 1) for _ in warehouses]
        for source_id, weight in zip(warehouses, weights, strict=True):
            units = int(STOCK_PER_DEMAND * wanted * weight / sum(weights) + rng.random())
            stock += [OpeningStock(source_id=source_id, sku=sku, units=units)] if units else []
    begin = scenario.horizon.starts_at if scenario.horizon else first[0].placed_at
    return replace(
        scenario,
        generator=None,
        orders=first,
        stock=tuple(stock),
        horizon=Horizon(starts_at=begin, ends_at=first[-1].placed_at),
    )


def cost_of(scenario: Scenario, policy: Policy) -> tuple[int, float]:
    """What a run costs, unfilled units priced; and its processor seconds."""
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        assert scenario.horizon is not None
        with Books(Path(folder), scenario, scenario.horizon.starts_at) as books:
            run = Replay(scenario, policy, books)
            for _ in run.run():
                pass
            total = sum(outcome.total_minor for outcome in run.outcomes())
    return total, time.process_time() - begun


def main() -> None:
    """Print a row for each seed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=600)
    parser.add_argument("--refresh", type=int, default=50, help="orders between two reckonings (default: 50)")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    table = Table("stock", "seed", "without", "with", "saved", "of the gap", "hindsight, at least", "processor s")
    for balanced in (True, False):
        for seed in range(1, options.seeds + 1):
            scenario = world(options.orders, seed, balanced=balanced)
            settings = {"stock_value_permille": 1_000, "stock_value_refresh_orders": options.refresh}
            minds = replace(scenario.policy, settings={**scenario.policy.settings, **settings})
            (without, quick), (with_values, slow) = cost_of(scenario, scenario.policy), cost_of(scenario, minds)
            known = hindsight(scenario, scenario.policy, HINDSIGHT_SECONDS)
            assert known is not None
            saved, gap = without - with_values, without - known.bound_minor
            table.add_row(
                "in balance" if balanced else "out of balance", str(seed), f"{without / 100:,.2f}",
                f"{with_values / 100:,.2f}", f"{saved / without:.1%}", f"{saved / gap:.0%}" if gap else "",
                f"{known.bound_minor / 100:,.2f}", f"{quick:.1f}, {slow:.1f}",
            )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
