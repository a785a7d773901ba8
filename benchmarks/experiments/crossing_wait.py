"""What waiting does to parcels that cross a province: all orders of a day together, or only those that gain by it.

`python -m benchmarks.experiments.crossing_wait` takes the weeks of `cross_province` on one placement. Orders are
decided together at certain moments, with units that provinces keep for their own customers (`protected_units`). Either
all of them go at once, or those whose plan is one parcel from their own province: the others wait for the next moment,
as long as their promise leaves time, and are decided anew beside the orders that came meanwhile, which so have their
turn at the stock before a large order is split over it. One wave of the whole week, which nobody could wait for, shows
what would be had by knowing all orders.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import fmean

from benchmarks.experiments.cross_province import PLACEMENTS, Demand
from benchmarks.experiments.crossing_loss import WEEKS, earlier_weeks, laid_out
from benchmarks.experiments.crossing_run import CrossingRun, Ran
from benchmarks.experiments.page import table
from benchmarks.experiments.protected_units import ProtectedUnits, Values
from solver.orders.model import Order
from solver.replay.decider import Place
from solver.sourcing.plan import Plan

_DAY = timedelta(days=1)
Worth = Callable[[Sequence[Order], Mapping[Place, int], datetime], Values]  # of open orders, stock left, the moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Orders are decided at the end of every `every`; who would split or cross waits, for at most `at_most` in all.

    So does who takes units that are worth `scarce_minor` or more together (None: whatever they are worth, it goes).
    An order waits only where its plan of the moment arrives earlier than promised by `spare` or more; None: only where
    the same plan, made at the next moment, still arrives as promised.
    """

    name: str
    every: timedelta
    at_most: timedelta = timedelta()
    spare: timedelta | None = timedelta()
    scarce_minor: int | None = None

    def has_reason(self, order: Order, plan: Plan, run: CrossingRun, values: Values, left: Mapping[Place, int]) -> bool:
        """Whether waiting could do the order or others any good."""
        if len(plan.packages) > 1 or run.crosses(order, plan):
            return True
        return self.scarce_minor is not None and run.worth_minor(plan, values, left) >= self.scarce_minor

    def may_wait(self, order: Order, plan: Plan, now: datetime, made_next: Callable[[], Plan]) -> bool:
        """Whether the order can be decided anew at the next moment; `made_next`: its plan, if made then."""
        if now + self.every - order.placed_at > self.at_most:
            return False
        if order.promised_at is None:
            return True
        arrives_at = _arrives(made_next()) if self.spare is None else _arrives(plan) + self.spare
        return arrives_at <= order.promised_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """What orders came to, the mean days from an order to its last parcel, and the share of orders that were late."""

    ran: Ran
    days: float
    late_share: float


HALF_DAY = timedelta(hours=12)
_WAITS = "who would split or cross waits, with {} to spare"
CASES = (  # price of a crossing, of a unit kept, way
    (1600, 300, Waiting(name="by the day", every=_DAY)),
    (1600, 300, Waiting(name=_WAITS.format("half a day"), every=HALF_DAY, at_most=2 * _DAY, spare=HALF_DAY)),
    (2000, 400, Waiting(name=_WAITS.format("half a day"), every=HALF_DAY, at_most=2 * _DAY, spare=HALF_DAY)),
    (1600, 300, Waiting(name=_WAITS.format("a day"), every=HALF_DAY, at_most=2 * _DAY, spare=_DAY)),
    (2000, 400, Waiting(name=_WAITS.format("a day"), every=HALF_DAY, at_most=2 * _DAY, spare=_DAY)),
    (1400, 0, Waiting(name="the whole week together", every=5 * _DAY)),
)
HEADINGS = ("policy", "crossing", "yuan an order", "packages an order", "days", "late")


def main() -> int:
    """Print a table of all cases."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--placement", choices=PLACEMENTS, default=next(iter(PLACEMENTS)))
    reader.add_argument("--first", type=int, default=0, help="the first week; 0: the scenario's own")
    reader.add_argument("--weeks", type=int, default=WEEKS)
    options = reader.parse_args()
    weeks = [laid_out(options.placement, options.first + number) for number in range(options.weeks)]
    earlier = earlier_weeks()
    rows = []
    for crossing_minor, unit_minor, waiting in CASES:
        of = [waited(CrossingRun(week, crossing_minor), earlier, unit_minor, waiting) for week in weeks]
        name = f"{crossing_minor / 100:g} yuan a crossing, {unit_minor / 100:g} a unit kept, {waiting.name}"
        rows.append(row(name, of))
    sys.stdout.write(table(HEADINGS, rows) + "\n")
    return 0


def waited(run: CrossingRun, earlier: Sequence[Demand], unit_minor: int, waiting: Waiting) -> Waited:
    """Decide the week's orders at the waiting's moments, with units kept at so much each."""
    kept = ProtectedUnits(earlier, run.province_of_source, run.horizon, unit_minor)
    return waited_with(run, lambda _, left, now: kept.values(left, min(now, run.horizon.ends_at)), waiting)


def waited_with(run: CrossingRun, worth: Worth, waiting: Waiting) -> Waited:
    """Decide the week's orders at the waiting's moments, the last of which lies behind the last order."""
    ran, now, coming = run.nothing(), run.horizon.starts_at, list(run.orders)
    open_orders: list[Order] = []
    days: list[float] = []
    late = 0
    while coming or open_orders:
        now += waiting.every
        arrived = [order for order in coming if order.placed_at <= now]
        coming = coming[len(arrived) :]
        open_orders += arrived
        if not open_orders:
            continue
        values = worth(open_orders, ran.left, now)
        planned = list(zip(open_orders, run.planned(open_orders, now, values, ran.left), strict=True))
        gone = []
        for order, plan in planned:
            made_next = partial(run.made_at, order, plan, now + waiting.every, values, ran.left)
            has_reason = coming and waiting.has_reason(order, plan, run, values, ran.left)
            if not (has_reason and waiting.may_wait(order, plan, now, made_next)):
                gone.append((order, plan))
        ran += run.carried_out(gone, values, ran.left)
        days += [(_arrives(plan) - order.placed_at) / _DAY for order, plan in gone]
        late += sum(order.promised_at is not None and _arrives(plan) > order.promised_at for order, plan in gone)
        left_ids = {order.order_id for order in open_orders} - {order.order_id for order, _ in gone}
        open_orders = [order for order in open_orders if order.order_id in left_ids]
    return Waited(ran=ran, days=fmean(days), late_share=late / ran.orders)


def _arrives(plan: Plan) -> datetime:
    return max(package.arrives_at for package in plan.packages)


def row(name: str, of: Sequence[Waited]) -> tuple[str, ...]:
    """Means over weeks."""
    return (
        name,
        f"{fmean(one.ran.crossing / one.ran.packages for one in of):.1%}",
        f"{fmean(one.ran.paid_minor / one.ran.orders for one in of) / 100:.2f}",
        f"{fmean(one.ran.packages / one.ran.orders for one in of):.2f}",
        f"{fmean(one.days for one in of):.2f}",
        f"{fmean(one.late_share for one in of):.1%}",
    )


if __name__ == "__main__":
    sys.exit(main())
