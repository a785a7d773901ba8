"""How fast a scenario is replayed, its holds and confirmations booked: orders a second, and where the time goes.

Usage: python -m benchmarks.replays [--orders N] [--sources N] [--skus N] [--seed N]
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.worlds import PLACED_AT, clustered
from solver.catalog.model import Material
from solver.orders.model import Address, Order, OrderLine
from solver.replay.books import Books
from solver.replay.metrics import Tally
from solver.replay.outcome import Outcome
from solver.replay.replay import Replay, horizon_of
from solver.replay.run_files import ORDERS_FILE, OutcomesFile
from solver.replay.sources import SourcesSeen
from solver.replay.timing import few_collections, timing_of
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import Policy

DAYS = 7
STOCKED_PERCENT = 20
LINES, LINE_WEIGHTS = (1, 2, 3, 4, 5), (45, 28, 14, 8, 5)
PROMISED_IN = timedelta(hours=72)


def scenario(orders: int, sources: int, skus: int, seed: int) -> Scenario:
    """Drawn orders to anywhere, on sources that stock a fifth of the SKUs each, with more than will be asked for."""
    rng = random.Random(seed)
    network = clustered(rng, sources)
    materials = tuple(Material(sku=f"SKU-{n:05}", name="", weight_grams=rng.randint(80, 2500)) for n in range(skus))
    units = max(4, 6 * orders // (sources * skus * STOCKED_PERCENT // 100 or 1))
    stock = tuple(
        OpeningStock(source_id=source_id, sku=material.sku, units=rng.randint(1, 2 * units))
        for source_id in network.source_ids
        for material in materials
        if rng.random() * 100 < STOCKED_PERCENT
    )
    return Scenario(
        name="made",
        title="made",
        currency="CNY",
        regions=tuple(network.regions.values()),
        sources=tuple(network.sources.values()),
        carriers=tuple(network.carriers.values()),
        services=tuple(network.services.values()),
        materials=materials,
        stock=stock,
        orders=tuple(_order(rng, number, orders, materials) for number in range(orders)),
    )


def _order(rng: random.Random, number: int, orders: int, materials: Sequence[Material]) -> Order:
    placed_at = PLACED_AT + timedelta(seconds=DAYS * 86_400 * number // orders)
    wanted = rng.sample(materials, min(len(materials), rng.choices(LINES, LINE_WEIGHTS)[0]))
    return Order(
        order_id=f"O-{number:07}",
        currency="CNY",
        placed_at=placed_at,
        promised_at=placed_at + PROMISED_IN,
        destination=Address(region_id="R", latitude=rng.uniform(22, 45), longitude=rng.uniform(100, 122)),
        lines=tuple(
            OrderLine(line_id=str(line), sku=one.sku, quantity=rng.choices((1, 2, 3), (80, 15, 5))[0])
            for line, one in enumerate(wanted, start=1)
        ),
    )


def main() -> None:
    """Replay, check the books, and print."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--orders", type=int, default=100_000)
    reader.add_argument("--sources", type=int, default=500)
    reader.add_argument("--skus", type=int, default=1_000)
    reader.add_argument("--seed", type=int, default=1)
    options = reader.parse_args()
    made = scenario(options.orders, options.sources, options.skus, options.seed)
    seconds: dict[str, float] = {}
    _warm(made)
    resting = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with (
        tempfile.TemporaryDirectory() as folder,
        Books(Path(folder) / "books", made, PLACED_AT) as books,
        OutcomesFile(Path(folder)) as file,
        few_collections(),
    ):
        sums, seen = Tally(), SourcesSeen(made, horizon_of(made))

        def tell(outcome: Outcome) -> None:
            for one in (sums, seen, file):
                one.add(outcome)

        run = Replay(made, Policy(), books, tell=tell)
        _timed(books, "take", "books", seconds)
        _timed(run._decider, "decide", "decisions", seconds)
        begun = time.process_time()
        for _ in run.run():
            pass
        seconds["all"] = time.process_time() - begun
        assert books.discrepancies() == [], "the books balance"
        oversold = run.oversold_units()
        assert oversold == 0, "what was decided is what was booked"
        metrics = sums.metrics(oversold, {**seen.figures(), "stock_out_rate": run.stock_out_rate()})
        assert metrics.orders == options.orders, "every order has an outcome"
        file.close()
        size = (Path(folder) / ORDERS_FILE).stat().st_size
        micros = timing_of(orders=metrics.orders, seconds=0, processor_seconds=seconds["all"], micros=run.micros)
    print(
        "| orders x sources x SKUs | orders/s of a processor | decisions, us an order | books | rest "
        "| one decision p50, us | p99 | peak MB | of that the run's | run's file, MB |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    each = {name: 1e6 * value / options.orders for name, value in seconds.items()}
    rest = each["all"] - each["decisions"] - each["books"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {options.orders:,} x {options.sources:,} x {options.skus:,} | {1e6 / each['all']:,.0f} "
        f"| {each['decisions']:.0f} | {each['books']:.0f} | {rest:.0f} "
        f"| {micros.decision_p50_micros:,.0f} | {micros.decision_p99_micros:,.0f} "
        f"| {peak:,.0f} | {peak - resting:,.0f} | {size / 1e6:.1f} |"
    )
    print(f"\nFilled: {100 * (metrics.figures['fill_rate'] or 0):.1f} %; {metrics.packages:,} packages.")


def _warm(made: Scenario) -> None:
    """Compile, or load what was compiled."""
    world = replace(made, orders=made.orders[:50])
    with tempfile.TemporaryDirectory() as folder, Books(Path(folder), world, PLACED_AT) as books:
        for _ in Replay(world, Policy(), books).run():
            pass


def _timed(owner: Any, method: str, name: str, seconds: dict[str, float]) -> None:
    """Count the processor's seconds of a method under a name."""
    original: Callable[..., Any] = getattr(owner, method)

    def timed(*arguments: Any) -> Any:
        begun = time.process_time()
        try:
            return original(*arguments)
        finally:
            seconds[name] = seconds.get(name, 0.0) + time.process_time() - begun

    setattr(owner, method, timed)


if __name__ == "__main__":
    main()
