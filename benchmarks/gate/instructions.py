"""Instructions of small functions, which do not depend on what else runs: `python -m benchmarks.gate.instructions`.

Counted by the processor, by way of `perf`, where the kernel lets it; else by `valgrind`, which runs the interpreter
step by step. Where neither works, that is said and nothing fails. What the interpreter's start takes falls away: a
function is run so often and then more often, and only the difference counts. With `--base REF`, 1 where a function
takes more than a hundredth more instructions than in that version.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from shutil import which

from benchmarks.gate.pure import PURE
from benchmarks.gate.trees import checked_out
from benchmarks.gate.turns import ROOT

FEW, MANY = 20, 120
MATTERS = 0.01
_PERF = ("perf", "stat", "-x,", "-e", "instructions:u")
_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


def counter() -> Sequence[str] | None:
    """The command that counts here; None where there is none."""
    for command in (_PERF, _VALGRIND):
        if which(command[0]) and _counted(command, ["true"]) is not None:
            return command
    return None


def _counted(command: Sequence[str], of: Sequence[str]) -> int | None:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, *of], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    pattern = r"^(\d+),.*instructions" if command is _PERF else r"I\s+refs:\s+([\d,]+)"
    found = re.search(pattern, done.stderr, re.MULTILINE)
    if done.returncode or found is None:
        return None
    return int(found[1].replace(",", ""))


def instructions(command: Sequence[str], tree: Path, name: str) -> int:
    """How many a run of the function takes. Raises RuntimeError where it fails."""
    counts = []
    for loops in (FEW, MANY):
        of = [sys.executable, "-m", "benchmarks.gate.pure", str(tree), name, str(loops)]
        if (found := _counted(command, of)) is None:
            raise RuntimeError(f"{name} could not be counted in {tree}")
        counts.append(found)
    return round((counts[1] - counts[0]) / (MANY - FEW))


def main() -> int:
    """Count and print; with a base, compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--base", help="commit, branch or tag to compare with")
    options = parser.parse_args()
    command = counter()
    if command is None:
        print("Instructions cannot be counted here: the kernel allows no counters, and there is no valgrind.")
        return 0
    more = False
    print(f"Counted by {command[0]}.\n\n| function | instructions | before | times |\n|---|---:|---:|---:|")
    with checked_out(options.base, "counted") if options.base else nullcontext(None) as old:
        for name in PURE:
            now = instructions(command, ROOT, name)
            before = None if old is None else instructions(command, old, name)
            more |= before is not None and now > before * (1 + MATTERS)
            cells = ("", "") if before is None else (f"{before:,}", f"{now / before:.4f}")
            print(f"| {name} | {now:,} | {' | '.join(cells)} |", flush=True)
    return int(more)


if __name__ == "__main__":
    sys.exit(main())
