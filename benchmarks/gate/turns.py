"""Two versions in processes of their own that take turns, so that what slows the machine down slows both down."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TURN_SECONDS = 0.012  # of processor in a turn, at least
MOST_LOOPS = 20_000
MACHINE_CODE = ROOT / ".benchmarks" / "machine-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What one process took for a benchmark, turn by turn: seconds, and those of the calibration loop beside each."""

    seconds: tuple[float, ...]
    calibration: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The turns of both versions by benchmark, and what could not be made, with the reason."""

    old: dict[str, Turns]
    new: dict[str, Turns]
    failed: dict[str, str]


class Worker:
    """A process with one version of the product."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def make(self, names: Sequence[str]) -> dict[str, str]:
        """Make these benchmarks; what could not be made, with the reason."""
        failed: dict[str, str] = self._asked({"make": list(names)})
        return failed

    def turn(self, name: str, loops: int) -> tuple[float, float]:
        """Processor seconds of one run of a benchmark over so many, and of the calibration loop beside it."""
        answer = self._asked({"run": name, "loops": loops})
        return answer["seconds"], answer["calibration"]

    def _asked(self, request: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of benchmarks ended with code {self._process.wait()}; see what it said")
        return json.loads(line)


@contextmanager
def worker(tree: Path, seed: int) -> Iterator[Worker]:
    """A process that measures the tree; names are hashed by the seed, in both versions alike."""
    own_code = {} if tree == ROOT else {"NUMBA_CACHE_DIR": str(MACHINE_CODE)}
    environment = {**os.environ, **own_code, "PYTHONHASHSEED": str(seed), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.gate.worker", str(tree)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Worker(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.terminate()


def block(old: Path, new: Path, names: Sequence[str], turns: int, number: int) -> Block:
    """One block: both versions take `turns` turns at each benchmark; who begins changes from turn to turn.

    `number` is the block's: it seeds hashing and says which process is started first.
    """
    trees = {"old": old, "new": new}
    first, second = ("old", "new") if number % 2 else ("new", "old")
    with worker(trees[first], number) as one, worker(trees[second], number) as other:
        by_side = {first: one, second: other}
        failed = {**by_side["old"].make(names), **by_side["new"].make(names)}
        found: dict[str, dict[str, Turns]] = {"old": {}, "new": {}}
        for name in names:
            if name not in failed:
                for side, made in _in_turn(by_side, name, turns).items():
                    found[side][name] = made
    return Block(old=found["old"], new=found["new"], failed=failed)


def alone(tree: Path, names: Sequence[str], turns: int, number: int) -> tuple[dict[str, Turns], dict[str, str]]:
    """One process of one version: what was measured, and what could not be made, with the reason."""
    with worker(tree, number) as one:
        failed = one.make(names)
        found = {name: _in_turn({"new": one}, name, turns)["new"] for name in names if name not in failed}
    return found, failed


def _in_turn(by_side: dict[str, Worker], name: str, turns: int) -> dict[str, Turns]:
    sides = list(by_side)
    loops = _loops(by_side[sides[0]], name)
    taken: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
    for turn in range(turns):
        for side in sides if turn % 2 else reversed(sides):
            taken[side].append(by_side[side].turn(name, loops))
    return {
        side: Turns(seconds=tuple(one for one, _ in made), calibration=tuple(one for _, one in made))
        for side, made in taken.items()
    }


def _loops(one: Worker, name: str) -> int:
    once = min(one.turn(name, 1)[0] for _ in range(3))
    return max(1, min(MOST_LOOPS, round(TURN_SECONDS / max(once, 1e-7))))
