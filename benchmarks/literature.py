"""Published single-source instances through the public problem format, each decided as one wave.

`python -m benchmarks.literature` prints what becomes of them beside the known optimum; `--only NAME` asks for some.
`--write NAME` prints one as a file for `python -m solver solve`.

A customer (a job) is an order of one unit, a facility (an agent) a source. What the customer asks of a facility's
capacity are minutes of its handling, so that they may differ by facility; its fixed cost is the cost of opening.
"""

import argparse
import contextlib
import json
import math
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.outside import DECIMALS, INSTANCES, PLACED_AT, read_location, text_of
from solver.fulfilment.together import decided_together
from solver.waves.limits import Watch
from solver.waves.warm import warm
from solver.wire.problems import ProblemFile

SECONDS = 10.0
MOVES = 1_000  # more than there is time for on all but the smallest
GOAL_PERCENT = 0.5
AT_OPTIMUM_PERCENT = 0.0005  # the lists are rounded
LOCATIONS = ("3_ORLib_small", 24), ("4_Yang", 20)
UNIT = "UNIT"
MOST_PRICE = 10**12  # that the format takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """`costs[i][j]`, `weights[i][j]`: job j done by agent i; amounts in minor units. `optimum` as it is published."""

    name: str
    decimals: int
    capacities: tuple[int, ...]
    opening: tuple[int, ...]
    costs: tuple[tuple[int, ...], ...]
    weights: tuple[tuple[int, ...], ...]
    optimum: Decimal


def names() -> Iterator[str]:
    """All instances: `archive/file`."""
    for archive, many in LOCATIONS:
        yield from (f"{archive}/p{number}" for number in range(1, many + 1))
    with tarfile.open(INSTANCES / "gap.tar.gz") as files:
        present = {name.rpartition("/")[2] for name in files.getnames()}
    for line in text_of("gap", "bounds.txt").splitlines():
        name, _, kind = line.split()[0].rpartition("_")
        if kind == "Min" and name in present:
            yield f"gap/{name}"


def published(name: str) -> Published:
    """The instance of this name."""
    archive, _, file = name.partition("/")
    if archive == "gap":
        return _assignment(name, text_of(archive, file), Decimal(_bounds()[f"{file}_Min"]))
    location = read_location(text_of(archive, file))
    optima = text_of(archive, "os").split()
    decimals = DECIMALS + 1 if archive == "3_ORLib_small" else 0
    return Published(
        name=name,
        decimals=decimals,
        capacities=location.capacities,
        opening=tuple(_minor(one, decimals) for one in location.fixed),
        costs=tuple(tuple(_minor(one, decimals) for one in costs) for costs in location.costs),
        weights=(location.demands,) * len(location.capacities),
        optimum=Decimal(optima[int(file[1:]) - 1]),
    )


def as_wave(instance: Published, *, seconds: float | None = SECONDS) -> dict[str, Any]:
    """The instance in the public problem format. Leaving an order costs more than any plan that ships all."""
    sources = [f"S{number}" for number in range(len(instance.capacities))]
    orders = [f"O{number}" for number in range(len(instance.costs[0]))]
    dearest = sum(max(of_order) for of_order in zip(*instance.costs, strict=True)) + sum(instance.opening) + 1
    pairs = [(i, j) for j in range(len(orders)) for i in range(len(sources))]
    return {
        "money_decimals": instance.decimals,
        "engine": "batch",
        "policy": {"split_minor": 0, "unfilled_minor_per_unit": 0},
        "orders": [
            {"order_id": order, "currency": "XXX", "placed_at": PLACED_AT, "lines": [{"sku": UNIT, "quantity": 1}]}
            for order in orders
        ],
        "materials": [{"sku": UNIT, "weight_grams": 1}],
        "sources": [{"source_id": source} for source in sources],
        "stock": [{"source_id": source, "sku": UNIT, "available_units": len(orders)} for source in sources],
        "lanes": [
            {"order_id": orders[j], "source_id": sources[i], "service_id": "s", "package_minor": instance.costs[i][j]}
            for i, j in pairs
        ],
        "wave": {
            "orders": [{"order_id": order, "priority_minor": min(dearest, MOST_PRICE)} for order in orders],
            "sources": [
                {"source_id": source, "opening_cost_minor": opening, "most_minutes": capacity}
                for source, opening, capacity in zip(sources, instance.opening, instance.capacities, strict=True)
            ],
            "work": [
                {"order_id": orders[j], "source_id": sources[i], "minutes": instance.weights[i][j]} for i, j in pairs
            ],
        },
        "wave_limits": {} if seconds is None else {"time_limit_seconds": seconds, "moves": MOVES},
    }


def _bounds() -> dict[str, int]:
    """The upper of the two bounds of each instance."""
    return {line.split()[0]: int(line.split()[2]) for line in text_of("gap", "bounds.txt").splitlines()}


def _assignment(name: str, text: str, optimum: Decimal) -> Published:
    """`m n`, m rows of n costs, m rows of n weights, m capacities."""
    numbers = map(int, text.split())
    agents, jobs = next(numbers), next(numbers)
    costs, weights = (
        tuple(tuple(next(numbers) for _ in range(jobs)) for _ in range(agents)) for _ in ("costs", "weights")
    )
    return Published(
        name=name,
        decimals=0,
        capacities=tuple(next(numbers) for _ in range(agents)),
        opening=(0,) * agents,
        costs=costs,
        weights=weights,
        optimum=optimum,
    )


