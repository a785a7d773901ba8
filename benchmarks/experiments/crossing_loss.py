"""Why parcels cross a province when orders are decided one by one, and what would keep them.

`python -m benchmarks.experiments.crossing_loss` takes the weeks of `cross_province` on one placement and tells, with a
price on every crossing, what crosses and what is paid

- one by one, as in the experiment, and why;
- if every order were decided on the opening stock: what the placement itself makes cross;
- with values of stock reckoned from the week's own orders, which nobody knows: what perfect values would do;
- with units that provinces keep for their own customers (`protected_units`), by the demand of eight other weeks, also
  paired with the same price of a crossing without them;
- the same, with all orders of a day decided together.

Decisions are those of the snapshot's search and of the wave's; nothing is held in books.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from benchmarks.experiments.cross_province import (
    FIRST_OF_WEEKS,
    FOLDER,
    PLACEMENTS,
    Demand,
    demand_of,
    drawn_with,
    stock_of,
    week_of,
)
from benchmarks.experiments.crossing_run import CrossingRun, Ran
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.page import table
from benchmarks.experiments.protected_units import ProtectedUnits
from solver.scenario.drawing import with_orders
from solver.scenario.files import read_scenario
from solver.scenario.model import Scenario

WEEKS, EARLIER, FIRST_EARLIER = 3, 8, 1_000
_EVERY = 50  # orders are decided by the same values


def main() -> int:
    """Print the tables: policies, what units kept change, and why parcels cross."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--placement", choices=PLACEMENTS, default=next(iter(PLACEMENTS)))
    reader.add_argument("--first", type=int, default=0, help="the first week; 0: the scenario's own")
    reader.add_argument("--weeks", type=int, default=WEEKS)
    options = reader.parse_args()
    weeks = [laid_out(options.placement, options.first + number) for number in range(options.weeks)]
    earlier = earlier_weeks()
    rows = []
    ran: dict[Case, list[Ran]] = {}
    for case in CASES:
        crossing_minor, unit_minor, decide = case
        ran[case] = [decide(CrossingRun(week, crossing_minor), earlier, unit_minor) for week in weeks]
        name = f"{crossing_minor / 100:g} yuan a crossing, {unit_minor / 100:g} a unit kept, {WAYS[decide]}"
        rows.append(_row(name, ran[case]))
    runs = [CrossingRun(week, CASES[0][0]) for week in weeks]
    told = [run.one_by_one(run.orders) for run in runs]
    rows.append(_row("12 yuan a crossing, opening stock for every order", [run.on_opening_stock() for run in runs]))
    rows.append(
        _row("12 yuan a crossing, perfect values", [run.one_by_one(run.orders, run.perfect_values()) for run in runs])
    )
    sys.stdout.write(table(("policy", "crossing", "yuan an order", "packages an order"), rows) + "\n\n")
    pairs = [
        _paired(case, of, ran[without]) for case, of in ran.items() if case[1] and (without := _without(case)) in ran
    ]
    sys.stdout.write(table(("units kept, against none", "crossing, points", "±", "yuan an order", "±"), pairs) + "\n\n")
    causes = sum((run.causes(one) for run, one in zip(runs, told, strict=True)), Counter[str]())
    crossing = sum(one.crossing for one in told)
    sys.stdout.write(table(("why", "crossing"), [(why, f"{n / crossing:.0%}") for why, n in causes.items()]) + "\n")
    return 0


def earlier_weeks() -> list[Demand]:
    """The demand of other weeks of the same process, none of which is replayed or laid out from."""
    base, first = read_scenario(FOLDER), FIRST_OF_WEEKS + FIRST_EARLIER
    return [demand_of(with_orders(drawn_with(base, first + number))) for number in range(EARLIER)]


def one_by_one(run: CrossingRun, earlier: Sequence[Demand], unit_minor: int) -> Ran:
    """Orders in their sequence, with units kept at so much each; 0: none."""
    if not unit_minor:
        return run.one_by_one(run.orders)
    kept = ProtectedUnits(earlier, run.province_of_source, run.horizon, unit_minor)
    ran = run.nothing()
    for begin in range(0, len(run.orders), _EVERY):
        portion = run.orders[begin : begin + _EVERY]
        ran += run.one_by_one(portion, kept.values(ran.left, portion[0].placed_at), ran.left)
    return ran


def by_the_day(run: CrossingRun, earlier: Sequence[Demand], unit_minor: int) -> Ran:
    """All orders of a day decided together at its end, units kept for the days after it."""
    kept = ProtectedUnits(earlier, run.province_of_source, run.horizon, unit_minor)
    ran, one_day = run.nothing(), timedelta(days=1)
    days = groupby(run.orders, key=lambda order: (order.placed_at - run.horizon.starts_at) // one_day)
    for day, orders in days:
        moment = run.horizon.starts_at + (day + 1) * one_day
        ran += run.together(list(orders), moment, kept.values(ran.left, moment), ran.left)
    return ran


Decide = Callable[[CrossingRun, Sequence[Demand], int], Ran]
Case = tuple[int, int, Decide]  # price of a crossing, of a unit kept, way
WAYS: dict[Decide, str] = {one_by_one: "one by one", by_the_day: "by the day"}
CASES: tuple[Case, ...] = (
    (1200, 0, one_by_one),
    (1600, 0, one_by_one),
    (2000, 0, one_by_one),
    (1600, 300, one_by_one),
    (1800, 300, one_by_one),
    (2000, 400, one_by_one),
    (1600, 300, by_the_day),
)


def laid_out(placement: str, number: int) -> Scenario:
    """A week on the stock of a placement."""
    week, demand = week_of(number, is_quick=False)
    return replace(week, stock=stock_of(placement, week, demand))


def _without(case: Case) -> Case:
    """The same where no unit is kept."""
    return case[0], 0, case[2]


def _paired(case: Case, of: Sequence[Ran], without: Sequence[Ran]) -> tuple[str, ...]:
    """What units kept change, week by week, with 95 % intervals."""
    both = list(zip(of, without, strict=True))
    points = [100 * (kept.crossing / kept.packages - none.crossing / none.packages) for kept, none in both]
    yuan = [(kept.paid_minor / kept.orders - none.paid_minor / none.orders) / 100 for kept, none in both]
    return (
        f"{case[0] / 100:g} yuan a crossing, {case[1] / 100:g} a unit kept, {WAYS[case[2]]}",
        f"{sum(points) / len(both):+.1f}",
        f"{margin(points):.1f}",
        f"{sum(yuan) / len(both):+.2f}",
        f"{margin(yuan):.2f}",
    )


def _row(name: str, ran: Sequence[Ran]) -> tuple[str, ...]:
    count = len(ran)
    return (
        name,
        f"{sum(one.crossing / one.packages for one in ran) / count:.1%}",
        f"{sum(one.paid_minor / one.orders for one in ran) / count / 100:.2f}",
        f"{sum(one.packages / one.orders for one in ran) / count:.2f}",
    )


if __name__ == "__main__":
    sys.exit(main())
