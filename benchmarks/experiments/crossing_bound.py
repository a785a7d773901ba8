"""What few crossings cost at least in one week, beside what the rule pays.

`python -m benchmarks.experiments.crossing_bound` tells the first week; `least_crossing` says why the bound holds.
"""

import argparse
import sys

from benchmarks.experiments.cross_province import ASSIGNED, PLACEMENTS, bounded_week, told_of
from benchmarks.experiments.least_crossing import HEADINGS, row


def main() -> int:
    """Print the bound of a week on each placement."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--week", type=int, default=0, help="0: the scenario's own")
    reader.add_argument("--placement", choices=PLACEMENTS, action="append")
    options = reader.parse_args()
    for placement in options.placement or PLACEMENTS:
        case = placement, options.week
        paid = told_of((placement, ASSIGNED, options.week)).figure("paid_minor")
        cells = row(placement, [bounded_week(case)], [paid], "-")
        sys.stdout.write("; ".join(f"{name}: {cell}" for name, cell in zip(HEADINGS, cells, strict=True)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
