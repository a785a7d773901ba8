"""The exact engine against the program on the same orders in the same run: `python -m benchmarks.engines`.

Both must prove the same cost before their times count; where the exact engine hands an order over it is only counted.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.desk import Desk
from benchmarks.worlds import problem
from solver.scenario.files import read_scenario
from solver.sourcing.brief import brief
from solver.sourcing.case import Case, Finding
from solver.sourcing.exact.search import search
from solver.sourcing.exact.warm import warm
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.problem import Problem

BUNDLED = Path(__file__).resolve().parents[1] / "scenarios" / "first_light"
LINES, SOURCES, STOCKED_PERCENT, SEEDS, SEED = (5, 8, 12), 100, 30, 10, 0
MIP_SECONDS, REPEATS = 20.0, 5
Found = TypeVar("Found")


@dataclass(slots=True, kw_only=True)
class Race:
    """Milliseconds of both engines by order, without making the arrays, which they share.

    `handed_over` and `late` orders have no times: those the exact engine gives up, and those it proves and the program
    does not within MIP_SECONDS.
    """

    name: str
    handed_over: int = 0
    late: int = 0
    brief_ms: list[float] = field(default_factory=list)
    exact_ms: list[float] = field(default_factory=list)
    mip_ms: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """How many times as long the program takes, order by order, in ascending order."""
        return sorted(slow / fast for slow, fast in zip(self.mip_ms, self.exact_ms, strict=True))


def races(seeds: int = SEEDS, seed: int = SEED) -> Iterator[Race]:
    """The bundled orders, then so many random ones of each number of lines, with seeds from `seed` on."""
    warm()
    yield race("bundled orders", Desk(read_scenario(BUNDLED)).problems())
    for lines in LINES:
        asked = (
            problem(each, sources=SOURCES, lines=lines, stocked_percent=STOCKED_PERCENT)
            for each in range(seed, seed + seeds)
        )
        yield race(f"random, {lines} lines x {SOURCES} sources", asked)


def race(name: str, problems: Iterable[Problem]) -> Race:
    """Every problem answered by both; raises AssertionError where they prove different costs."""
    result = Race(name=name)
    for one in problems:
        made, brief_ms = _best_of(REPEATS, partial(brief, one))
        _run(result, made.case, brief_ms)
    return result


def _run(result: Race, case: Case, brief_ms: float) -> None:
    found, exact_ms = _best_of(REPEATS, partial(search, case))
    if found.reason:
        result.handed_over += 1
        return
    by_mip, mip_ms = _best_of(1, partial(_by_mip, case))
    if not by_mip.is_proven:
        assert found.cost <= by_mip.cost
        result.late += 1
        return
    assert found.cost == by_mip.cost, (found.cost, by_mip.cost)
    result.brief_ms.append(brief_ms)
    result.exact_ms.append(exact_ms)
    result.mip_ms.append(mip_ms)


def _by_mip(case: Case) -> Finding:
    return solve_by_mip(case, time_limit_seconds=MIP_SECONDS)[0]


def _best_of(times: int, call: Callable[[], Found]) -> tuple[Found, float]:
    """The answer and the least milliseconds of so many calls: what else runs on the machine only ever adds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        answer = call()
        taken.append(1000 * (time.perf_counter() - begun))
    return answer, min(taken)


def table(results: Iterable[Race]) -> Iterator[str]:
    """The races as Markdown; a cell of three has the median, and the least and most of any order."""
    columns = ("orders", "timed", "handed over", "MIP unproven", "arrays, ms", "exact, ms", "MIP, ms", "MIP / exact")
    yield f"| {' | '.join(columns)} |"
    yield "|---" + "|---:" * (len(columns) - 1) + "|"
    for one in results:
        cells = (
            one.name,
            str(len(one.exact_ms)),
            str(one.handed_over),
            str(one.late),
            *(_spread(times, 3) for times in (one.brief_ms, one.exact_ms)),
            _spread(one.mip_ms, 1),
            _spread(one.ratios, 0),
        )
        yield f"| {' | '.join(cells)} |"


def _spread(numbers: Sequence[float], decimals: int) -> str:
    if not numbers:
        return ""
    return f"{median(numbers):,.{decimals}f} ({min(numbers):,.{decimals}f} to {max(numbers):,.{decimals}f})"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="random orders of each number of lines")
    parser.add_argument("--seed", type=int, default=SEED, help=f"the first of their seeds (default: {SEED})")
    options = parser.parse_args()
    for line in table(races(options.seeds, options.seed)):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"Seed {options.seed}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
