"""How long tests of faults go on: seconds in the suite, or as long as the environment says."""

import os
import time
from collections.abc import Iterator

SECONDS_VARIABLE = "XUNYUAN_FAULT_SECONDS"


def seeds(first: int, *, at_least: int) -> Iterator[int]:
    """Seeds from the first one on: so many, and further ones until the seconds of SECONDS_VARIABLE are over.

    Each is printed before its run, so that it can be given to `--seed`.
    """
    ends_at = time.monotonic() + float(os.environ.get(SECONDS_VARIABLE, "0"))
    seed = first
    while seed < first + at_least or time.monotonic() < ends_at:
        print(f"--seed {seed}")  # noqa: T201 - shown with a failure
        yield seed
        seed += 1


def chosen(count: int, seed: int, *, of_each: int) -> Iterator[int]:
    """Steps to fail at: one of each so many in the suite, another one with another seed; all, where it may last.

    Each is printed before it is tried.
    """
    steps = range(count) if SECONDS_VARIABLE in os.environ else range(seed % of_each, count, of_each)
    for step in steps:
        print(f"--seed {seed}: step {step} of {count}")  # noqa: T201 - shown with a failure
        yield step
