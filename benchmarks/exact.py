"""How fast orders are decided from a snapshot: `python -m benchmarks.exact` prints the tables.

Before any time is taken, the first answers of each size are compared with the ordinary path, and in the run the program
answers the first orders as well: alone, without the rules of thumb that `decide(engine=MIP)` tries beforehand, and its
cost must be the same. Times are of the processor, which another process on the machine lengthens, but does not stop.
"""

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.sequential import compare_pass
from benchmarks.snapshots import World, order, wave, world
from solver.orders.model import Order
from solver.sourcing.brief import brief
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.plan import Engine
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.solve import decide

SIZES = [(sources, lines) for sources in (100, 1000) for lines in (1, 3, 5, 8, 10, 12)]
STOCKED_PERCENT, SKUS = 30, 400
ORDERS, CHECKED, BY_MIP, MIP_SECONDS = 300, 5, 3, 4.0  # the MIP gets 3 orders, and more until its seconds are over
SECONDS = 60.0
SEED = 1
GOALS = {(1000, 5): ("120", "250"), (1000, 8): ("", "800"), (1000, 12): ("", "30,000")}  # median, p99 of a whole call
WAVE_GOAL = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Microseconds of one size; `times_faster` is the program's mean by ours on the `by_mip` orders it was given."""

    sources: int
    lines: int
    median: float
    p99: float
    kernel_median: float
    kernel_p99: float
    times_faster: float
    by_mip: int
    fallbacks: int


def main() -> int:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS, help="orders of each size; 0: no table")
    parser.add_argument("--wave", type=int, default=20_000, help="orders of the sequential pass; 0: none")
    parser.add_argument(
        "--random", type=int, default=0, help="random orders up to 10 lines whose fallbacks are counted"
    )
    parser.add_argument("--memory", action="store_true", help="only: 1,000 sources x 10,000 SKUs, and what they take")
    parser.add_argument("--seed", type=int, default=SEED, help="other networks, stock and orders of the same sizes")
    options = parser.parse_args()
    seed: int = options.seed
    lines = _memory(seed) if options.memory else _all(options.orders, options.wave, options.random, seed)
    for line in lines:
        print(line, flush=True)
    print(f"Seed {seed}.")
    return 0


def _all(orders: int, wave_orders: int, random_orders: int, seed: int) -> Iterator[str]:
    if orders:
        yield from table(orders, seed)
    if wave_orders:
        yield from sequential(wave_orders, seed)
    if random_orders:
        yield from fallbacks(random_orders, seed)


def table(orders: int, seed: int = SEED) -> Iterator[str]:
    """Times of single decisions by size."""
    times = "call, median µs | goal | call, p99 µs | goal | code, median µs | code, p99 µs"
    yield f"| sources | lines | {times} | MIP / call | elsewhere |"
    yield "|---:" * 10 + "|"
    for sources, lines in SIZES:
        row = measure(sources, lines, orders, seed)
        goals = GOALS.get((sources, lines), ("", ""))
        yield (
            f"| {row.sources:,} | {row.lines} | {row.median:,.0f} | {goals[0]} | {row.p99:,.0f} | {goals[1]} "
            f"| {row.kernel_median:,.0f} | {row.kernel_p99:,.0f} | {row.times_faster:,.0f} ({row.by_mip} orders) "
            f"| {row.fallbacks} |"
        )
    yield ""


def measure(sources: int, lines: int, orders: int, seed: int = SEED) -> Row:
    """Times of single decisions of one size, after their answers are checked."""
    made = world(seed, sources=sources, skus=SKUS, stocked_percent=STOCKED_PERCENT)
    snapshot = made.snapshot()
    rng = random.Random(seed + 1)
    asked = [order(rng, made, lines) for _ in range(orders)]
    for one in asked[:CHECKED]:
        compare(made, snapshot, one)
    for one in asked:
        snapshot.decide(one)  # so that nothing is compiled or tabulated while times are taken
    by_mip = list(_mip_seconds(made, snapshot, asked))
    times = [_seconds(lambda one=one: snapshot.decide(one)) for one in asked]  # type: ignore[misc]  # mypy: lambda defaults
    kernel = [_seconds(_machine_code(snapshot, [one])) for one in asked]
    found = Counter(snapshot.decide(one).fallback for one in asked)
    median, p99 = _cuts(times)
    kernel_median, kernel_p99 = _cuts(kernel)
    return Row(
        sources=sources,
        lines=lines,
        median=median,
        p99=p99,
        kernel_median=kernel_median,
        kernel_p99=kernel_p99,
        times_faster=sum(by_mip) / sum(times[: len(by_mip)]),
        by_mip=len(by_mip),
        fallbacks=orders - found[""],
    )


