"""Solvers on the whole model of a wave, and the engine, for as long each."""

import time
from collections.abc import Iterator

from benchmarks.wave_judge import faults
from benchmarks.wave_rivals import SOLVERS, solved
from benchmarks.wave_runs import warm_up
from benchmarks.wave_worlds import wave_world
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits

SIZES = ((30, 10, 40), (100, 30, 100), (300, 50, 600), (1_000, 100, 2_000), (5_000, 500, 5_000))
_PER_MINOR = 1000


def rivals(seconds: float, most_orders: int) -> Iterator[str]:
    """For each size what each solver has after so many seconds of the clock, its model's building not counted."""
    yield "| orders x sources x SKUs | columns | rows | engine | s | cost | above the best bound | gap it proves |"
    yield "|---|---:|---:|---|---:|---:|---:|---:|"
    for orders, sources, skus in SIZES:
        if orders > most_orders:
            continue
        made = wave_world(1, orders=orders, sources=sources, skus=skus)
        case = lay_out_orders(made.world.snapshot(), made.orders, made.terms()).case
        warm_up()
        begun = time.perf_counter()
        found = search(case, WaveLimits(time_limit_seconds=seconds, passes=100_000, moves=1_000_000), Watch())
        taken = time.perf_counter() - begun
        wrong = faults(case, found)
        assert not wrong, wrong
        others = [solved(case, solver, seconds) for solver in SOLVERS]
        ours = ("this engine", taken, float(found.total), found.bound / _PER_MINOR)
        rows = [ours, *((one.solver, one.seconds, one.total, one.bound) for one in others)]
        best = max(bound for _, _, _, bound in rows if bound is not None)
        for name, spent, total, bound in rows:
            yield (
                f"| {orders:,} x {sources:,} x {skus:,} | {others[0].columns:,} | {others[0].rows:,} | {name} "
                f"| {spent:.1f} | {'none' if total is None else f'{total:,.0f}'} "
                f"| {'' if total is None else f'{total / best - 1:.2%}'} "
                f"| {'none' if total is None or bound is None or bound <= 0 else f'{total / bound - 1:.2%}'} |"
            )
    yield ""
