"""Waves in parts, on one and on several processes: `python -m benchmarks.wave_parts` prints the table.

Every answer is counted anew (`wave_judge`: rules, cost, and the bound from the prices) before its figures are printed.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.wave_judge import faults
from benchmarks.wave_worlds import wave_world
from solver.waves.case import PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits
from solver.waves.parts.executors import hands_of
from solver.waves.parts.hands import Hands
from solver.waves.parts.in_parts import InParts
from solver.waves.plan import SplitCost


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--skus", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--moves", type=int, default=300, help="of the local search, for each order")
    options = parser.parse_args()
    made = wave_world(options.seed, orders=options.orders, sources=options.sources, skus=options.skus)
    case = lay_out_orders(made.world.snapshot(), made.orders, made.terms()).case
    limits = WaveLimits(passes=200, moves=options.moves, columns=0)
    for line in _table(case, limits, options.processes):
        print(line, flush=True)
    return 0


def _table(case: WaveCase, limits: WaveLimits, processes: int) -> Iterator[str]:
    orders = case.orders
    with hands_of(f"processes:{processes}") as hands:
        for where in (Hands(), hands):
            _timed(case, WaveLimits(passes=5, moves=5, columns=0), orders // 2, where)  # nothing is compiled later
        yield (
            f"| parts | 1 process, s | {processes} processes, s | cost to the whole's | gap | split cost at most "
            "| recovered | same plans |"
        )
        yield "|---:|" + "---:|" * 6 + "---|"
        whole, _, seconds = _timed(case, limits, orders, Hands())
        yield f"| 1 | {seconds:.1f} |  | 1 | {_gap(whole):.2%} |  |  |  |"
        for parts in (2, 4):
            most = -(-orders // parts)
            one, cost, here = _timed(case, limits, most, Hands())
            other, _, there = _timed(case, limits, most, hands)
            assert cost is not None
            yield (
                f"| {cost.parts} | {here:.1f} | {there:.1f} | {one.total / whole.total:.4f} | {_gap(one):.2%} "
                f"| {cost.most_minor / one.total:.2%} | {cost.recovered_minor / one.total:.2%} "
                f"| {'yes' if _same(one, other) else 'NO'} |"
            )


def _timed(case: WaveCase, limits: WaveLimits, most: int, hands: Hands) -> tuple[WaveFinding, SplitCost | None, float]:
    told: list[SplitCost] = []
    begun = time.perf_counter()
    found = InParts(most_orders=most, hands=hands, engine=search, tell_cost=told.append)(case, limits, Watch())
    seconds = time.perf_counter() - begun
    wrong = faults(case, found)
    if wrong:
        raise SystemExit("\n".join(wrong))
    return found, told[-1] if told else None, seconds


def _same(one: WaveFinding, other: WaveFinding) -> bool:
    return all(np.array_equal(np.asarray(mine), np.asarray(yours)) for mine, yours in zip(one, other, strict=True))


def _gap(found: WaveFinding) -> float:
    return (found.total * PRICES_PER_MINOR - found.bound) / found.bound


if __name__ == "__main__":
    raise SystemExit(main())
