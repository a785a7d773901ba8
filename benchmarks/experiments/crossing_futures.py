"""What is known of earlier weeks does to parcels that cross a province: values of stock from sampled futures.

`python -m benchmarks.experiments.crossing_futures` takes the weeks of `cross_province` on one placement. Orders are
decided together every half day; a unit of stock is worth what it was worth, from that hour on, in earlier weeks of the
same process beside the orders that are open now (`sampled_futures`). Who would split or cross waits as long as the
same plan, made half a day later, still arrives as promised. Another row keeps units in place of that, all else alike.
"""

import argparse
import sys
from dataclasses import replace
from datetime import timedelta

from benchmarks.experiments.cross_province import FIRST_OF_WEEKS, FOLDER, PLACEMENTS, drawn_with
from benchmarks.experiments.crossing_loss import FIRST_EARLIER, WEEKS, earlier_weeks, laid_out
from benchmarks.experiments.crossing_run import CrossingRun
from benchmarks.experiments.crossing_wait import HALF_DAY, HEADINGS, Waiting, row, waited, waited_with
from benchmarks.experiments.page import table
from benchmarks.experiments.sampled_futures import Sample, SampledFutures, sample_of
from solver.orders.model import Order
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario

SAMPLES = 16  # earlier weeks
IN_TIME = Waiting(name="who would split or cross waits in time", every=HALF_DAY, at_most=timedelta(days=3), spare=None)
KEPT_MINOR = 400
CROSSINGS_MINOR = (1600, 2000)


def main() -> int:
    """Print a table of all cases."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--placement", choices=PLACEMENTS, default=next(iter(PLACEMENTS)))
    reader.add_argument("--first", type=int, default=0, help="the first week; 0: the scenario's own")
    reader.add_argument("--weeks", type=int, default=WEEKS)
    reader.add_argument("--crossing-minor", type=int, action="append", help="price of a crossing")
    options = reader.parse_args()
    weeks = [laid_out(options.placement, options.first + number) for number in range(options.weeks)]
    rows = []
    crossings_minor = options.crossing_minor or CROSSINGS_MINOR
    kept_runs = [CrossingRun(week, crossings_minor[-1]) for week in weeks]
    kept = [waited(run, earlier_weeks(), KEPT_MINOR, IN_TIME) for run in kept_runs]
    name = f"{crossings_minor[-1] / 100:g} yuan a crossing, {KEPT_MINOR / 100:g} a unit kept, {IN_TIME.name}"
    rows.append(row(name, kept))
    for crossing_minor in crossings_minor:
        runs = [CrossingRun(week, crossing_minor) for week in weeks]
        samples = samples_for(runs[0])  # all weeks begin with the same stock
        of = [waited_with(run, SampledFutures(run, samples).values, IN_TIME) for run in runs]
        rows.append(row(f"{crossing_minor / 100:g} yuan a crossing, sampled futures, {IN_TIME.name}", of))
    sys.stdout.write(table(HEADINGS, rows) + "\n")
    return 0


def samples_for(run: CrossingRun) -> list[Sample]:
    """Earlier weeks of the same process on the run's opening stock, none of which is replayed or laid out from."""
    base = read_scenario(FOLDER)
    weeks = [with_orders(drawn_with(base, FIRST_OF_WEEKS + FIRST_EARLIER + number)) for number in range(SAMPLES)]
    return [sample_of(run, _told_apart(week.orders, number)) for number, week in enumerate(weeks)]


def _told_apart(orders: tuple[Order, ...], number: int) -> list[Order]:
    """In their sequence, with ids that no order of the replayed week has."""
    ordered = sorted(orders, key=lambda order: (order.placed_at, order.order_id))
    return [replace(order, order_id=f"{number}-{order.order_id}") for order in ordered]


if __name__ == "__main__":
    sys.exit(main())
