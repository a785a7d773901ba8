"""How good waves are and how long they take: `python -m benchmarks.waves` prints the tables.

Every run is a process of its own, so that its memory is its own. Its answer is counted anew (`wave_judge`: rules, cost,
and the bound from the prices) before its figures are printed; laying out and judging are outside the engine's time.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.wave_growth import growth
from benchmarks.wave_judge import faults
from benchmarks.wave_rivals_table import rivals
from benchmarks.wave_runs import Run, Size, run
from benchmarks.wave_worlds import TIGHT, Severity, wave_world
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits

SIZES = (
    Size(orders=1_000, sources=100, skus=2_000, seconds=5, goal="0.35 %"),
    Size(orders=1_000, sources=100, skus=2_000, seconds=20, name=", longer", goal="0.20 %"),
    Size(orders=5_000, sources=500, skus=5_000, seconds=60, goal="0.50 %"),
    Size(orders=20_000, sources=1_000, skus=10_000, seconds=120, goal="0.75 %"),
    Size(orders=20_000, sources=1_000, skus=10_000, seconds=20, name=", fast", goal="2.5 %"),
)


def main() -> int:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="instances of each size")
    parser.add_argument("--most-orders", type=int, default=20_000, help="leave out larger instances")
    parser.add_argument("--least-orders", type=int, default=0, help="leave out smaller instances")
    parser.add_argument("--severities", action="store_true", help="what is saved, by stock and slack")
    parser.add_argument("--independent", action="store_true", help="orders that do not compete")
    parser.add_argument("--rivals", type=float, default=0, metavar="SECONDS", help="other solvers on the whole model")
    parser.add_argument("--growth", type=Path, metavar="SVG", help="time and memory by size, and the plot")
    parser.add_argument("--processor", action="store_true", help="limits are seconds of the processor")
    options = parser.parse_args()
    for line in _tables(options):
        print(line, flush=True)
    return 0


def _tables(options: argparse.Namespace) -> Iterator[str]:
    others = options.severities or options.independent or options.rivals or options.growth
    if options.independent:
        yield from independent()
    if options.severities:
        yield from severities(min(options.most_orders, 1_000), options.seeds, processor=options.processor)
    if options.rivals:
        yield from rivals(options.rivals, options.most_orders)
    if options.growth:
        yield from growth(options.growth, options.most_orders, processor=options.processor)
    if not others:
        sizes = [size for size in SIZES if options.least_orders <= size.orders <= options.most_orders]
        yield from table(sizes, options.seeds, processor=options.processor)


def table(sizes: Sequence[Size], seeds: int, *, processor: bool) -> Iterator[str]:
    """Gap, time and memory by size; medians over seeds."""
    unit = "processor s" if processor else "s"
    yield (
        f"| orders x sources x SKUs | limit, {unit} | gap | largest gap | goal | s | processor s | orders/s "
        "| layout, s | peak, MB | one by one | nearest first | unfilled |"
    )
    yield "|---|" + "---:|" * 12
    for size in sizes:
        runs = [run(size, seed, processor=processor) for seed in range(1, seeds + 1)]
        gaps = [one.gap for one in runs]
        yield (
            f"| {size.title} | {size.seconds:g} | {median(gaps):.2%} | {max(gaps):.2%} | {size.goal} "
            f"| {_median(runs, 'seconds'):.1f} | {_median(runs, 'processor_seconds'):.1f} "
            f"| {size.orders / _median(runs, 'seconds'):,.0f} | {_median(runs, 'layout_seconds'):.2f} "
            f"| {_median(runs, 'peak_mb'):,.0f} | {_dearer(runs, 'one_by_one')} | {_dearer(runs, 'nearest')} "
            f"| {_median(runs, 'unfilled'):.0f} |"
        )
    yield ""
    yield f"Stock 1.1 x demand, source and carrier capacity with 15 % slack; medians over {seeds} seeds from 1 on."
    yield ""


def severities(orders: int, seeds: int, *, processor: bool) -> Iterator[str]:
    """What deciding together saves of what one by one costs, by stock and slack."""
    size = Size(orders=orders, sources=orders // 10, skus=2 * orders, seconds=orders / 200)
    yield "| stock / demand | slack of capacities | one by one | saved | nearest first | saved | gap |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for ratio in (1.05, 1.1, 1.5, 3.0):
        for slack in (0.15, None):
            severity = replace(TIGHT, stock_ratio=ratio, source_slack=slack, carrier_slack=slack)
            runs = [run(size, seed, processor=processor, severity=severity) for seed in range(1, seeds + 1)]
            saved = (median(1 - one.total / getattr(one, name) for one in runs) for name in ("one_by_one", "nearest"))
            by_one, by_nearest = saved
            yield (
                f"| {ratio} | {'none' if slack is None else f'{slack:.0%}'} | {_dearer(runs, 'one_by_one')} "
                f"| {by_one:.1%} | {_dearer(runs, 'nearest')} | {by_nearest:.1%} "
                f"| {median(one.gap for one in runs):.2%} |"
            )
    yield ""


def independent(orders: int = 20_000) -> Iterator[str]:
    """Orders that find all they want: the best plan of each is the best of the wave."""
    severity = Severity(stock_ratio=30, source_slack=None, carrier_slack=None)
    made = wave_world(1, orders=orders, sources=100, skus=2_000, severity=severity)
    laid = lay_out_orders(made.world.snapshot(), made.orders, made.terms())
    laid.case.capacity[:] = 1 << 40  # nothing runs short
    search(laid.case, WaveLimits(), Watch())  # so that nothing is compiled while times are taken
    begun, of_processor = time.perf_counter(), time.process_time()
    found = search(laid.case, WaveLimits(), Watch())
    seconds, processor = time.perf_counter() - begun, time.process_time() - of_processor
    assert found.reason == "optimal"
    assert not faults(laid.case, found)
    yield f"{orders:,} orders that do not compete, on 100 sources: {orders / processor:,.0f} a second of the processor"
    yield f"({orders / seconds:,.0f} a second by the clock), without their layout; the goal is 20,000 a core."
    yield ""


def _median(runs: Sequence[Run], name: str) -> float:
    return float(median(getattr(one, name) for one in runs))


def _dearer(runs: Sequence[Run], name: str) -> str:
    return f"+{median(getattr(one, name) / one.total - 1 for one in runs):.1%}"


if __name__ == "__main__":
    sys.exit(main())
