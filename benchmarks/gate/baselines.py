"""What benchmarks took, kept by class of machines: `python -m benchmarks.gate.baselines` measures, `--write` keeps it.

A baseline is, for each benchmark and process, the median time by that of the calibration loop beside it. The latest
one of a class of machines is a file of its own; a line of `history.jsonl` keeps the medians of each that there was.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.gate.machine import Machine, this_machine
from benchmarks.gate.phases import BENCHMARKS
from benchmarks.gate.turns import ROOT, alone

FOLDER = ROOT / "benchmarks" / "baselines"
HISTORY = FOLDER / "history.jsonl"
PROCESSES, TURNS = 5, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A benchmark: of each process, the median by the calibration loop, and in microseconds."""

    ratios: tuple[float, ...]
    micros: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was measured, on what and from which commit; `load` is what else the machine did (None: not noted)."""

    machine: Machine
    commit: str
    measured_at: str
    ratios: Mapping[str, tuple[float, ...]]
    micros: Mapping[str, float]
    load: float | None = None

    @property
    def told(self) -> str:
        """What it is, in a sentence."""
        beside = "beside what is not known" if self.load is None else f"at a load average of {self.load:.1f}"
        return f"commit {self.commit}, measured at {self.measured_at} {beside}"


def measured(
    tree: Path, names: Sequence[str], processes: int, turns: int, first: int = 0
) -> tuple[dict[str, Measured], dict[str, str]]:
    """Every benchmark in so many processes, one after the other; and what could not be made, with the reason."""
    ratios: dict[str, list[float]] = {name: [] for name in names}
    micros: dict[str, list[float]] = {name: [] for name in names}
    failed: dict[str, str] = {}
    for number in range(first, first + processes):
        left = [name for name in names if name not in failed]
        found, unmade = alone(tree, left, turns, number + 1)
        failed |= unmade
        for name, one in found.items():
            by_loop = [a / b for a, b in zip(one.seconds, one.calibration, strict=True)]
            ratios[name].append(statistics.median(by_loop))
            micros[name].append(1e6 * statistics.median(one.seconds))
        sys.stderr.write(f"process {number + 1}: {len(found)} benchmarks\n")
    made = [name for name in names if name not in failed]
    return {name: Measured(ratios=tuple(ratios[name]), micros=tuple(micros[name])) for name in made}, failed


def baseline_of(
    found: Mapping[str, Measured], machine: Machine, commit: str, now: datetime, load: float | None = None
) -> Baseline:
    """What was measured, as it is kept: four significant digits."""
    return Baseline(
        machine=machine,
        commit=commit,
        measured_at=now.isoformat(timespec="seconds"),
        ratios={name: tuple(_short(ratio) for ratio in one.ratios) for name, one in found.items()},
        micros={name: _short(statistics.median(one.micros)) for name, one in found.items()},
        load=load,
    )


def read_baseline(path: Path, machine: Machine) -> Baseline:
    """A kept baseline. Raises ValueError where it is of another class of machines."""
    kept = json.loads(path.read_text("utf-8"))
    of = Machine(**kept["machine"])
    if of != machine:
        raise ValueError(f"{path} was measured on {of.slug}, and this is {machine.slug}; give a commit instead")
    return Baseline(
        machine=of,
        commit=kept["commit"],
        measured_at=kept["measured_at"],
        ratios={name: tuple(ratios) for name, ratios in kept["ratios"].items()},
        micros=kept["micros"],
        load=kept.get("load"),
    )


def keep(baseline: Baseline, folder: Path = FOLDER) -> Path:
    """Write the file of its class of machines, and add a line to the history."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{baseline.machine.slug}.json"
    path.write_text(json.dumps(asdict(baseline), indent=1) + "\n", "utf-8")
    line = {
        "machine": baseline.machine.slug,
        "commit": baseline.commit,
        "measured_at": baseline.measured_at,
        "ratios": {name: _short(statistics.median(found)) for name, found in baseline.ratios.items()},
    }
    with (folder / HISTORY.name).open("a", encoding="utf-8") as history:
        history.write(json.dumps(line) + "\n")
    return path


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def main() -> int:
    """Measure and print, or keep."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="keep it as the baseline of this class of machines")
    parser.add_argument("--quick", action="store_true", help="a benchmark or so of each phase")
    parser.add_argument("--processes", type=int, default=PROCESSES, help=f"one after the other (default: {PROCESSES})")
    options = parser.parse_args()
    names = [name for name, one in BENCHMARKS.items() if one.quick or not options.quick]
    load = os.getloadavg()[0]  # of other work: ours has not begun
    found, failed = measured(ROOT, names, options.processes, TURNS)
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    sys.stdout.write("| benchmark | median, µs | by the calibration loop |\n|---|---:|---:|\n")
    for name, one in found.items():
        micros, ratio = statistics.median(one.micros), statistics.median(one.ratios)
        sys.stdout.write(f"| {name} | {micros:,.0f} | {ratio:.4g} |\n")
    for name, reason in failed.items():
        sys.stderr.write(f"{name} found fault: {reason}\n")
    if failed:
        return 2  # half a baseline is none
    if options.write:
        path = keep(baseline_of(found, this_machine(), commit, datetime.now(UTC), load))
        sys.stderr.write(f"kept in {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
