"""What earlier weeks know of the rest of this one, and what that does to parcels that cross a province.

`python -m benchmarks.experiments.crossing_futures` takes the weeks of `cross_province` on one placement. Orders are
decided together every half day; a unit of stock is worth what it was worth, from that hour on, in earlier weeks of the
same process beside the orders that are open now (`sampled_futures`), or a share of that and what units kept are worth
(`protected_units`). Who would split or cross waits as long as the same plan, made half a day later, still arrives as
promised; in some cases so does who would take units that are worth much. With `--knowing` the week's own orders are
the only sample, which nobody could have: it tells what is lost by not knowing them.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from benchmarks.experiments.cross_province import FIRST_OF_WEEKS, FOLDER, PLACEMENTS, Demand, drawn_with
from benchmarks.experiments.crossing_loss import FIRST_EARLIER, WEEKS, earlier_weeks, laid_out
from benchmarks.experiments.crossing_run import CrossingRun
from benchmarks.experiments.crossing_wait import HALF_DAY, HEADINGS, Waited, Waiting, row, waited_with
from benchmarks.experiments.page import table
from benchmarks.experiments.protected_units import ProtectedUnits, Values, added
from benchmarks.experiments.sampled_futures import Sample, SampledFutures, sample_of
from solver.orders.model import Order
from solver.replay.decider import Place
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario

SAMPLES = 16  # earlier weeks
CROSSING_MINOR = 2000
IN_TIME = Waiting(name="who would split or cross waits in time", every=HALF_DAY, at_most=timedelta(days=3), spare=None)


def _or_scarce(minor: int) -> Waiting:
    name = f"who would split, cross or take units worth {minor / 100:g} waits in time"
    return replace(IN_TIME, name=name, scarce_minor=minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a unit is worth, as a share of what samples say and by units kept, and who waits."""

    share: float
    unit_minor: int
    waiting: Waiting

    @property
    def name(self) -> str:
        """In words that follow the price of a crossing."""
        futures = f", {self.share:.0%} of sampled futures" if self.share else ""
        kept = f", {self.unit_minor / 100:g} a unit kept" if self.unit_minor else ""
        return f"{futures}{kept}, {self.waiting.name}"


CASES = (
    Case(share=1, unit_minor=0, waiting=_or_scarce(300)),
    Case(share=0.7, unit_minor=120, waiting=IN_TIME),
    Case(share=0.7, unit_minor=120, waiting=_or_scarce(200)),
)


def main() -> int:
    """Print a table of all cases, or of one."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--placement", choices=PLACEMENTS, default=next(iter(PLACEMENTS)))
    reader.add_argument("--first", type=int, default=0, help="the first week; 0: the scenario's own")
    reader.add_argument("--weeks", type=int, default=WEEKS)
    reader.add_argument("--case", type=int, action="append", choices=range(1, len(CASES) + 1), help="default: all")
    reader.add_argument("--crossing-minor", type=int, default=CROSSING_MINOR, help="what a crossing costs")
    reader.add_argument("--knowing", action="store_true", help="the week's own orders, in place of earlier weeks'")
    options = reader.parse_args()
    numbers = range(options.first, options.first + options.weeks)
    runs = [CrossingRun(laid_out(options.placement, number), options.crossing_minor) for number in numbers]
    of_earlier = [] if options.knowing else samples_for(runs[0])  # all weeks begin with the same stock
    samples = [[sample_of(run, _told_apart(run.orders, 0))] if options.knowing else of_earlier for run in runs]
    earlier = earlier_weeks()
    cases = [CASES[number - 1] for number in options.case] if options.case else CASES
    ran = [[decided(run, of, earlier, case) for run, of in zip(runs, samples, strict=True)] for case in cases]
    crossing = f"{options.crossing_minor / 100:g} yuan a crossing"
    rows = [row(crossing + case.name, of) for case, of in zip(cases, ran, strict=True)]
    sys.stdout.write(table(HEADINGS, rows) + "\n")
    return 0


def decided(run: CrossingRun, samples: Sequence[Sample], earlier: Sequence[Demand], case: Case) -> Waited:
    """The week's orders in that way."""
    kept = ProtectedUnits(earlier, run.province_of_source, run.horizon, case.unit_minor)
    futures = SampledFutures(run, samples if case.share else (), case.share)

    def worth(open_orders: Sequence[Order], left: Mapping[Place, int], now: datetime) -> Values:
        return added(futures.values(open_orders, left, now), kept.values(left, min(now, run.horizon.ends_at)))

    return waited_with(run, worth, case.waiting)


def samples_for(run: CrossingRun) -> list[Sample]:
    """Earlier weeks of the same process on the run's opening stock, none of which is replayed or laid out from."""
    base = read_scenario(FOLDER)
    weeks = [with_orders(drawn_with(base, FIRST_OF_WEEKS + FIRST_EARLIER + number)) for number in range(SAMPLES)]
    return [sample_of(run, _told_apart(week.orders, number)) for number, week in enumerate(weeks)]


def _told_apart(orders: Sequence[Order], number: int) -> list[Order]:
    """In their sequence, with ids that no order of the replayed week has."""
    ordered = sorted(orders, key=lambda order: (order.placed_at, order.order_id))
    return [replace(order, order_id=f"{number}-{order.order_id}") for order in ordered]


if __name__ == "__main__":
    sys.exit(main())
