"""Plans that wait for stock: it comes late, early, or not all of it; and what planning anew makes of that."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from solver.client import Client
from solver.clock import ManualClock
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.replanning.model import PlanChange, ReplanCommand, ReplanOutcome
from solver.fulfilment.warehousing.consignments import Sending
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.model import BackorderLimit, Movement
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import HOST, Running, fresh_id

DAY = timedelta(days=1)
TOMORROW = MONDAY_AT_8 + DAY
NOTHING_ELSE = "stock that it awaits is late: no other plan is worth the change"


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


@pytest.fixture
def plan(service: Running, client: Client) -> FulfilmentPlan:
    """Two rare things that nobody has; four come to the east warehouse tomorrow."""
    advise(service, "C-1", "W-EAST", 4, TOMORROW)
    planned = client.plan(order_of(("RARE", 2)))
    assert offers(planned) == {("W-EAST", "in_transit@2026-03-03T08:00Z"): 2}
    return client.confirm(planned.plan_id)[0]


def advise(service: Running, consignment_id: str, site_id: str, units: int, expected_at: datetime) -> None:
    sending = Sending(
        consignment_id=consignment_id,
        site_id=site_id,
        lines=(SentUnits(sku="RARE", units=units),),
        expected_at=expected_at,
    )
    service.application.warehouse.consigning.advise(request_for("Advise", fresh_id(), ""), sending)


def delay(service: Running, expected_at: datetime) -> None:
    service.application.warehouse.consigning.reschedule(request_for("Late", fresh_id(), ""), "C-1", expected_at)


def arrive(service: Running, units: int) -> None:
    request = request_for("Arrive", fresh_id(), "")
    arrived = [ArrivedUnits(sku="RARE", units=units)]
    service.application.warehouse.consigning.receive(request, "C-1", arrived, more_to_come=False)


def receive(service: Running, site_id: str, units: int) -> None:
    with service.application.database.write() as tx:
        service.application.stock.receive(tx, [Movement(site_id=site_id, sku="RARE", units=units)], "po")


def offers(standing: FulfilmentPlan) -> dict[tuple[str, str], int]:
    return {
        (package.source_id, package.offer_id): sum(one.units for one in package.contents)
        for package in standing.plan.packages
    }


def replanned(client: Client, *plan_ids: str) -> PlanChange:
    (change,) = client.replanning.replan(ReplanCommand(plan_ids=plan_ids)).changes
    return change


def books_are_sound(service: Running) -> None:
    application = service.application
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()


def test_a_plan_whose_stock_is_late_stays_where_there_is_no_other(
    service: Running, client: Client, plan: FulfilmentPlan
) -> None:
    assert client.replanning.replan(ReplanCommand()).changes == ()
    delay(service, TOMORROW + 3 * DAY)
    change = replanned(client)
    assert (change.plan_id, change.outcome, change.why) == (plan.plan_id, ReplanOutcome.STAYED, NOTHING_ELSE)
    assert change.why_zh == "所等待的库存延误：没有值得改派的方案"
    assert client.get_plan(plan.plan_id) == plan


def test_a_plan_whose_stock_is_late_takes_what_has_come_to_its_source_meanwhile(
    service: Running, client: Client, plan: FulfilmentPlan
) -> None:
    delay(service, TOMORROW + 3 * DAY)
    receive(service, "W-EAST", 2)
    change = replanned(client)
    assert (change.outcome, change.moves) == (ReplanOutcome.CHANGED, ())
    assert change.why == "stock that it awaits is late: the same sources and services; 0.00 more"
    new = client.get_plan(change.new_plan_id)
    assert (new.state, offers(new)) == (PlanState.CONFIRMED, {("W-EAST", ""): 2})
    assert replanned(client, new.plan_id).outcome is ReplanOutcome.STAYED
    arrive(service, 4)
    assert service.levels("RARE")["W-EAST", "RARE"] == (4, 0, 2)
    books_are_sound(service)


def test_overdue_stock_counts_for_nothing_and_other_stock_is_taken(
    service: Running, client: Client, clock: ManualClock, plan: FulfilmentPlan
) -> None:
    receive(service, "W-WEST", 3)
    assert replanned(client, plan.plan_id).outcome is ReplanOutcome.STAYED
    clock.advance(DAY)
    change = replanned(client)
    assert change.outcome is ReplanOutcome.CHANGED
    assert change.why.startswith("stock that it awaits is late: 2 of RARE from W-WEST by ground instead of W-EAST")
    assert offers(client.get_plan(change.new_plan_id)) == {("W-WEST", ""): 2}
    books_are_sound(service)


def test_where_overdue_stock_has_no_other_the_plan_is_stuck_and_still_gets_it(
    service: Running, client: Client, clock: ManualClock, plan: FulfilmentPlan
) -> None:
    clock.advance(DAY)
    assert replanned(client).outcome is ReplanOutcome.STUCK
    arrive(service, 4)
    assert service.levels("RARE")["W-EAST", "RARE"] == (2, 0, 2)
    assert replanned(client, plan.plan_id).outcome is ReplanOutcome.STAYED
    books_are_sound(service)


def test_a_plan_whose_stock_comes_early_has_it_and_stays(
    service: Running, client: Client, plan: FulfilmentPlan
) -> None:
    delay(service, TOMORROW - DAY / 2)
    assert client.replanning.replan(ReplanCommand()).changes == ()
    arrive(service, 4)
    assert service.levels("RARE")["W-EAST", "RARE"] == (2, 0, 2)
    assert replanned(client, plan.plan_id).outcome is ReplanOutcome.STAYED
    client.commitments.ship(plan_id=plan.plan_id)
    assert client.get_plan(plan.plan_id).state is PlanState.SHIPPED


def test_units_of_a_confirmed_plan_that_do_not_come_are_taken_from_elsewhere(
    service: Running, client: Client, plan: FulfilmentPlan
) -> None:
    arrive(service, 1)
    receive(service, "W-WEST", 3)
    change = replanned(client, plan.plan_id)
    moves = [(move.units, move.from_source_id, move.to_source_id) for move in change.moves]
    assert moves == [(1, "W-EAST", "W-WEST"), (1, "", "W-WEST")]
    assert change.why.startswith("1 unit was short, refused or never came: 1 of RARE from W-WEST by ground instead")
    assert offers(client.get_plan(change.new_plan_id)) == {("W-WEST", ""): 2}
    books_are_sound(service)


@pytest.mark.parametrize("confirmed_after", [False, True])
def test_so_are_units_that_never_came_to_a_plan_that_was_only_held(
    service: Running, client: Client, confirmed_after: bool
) -> None:
    advise(service, "C-1", "W-EAST", 4, TOMORROW)
    held = client.plan(order_of(("RARE", 3)))
    arrive(service, 1)
    if confirmed_after:
        client.confirm(held.plan_id)
    receive(service, "W-WEST", 2)
    change = replanned(client, held.plan_id)
    new = client.get_plan(change.new_plan_id)
    assert (new.state, offers(new)) == (
        PlanState.CONFIRMED if confirmed_after else PlanState.HELD,
        {("W-EAST", ""): 1, ("W-WEST", ""): 2},
    )
    books_are_sound(service)


def test_a_backorder_is_taken_from_what_has_come(service: Running, client: Client) -> None:
    with service.application.database.write() as tx:
        limits = [BackorderLimit(site_id="W-EAST", sku="RARE", units=5)]
        service.application.stock.limit_backorders(tx, limits, "terms")
    plan = client.plan(order_of(("RARE", 2)))
    assert {offer.partition("@")[0] for _, offer in offers(plan)} == {"backorder"}
    assert replanned(client, plan.plan_id).outcome is ReplanOutcome.STAYED
    receive(service, "W-EAST", 2)
    change = replanned(client, plan.plan_id)
    assert change.outcome is ReplanOutcome.CHANGED
    assert offers(client.get_plan(change.new_plan_id)) == {("W-EAST", ""): 2}
    books_are_sound(service)
