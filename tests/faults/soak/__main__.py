"""A soak, told as it goes; exit code 1 where something is wrong: `python -m tests.faults.soak --minutes 30`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.soak.samples import Sample
from tests.faults.soak.soaking import Soaked, soak

MIB = 1024 * 1024


def main() -> int:
    """Soak, and tell."""
    parser = argparse.ArgumentParser(description="A server under mixed load for a long time.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.write(f"soaking for {options.minutes:g} minutes, --seed {options.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        soaked = soak(Path(folder), options.minutes * 60, options.seed, _tell)
    sys.stdout.write(_summary(soaked))
    return 1 if soaked.troubles else 0


def _tell(sample: Sample) -> None:
    sys.stdout.write(
        f"{sample.at_seconds:7.0f} s  {sample.memory_bytes / MIB:7.1f} MiB  "
        f"{sample.threads:4d} threads  {sample.files:4d} files\n"
    )
    sys.stdout.flush()


def _summary(soaked: Soaked) -> str:
    lines = [
        f"{soaked.calls:,} calls, {soaked.given_up:,} of them given up",
        f"memory grew by {soaked.grown_bytes / MIB:.1f} MiB after the first third",
        *(soaked.troubles or ("all is well: books audited, nothing left behind",)),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