def _minor(amount: Decimal, decimals: int) -> int:
    minor = amount.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} has more than {decimals} decimals")
    return int(minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of an instance. Amounts as published; seconds of the whole decision, and the processor's."""

    name: str
    ours: Decimal
    known: Decimal
    bound: Decimal
    seconds: float
    processor_seconds: float

    @property
    def gap_percent(self) -> float:
        """How far the plan lies above the known optimum."""
        return float(100 * (self.ours - self.known) / self.known)

    @property
    def bound_percent(self) -> float:
        """How far the bound lies below the known optimum."""
        return float(100 * (self.known - self.bound) / self.known)

    @property
    def fault(self) -> str:
        """What must not be: a bound above the known optimum, whose lists are rounded, or a plan below the bound."""
        if self.bound > self.known + Decimal("0.01"):
            return "the bound is above the known optimum"
        return "the plan is below its bound" if self.ours < self.bound else ""


def decided(
    instance: Published, *, seconds: float | None = SECONDS, clock: Callable[[], float] = time.perf_counter
) -> Row:
    """The instance by way of its text, as the command would read it; the judge has checked the wave.

    The time allowed is told by the clock.
    """
    command = ProblemFile(json.dumps(as_wave(instance, seconds=seconds)), "instance.json").read(datetime.now(UTC))
    begun, worked = time.perf_counter(), time.process_time()
    wave = decided_together(command, seconds_left=lambda: math.inf, watch=Watch(clock=clock)).plan
    return Row(
        name=instance.name,
        ours=Decimal(wave.total_minor).scaleb(-instance.decimals),
        known=instance.optimum,
        bound=Decimal(wave.bound_minor).scaleb(-instance.decimals),
        seconds=time.perf_counter() - begun,
        processor_seconds=time.process_time() - worked,
    )


class ProcessorClock:
    """Seconds that a machine with nothing else to do would have needed: of threads side by side, the busiest counts."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._of_thread: dict[str, int] = {}
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """So many since it was made, as far as the kernel counted them."""
        with self._lock:
            now = {}
            for thread in Path("/proc/self/task").iterdir():
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                    now[thread.name] = int((thread / "schedstat").read_text().split()[0])
            self._seconds += max(ran - self._of_thread.get(one, 0) for one, ran in now.items()) / 1e9
            self._of_thread = now
            return self._seconds


def _summary(rows: Iterator[Row]) -> Iterator[str]:
    """A row for each archive and, of the assignments, each type."""
    families: dict[str, list[Row]] = {}
    for row in rows:
        archive, _, file = row.name.partition("/")
        families.setdefault(f"{archive}, {file[0]}" if archive == "gap" else archive, []).append(row)
    yield "| family | instances | at the optimum | within 0.5 % | worst gap % | worst bound gap % | mean s | faults |"
    yield "|---|---|---|---|---|---|---|---|"
    for family, those in families.items():
        gaps = [row.gap_percent for row in those]
        yield (
            f"| {family} | {len(those)} | {sum(gap < AT_OPTIMUM_PERCENT for gap in gaps)} "
            f"| {sum(gap <= GOAL_PERCENT for gap in gaps)} | {max(gaps):.2f} "
            f"| {max(row.bound_percent for row in those):.2f} | {sum(row.seconds for row in those) / len(those):.1f} "
            f"| {', '.join(f'{row.name}: {row.fault}' for row in those if row.fault)} |"
        )


def _report(rows: Iterator[Row]) -> Iterator[str]:
    yield "| instance | known | ours | gap % | bound | bound gap % | s | processor s | |"
    yield "|---|---|---|---|---|---|---|---|---|"
    faults = missed = many = 0
    for row in rows:
        many += 1
        faults += bool(row.fault)
        missed += row.gap_percent > GOAL_PERCENT
        yield (
            f"| {row.name} | {row.known} | {row.ours} | {row.gap_percent:.3f} | {row.bound} | {row.bound_percent:.2f} "
            f"| {row.seconds:.1f} | {row.processor_seconds:.1f} | {row.fault} |"
        )
    yield ""
    yield f"{many} instances, {missed} above the goal of {GOAL_PERCENT} %, {faults} with a fault."


def main() -> int:
    """Print the table, or one instance as a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", action="append", default=[], help="an instance, such as 4_Yang/p3, or the start of it"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="allowed for each")
    parser.add_argument("--write", help="print this instance as a file instead")
    parser.add_argument("--summary", action="store_true", help="print a row for each family instead")
    parser.add_argument("--processor", action="store_true", help="count the seconds allowed by the busiest thread")
    options = parser.parse_args()
    if options.write:
        sys.stdout.write(json.dumps(as_wave(published(options.write), seconds=options.seconds), indent=1) + "\n")
        return 0
    chosen = [name for name in names() if not options.only or name.startswith(tuple(options.only))]
    faulty = False
    clock = ProcessorClock() if options.processor else time.perf_counter
    warm()
    rows = (decided(published(name), seconds=options.seconds, clock=clock) for name in chosen)
    for line in _summary(rows) if options.summary else _report(rows):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        faulty = faulty or "above the known optimum" in line or "below its bound" in line
    return int(faulty)


if __name__ == "__main__":
    sys.exit(main())
