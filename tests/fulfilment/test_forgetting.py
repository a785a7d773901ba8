"""Orders of plans are forgotten in time: of those that are over, and of no others."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import StateConflict
from solver.fulfilment import forgetting
from solver.fulfilment.forgetting import OrdersForgotten
from solver.fulfilment.model import PlanCommand
from solver.persons.forgetting import ForgettingThread
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.storage.once import request_for
from tests.begun import begun
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import SECONDS, fresh_id

DAY = timedelta(days=1)
SECONDS_TO_PLAN = 30.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(store_url: str, clock: ManualClock) -> Iterator[Application]:
    with begun(store_url, made_world(), clock) as application:
        yield application


def planned(application: Application) -> str:
    order = order_of(("TEA", 1), order_id=fresh_id(), customer_id="c-7")
    made = application.planner.plan(
        request_for("PlanFulfillment", fresh_id()), PlanCommand(order=order), seconds_left=SECONDS_TO_PLAN
    )
    return made.plan_id


def confirmed(application: Application) -> str:
    plan_id = planned(application)
    application.confirming.confirm(request_for("ConfirmPlan", fresh_id()), plan_id)
    return plan_id


def shipped(application: Application) -> str:
    plan_id = confirmed(application)
    with application.database.write() as tx:
        commitments = Commitments(application.journal, application.stock.places)
        commitments.ship(tx, HoldName.of_plan(plan_id), [])
    return plan_id


def released(application: Application) -> str:
    plan_id = planned(application)
    application.confirming.release(request_for("ReleasePlan", fresh_id()), plan_id)
    return plan_id


def with_orders(application: Application) -> set[str]:
    with application.database.read() as reader:
        return {plan_id for (plan_id,) in reader.query("SELECT plan_id FROM plan_question")}


def test_orders_of_plans_that_are_over_for_long_enough_are_forgotten(
    application: Application, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    over = {make(application) for make in (shipped, released, planned) for _ in range(2)}  # held ones expire
    standing = {confirmed(application)}
    clock.advance(3 * DAY)
    young = {released(application)}
    rests: list[float] = []
    forget = OrdersForgotten(application.database, clock, application.planner.keeping, rest=rests.append).forget
    assert forget(4 * DAY) == 0
    assert with_orders(application) == over | standing | young
    assert forget(2 * DAY) == 6
    assert with_orders(application) == standing | young
    assert len(rests) == 2 * 4
    assert forget(2 * DAY) == 0
    for plan_id in over:
        with pytest.raises(StateConflict, match="it was forgotten in time") as refused:
            application.made_plans.explain(plan_id, seconds_left=SECONDS_TO_PLAN)
        assert refused.value.reason == "NOT_RECORDED"
        assert application.made_plans.get(plan_id).plan.packages
    application.made_plans.explain(*standing, seconds_left=SECONDS_TO_PLAN)


def test_the_thread_forgets_at_once_and_again_and_a_failure_ends_it_not(caplog: pytest.LogCaptureFixture) -> None:
    ages: list[timedelta] = []
    thrice = threading.Event()

    def forget(older_than: timedelta) -> int:
        ages.append(older_than)
        if len(ages) == 1:
            raise OSError("the disk is away")
        if len(ages) == 3:
            thrice.set()
        return len(ages)

    caplog.set_level(logging.INFO, "solver.persons.forgetting")
    thread = ForgettingThread("orders of plans", forget, DAY, every_seconds=0.01)
    thread.start()
    assert thrice.wait(SECONDS)
    thread.stop()
    said = [one.getMessage() for one in caplog.records]
    assert said[:2] == [
        "orders of plans could not be forgotten; it is tried again",
        "forgot 2 orders of plans that were kept for longer than 1 day, 0:00:00",
    ]
    assert set(ages) == {DAY}


def test_without_an_age_nothing_is_forgotten() -> None:
    thread = ForgettingThread("recipients", lambda age: pytest.fail(f"it was asked to forget {age}"), None)
    thread.start()
    thread.stop()
