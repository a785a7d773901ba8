"""One version of the product, measured by who asks: `python -m benchmarks.gate.worker TREE`, from the newer version.

`TREE` holds the `solver` to be measured; the benchmarks are always those of the folder that it is started in, so that
both versions do the same. Requests and answers are lines of JSON. {"make": NAMES} makes benchmarks and tells what could
not be made; {"run": NAME, "loops": N} takes one turn.
"""

import contextlib
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import benchmarks

Run = Callable[[], object]
_CALIBRATION_LOOPS = 12_000


def calibration() -> int:
    """What every turn is held against: arithmetic, a dictionary and calls, as the interpreter does them."""
    counts: dict[int, int] = {}
    total = 0
    for number in range(_CALIBRATION_LOOPS):
        key = number * 7919 % 256
        counts[key] = counts.get(key, 0) + number
        total += len(str(number)) + max(key, number & 127)
    return total + len(counts)


def seconds_of(run: Run, loops: int) -> float:
    """Processor seconds of one run, over so many."""
    begun = time.process_time_ns()
    for _ in range(loops):
        run()
    return (time.process_time_ns() - begun) / loops / 1e9


def _made(names: list[str], runs: dict[str, Run]) -> dict[str, str]:
    from benchmarks.gate.phases import BENCHMARKS  # only now, that the product is that of the tree

    failed = {}
    for name in names:
        try:
            runs[name] = BENCHMARKS[name].make()
            runs[name]()
        except Exception as error:  # an older version may lack what is measured; it is told
            failed[name] = f"{type(error).__name__}: {error}"
    gc.collect()
    gc.freeze()
    return failed


def _turn(run: Run, loops: int) -> dict[str, float]:
    gc.collect(0)
    gc.disable()
    try:
        beside = seconds_of(calibration, 1)
        return {"seconds": seconds_of(run, loops), "calibration": beside}
    finally:
        gc.enable()


def main() -> int:
    """Answer until there is nothing more asked."""
    tree = Path(sys.argv[1]).resolve()
    assert benchmarks.__file__, "a package of files"
    sys.path.insert(0, str(tree))
    import solver

    assert solver.__file__, "a package of files"
    assert Path(solver.__file__).is_relative_to(tree), solver.__file__
    runs: dict[str, Run] = {}
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            asked: dict[str, Any] = json.loads(line)
            answer = _made(asked["make"], runs) if "make" in asked else _turn(runs[asked["run"]], asked["loops"])
            answers.write(f"{json.dumps(answer)}\n")
            answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
