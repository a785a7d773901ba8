"""How long ReplanOrders takes when the service that most plans use goes down.

`python -m benchmarks.replanning` plans and confirms orders of the bundled scenario, reports that service as down, and
times a look at all plans that use it (which changes nothing) and the change itself, in seconds of the processor;
`--orders` says how many orders.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from solver.app import Application
from solver.clock import ManualClock
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.replanning.model import ReplanCommand, ReplanOutcome
from solver.network.conditions import CarrierHealth, CarrierState
from solver.scenario.files import read_scenario
from solver.scenario.load import load
from solver.scenario.model import Scenario
from solver.storage.once import request_for
from solver.waves.warm import warm

BUNDLED = Path(__file__).resolve().parents[1] / "scenarios" / "first_light"
STOCK_FACTOR = 20  # so that there is something to change to
PLANNED_AT_ONCE = 100  # orders; how plans came about is not what is timed
SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanFigure:
    """Seconds of the processor for so many affected plans, and what became of them."""

    plans: int
    changed: int
    look_seconds: float
    change_seconds: float


def figure(scenario: Scenario, orders: int) -> ReplanFigure:
    """Plan so many orders, take their busiest service down, and plan anew. The answer is checked before it is told."""
    clock = ManualClock(max(order.placed_at for order in scenario.orders))
    with tempfile.TemporaryDirectory() as folder:
        application = Application.open(Path(folder), clock)
        try:
            stock = tuple(replace(row, units=row.units * STOCK_FACTOR) for row in scenario.stock)
            load(application, replace(scenario, stock=stock, orders=()))
            return _measured(application, scenario, orders, clock)
        finally:
            application.close()


def _measured(application: Application, scenario: Scenario, orders: int, clock: ManualClock) -> ReplanFigure:
    service_id = _confirmed(application, application.batches, scenario, orders)
    down = CarrierHealth(service_id=service_id, state=CarrierState.DOWN, expires_at=clock.now() + timedelta(hours=6))
    application.reports.report_carriers(request_for("ReportCarrierHealth", "down", ""), [down])
    command = ReplanCommand(service_ids=(service_id,), validate_only=True)
    begun = time.process_time()
    looked = application.replanner.replan(request_for("ReplanOrders", "look", ""), command, seconds_left=SECONDS)
    look_seconds = time.process_time() - begun
    begun = time.process_time()
    request = request_for("ReplanOrders", "change", "")
    done = application.replanner.replan(request, replace(command, validate_only=False), seconds_left=SECONDS)
    change_seconds = time.process_time() - begun
    assert [one.outcome for one in looked.changes] == [one.outcome for one in done.changes]
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()
    changed = sum(one.outcome is ReplanOutcome.CHANGED for one in done.changes)
    return ReplanFigure(
        plans=len(done.changes), changed=changed, look_seconds=look_seconds, change_seconds=change_seconds
    )


def _confirmed(application: Application, batches: Batches, scenario: Scenario, orders: int) -> str:
    """Plan and confirm; the service that most of the plans use."""
    wanted = [
        replace(order, order_id=f"{order.order_id}-{number}")
        for number, order in enumerate(itertools.islice(itertools.cycle(scenario.orders), orders))
    ]
    used: Counter[str] = Counter()
    for first in range(0, orders, PLANNED_AT_ONCE):
        command = BatchCommand(orders=tuple(wanted[first : first + PLANNED_AT_ONCE]), policy=scenario.policy)
        batch = batches.plan(request_for("PlanBatch", f"{first}", ""), command, seconds_left=SECONDS)
        for plan in batch.plans:
            application.confirming.confirm(request_for("ConfirmPlan", plan.plan_id, ""), plan.plan_id)
            used.update({package.service_id for package in plan.plan.packages})
    return max(used, key=lambda service_id: (used[service_id], service_id))


def main(arguments: list[str] | None = None) -> int:
    """Print a table: one row for each number of orders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--orders", type=int, nargs="+", default=[160, 1600], help="orders that are planned and confirmed"
    )
    options = parser.parse_args(arguments)
    scenario = read_scenario(BUNDLED)
    warm()
    sys.stdout.write("| affected plans | changed | a look | the change | ms per plan |\n|---|---|---|---|---|\n")
    for orders in options.orders:
        found = figure(scenario, orders)
        row = f"| {found.plans:,} | {found.changed:,} | {found.look_seconds:.2f} s | {found.change_seconds:.2f} s |"
        sys.stdout.write(f"{row} {1000 * found.change_seconds / max(1, found.plans):.1f} |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
