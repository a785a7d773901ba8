"""One instance of a wave in a process of its own: how good its answer is, what it took, and its memory alone."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.wave_baselines import as_finding, nearest_first
from benchmarks.wave_judge import cost_of, faults
from benchmarks.wave_worlds import TIGHT, Severity, wave_world
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits

_STATUS = Path("/proc/self/status")
_PER_MINOR = 1000
MANY_ORDERS = 10_000
MOVES_A_SECOND, OF_MANY_A_SECOND = 20_000, 60_000  # about as many as there is time for; large waves use both processors
FEW_ORDERS = 50  # that are decided first


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """An instance and how long the engine may work on it."""

    orders: int
    sources: int
    skus: int
    seconds: float
    name: str = ""
    goal: str = ""

    @property
    def title(self) -> str:
        """For tables."""
        return f"{self.orders:,} x {self.sources:,} x {self.skus:,}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One instance: money in minor units, memory in MB, `peak` of the whole process, `laid` after the layout."""

    orders: int
    seed: int
    total: int
    bound: int
    seconds: float
    processor_seconds: float
    layout_seconds: float
    peak_mb: int
    laid_mb: int
    one_by_one: int
    nearest: int
    unfilled: int
    reason: str
    entries: int

    @property
    def gap(self) -> float:
        """By how much at most the plans are dearer than the best, as a share of the bound."""
        return (self.total - self.bound) / self.bound


def run(size: Size, seed: int, *, processor: bool, severity: Severity = TIGHT) -> Run:
    """One instance in a process of its own."""
    asked = {"size": asdict(size), "seed": seed, "severity": asdict(severity), "processor": processor}
    command = [sys.executable, "-m", "benchmarks.wave_runs", json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Run(**json.loads(done.stdout))


def warm_up() -> None:
    """Decide a small contended wave at every stage, so that nothing is compiled while times are taken."""
    made = wave_world(0, orders=FEW_ORDERS, sources=5, skus=10)
    laid = lay_out_orders(made.world.snapshot(), made.orders, made.terms())
    search(laid.case, WaveLimits(passes=20, moves=20, columns=4), Watch())


def _one(size: Size, seed: int, severity: Severity, *, processor: bool) -> Run:
    made = wave_world(seed, orders=size.orders, sources=size.sources, skus=size.skus, severity=severity)
    snapshot = made.world.snapshot()
    lay_out_orders(snapshot, made.orders[:FEW_ORDERS], made.terms())
    warm_up()
    begun = time.perf_counter()
    laid = lay_out_orders(snapshot, made.orders, made.terms())
    layout_seconds, laid_mb = time.perf_counter() - begun, _megabytes("VmRSS")
    clock = time.process_time if processor else time.perf_counter
    moves_a_second = MOVES_A_SECOND if size.orders < MANY_ORDERS else OF_MANY_A_SECOND
    moves = max(20, int(moves_a_second * size.seconds / size.orders))
    limits = WaveLimits(time_limit_seconds=size.seconds, passes=300, moves=moves)
    begun, of_processor = time.perf_counter(), time.process_time()
    found = search(laid.case, limits, Watch(clock=clock))
    taken, processor_seconds = time.perf_counter() - begun, time.process_time() - of_processor
    peak = _megabytes("VmHWM")
    wrong = faults(laid.case, found)
    if wrong:
        raise AssertionError("; ".join(wrong[:5]))
    return Run(
        orders=size.orders,
        seed=seed,
        total=found.total,
        bound=-(-found.bound // _PER_MINOR),
        seconds=taken,
        processor_seconds=processor_seconds,
        layout_seconds=layout_seconds,
        peak_mb=peak,
        laid_mb=laid_mb,
        one_by_one=cost_of(laid.case, as_finding(laid, snapshot.decide_all(made.orders))),
        nearest=cost_of(laid.case, nearest_first(laid)),
        unfilled=int((found.left > 0).sum()),
        reason=found.reason,
        entries=len(laid.case.entry_cost),
    )


def _megabytes(name: str) -> int:
    """VmRSS or VmHWM of this process."""
    lines = (line for line in _STATUS.read_text("ascii").splitlines() if line.startswith(name))
    return int(next(lines).split()[1]) // 1024


def _asked(text: str) -> Run:
    asked = json.loads(text)
    return _one(Size(**asked["size"]), asked["seed"], Severity(**asked["severity"]), processor=asked["processor"])


if __name__ == "__main__":
    print(json.dumps(asdict(_asked(sys.argv[1]))))