def compare(made: World, snapshot: Snapshot, one: Order) -> None:
    """The snapshot's plan is the ordinary path's, to the cent and to the package. Raises AssertionError."""
    decision = snapshot.decide(one)
    plan = decide(made.problem(one), engine=Engine.EXACT, time_limit_seconds=SECONDS)
    assert decision.total_minor == plan.total_minor, (one, decision, plan)
    assert decision.is_proven
    assert snapshot.plan(one).cost_minor == plan.cost_minor


def sequential(orders: int, seed: int = SEED) -> Iterator[str]:
    """Many orders one after the other, with the stock counted down, after a sample of their answers is checked."""
    made = world(seed + 2, sources=1000, skus=10_000, stocked_percent=3)
    snapshot = made.snapshot()
    asked = wave(random.Random(seed + 3), made, orders)
    compared = compare_pass(made, snapshot, asked, random.Random(seed + 8))
    snapshot.decide_all(asked[:100])
    in_code = _seconds(_machine_code(snapshot, asked))
    whole = _seconds(lambda: snapshot.decide_all(asked))
    yield f"Sequential pass, {orders:,} orders, 1,000 sources, each of which stocks 3 % of 10,000 SKUs:"
    yield f"{orders / in_code:,.0f} orders a second in machine code (goal: {WAVE_GOAL:,}), {orders / whole:,.0f} from"
    yield f"objects to objects. Before, {compared.orders} of them in sequence were compared with the ordinary path,"
    yield f"package by package; of these, {compared.changed} are other than they were on untouched stock."
    yield ""


def fallbacks(orders: int, seed: int = SEED) -> Iterator[str]:
    """How many random orders up to 10 lines need another way than the arrays, and which."""
    found: Counter[str] = Counter()
    rng = random.Random(seed + 4)
    for sources, percent in ((100, 30), (300, 6), (1000, 30), (1000, 3)):
        made = world(seed + 5, sources=sources, skus=SKUS, stocked_percent=percent)
        snapshot = made.snapshot()
        for _ in range(orders // 4):
            found[snapshot.decide(order(rng, made, rng.randint(1, 10))).fallback] += 1
    elsewhere = ", ".join(f"{reason} {count}" for reason, count in found.items() if reason) or "none"
    yield f"{found.total():,} random orders of 1 to 10 lines: {found['']:,} decided by the arrays;"
    yield f"elsewhere: {elsewhere}."


def _memory(seed: int) -> Iterator[str]:
    made = world(seed + 6, sources=1000, skus=10_000, stocked_percent=STOCKED_PERCENT)
    snapshot = made.snapshot()
    snapshot.decide(order(random.Random(seed + 7), made, 5))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"1,000 sources x 10,000 SKUs, {STOCKED_PERCENT} % stocked: the process has taken {peak:.0f} MB at most."


def _mip_seconds(made: World, snapshot: Snapshot, asked: Sequence[Order]) -> Iterator[float]:
    """The program's time for the first orders, each a Problem. Raises AssertionError on another cost."""
    spent = 0.0
    for number, one in enumerate(asked):
        if number >= BY_MIP and spent > MIP_SECONDS:
            return
        problem = made.problem(one)
        begun = time.process_time()
        finding, _ = solve_by_mip(brief(problem).case, time_limit_seconds=SECONDS)
        taken = time.process_time() - begun
        if finding.is_proven:
            assert sum(finding.cost) == snapshot.decide(one).total_minor, one
        spent += taken
        yield taken


def _machine_code(snapshot: Snapshot, asked: Sequence[Order]) -> Callable[[], object]:
    """What is left when the orders are laid out; an order that is not done by it is passed over."""
    prepared, stock = snapshot.prepared(asked), snapshot.stock

    def run() -> None:
        first = 0
        while first < len(asked):
            first = prepared.run(stock, first, counts_down=True) + 1

    return run


def _seconds(run: Callable[[], object]) -> float:
    begun = time.process_time_ns()
    run()
    return (time.process_time_ns() - begun) / 1e9


def _cuts(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile in microseconds."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49] * 1e6, cuts[98] * 1e6


if __name__ == "__main__":
    sys.exit(main())
