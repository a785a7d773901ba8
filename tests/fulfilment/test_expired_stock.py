"""Plans do not count on what time alone made unsellable."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.fulfilment.model import PlanCommand
from solver.scenario.load import load
from solver.stock.model import Movement
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import Running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def running(tmp_path: Path, clock: ManualClock) -> Running:
    """The made world with three rare things that may be sold until Tuesday."""
    served = Running(tmp_path / "data", clock)
    load(served.application, made_world())
    rare = Movement(site_id="W-EAST", sku="RARE", units=3, lot="L", expires_on=date(2026, 3, 3))
    served.application.stockroom.receive(request_for("ReceiveStock", "rare"), [rare], "po")
    return served


def planned_units(running: Running) -> int:
    command = PlanCommand(order=order_of(("RARE", 3)), validate_only=True)
    plan = running.application.planner.plan(request_for("PlanFulfillment", "p"), command, seconds_left=30).plan
    return sum(packed.units for package in plan.packages for packed in package.contents)


def test_a_plan_does_not_count_on_what_expired_though_nobody_swept(running: Running, clock: ManualClock) -> None:
    assert planned_units(running) == 3
    clock.advance(timedelta(days=2))
    assert planned_units(running) == 0
    running.close()
