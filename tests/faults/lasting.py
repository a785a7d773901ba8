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
