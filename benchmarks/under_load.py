"""The service under load, in one page: `python -m benchmarks.under_load` runs the commands below, one after the other.

Each has a page of options of its own; here they are asked for so much as fits into six minutes of a quiet machine.
"""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import NO_POSTGRES
from tests.postgres_server import find_binaries

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    ("Plans, batches, promises, a start", "benchmarks.loading", "--calls 100 --seconds 2"),
    ("Ten times the load", "benchmarks.overload --part plans --part flood --seconds 8", "--calls 60 --seconds 2"),
    ("One server process and two", "benchmarks.processes", "--calls 60"),
)


def main() -> int:
    """Print all, and fail where one of them does."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="a few calls of each, to see that all of it runs")
    options = parser.parse_args()
    failed = False
    for title, arguments, shorter in PARTS:
        sys.stdout.write(f"### {title}\n\n`python -m {arguments}`\n\n")
        if arguments == "benchmarks.processes" and find_binaries() is None:
            sys.stdout.write(f"Not measured: {NO_POSTGRES}\n\n")
            continue
        asked = shlex.split(f"{arguments} {shorter}" if options.short else arguments)
        done = subprocess.run([sys.executable, "-m", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
        sys.stdout.write(f"{done.stdout.strip()}\n\n")
        sys.stdout.flush()
        if done.returncode:
            sys.stderr.write(done.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
