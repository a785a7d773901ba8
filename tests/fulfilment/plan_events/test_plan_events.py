"""What becomes of plans is written with the change, told in order, and resumed from any number that is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict, StockShort
from solver.fulfilment.model import PlanCommand, PlanState
from solver.fulfilment.plan_events.model import PlanAudience, PlanEvent, PlanEventKind, PlanEventPage
from solver.fulfilment.plan_events.plan_events import RETENTION
from solver.fulfilment.plan_events.watch import PlanWatch
from solver.fulfilment.replanning.model import ReplanCommand, ReplanOutcome
from solver.fulfilment.warehousing.consignments import Sending
from solver.network.conditions import CarrierHealth, CarrierState
from solver.orders.model import Address
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.holding.commitment_model import CommitmentRow, ShortPick
from solver.storage.once import Request, request_for
from tests.begun import begun
from tests.made_world import MONDAY_AT_8, made_world, order_of

_numbers = count(1)
EVERYONE = PlanAudience()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(store_url: str, clock: ManualClock) -> Iterator[Application]:
    with begun(store_url, made_world(), clock) as application:
        yield application


def asked(method: str) -> Request:
    return request_for(method, f"{method} {next(_numbers)}")


def planned(application: Application, order_id: str, units: int = 2, **changes: str) -> str:
    """The id of a plan that is held."""
    order = order_of(("TEA", units), order_id=order_id, **changes)
    return application.planner.plan(asked("PlanFulfillment"), PlanCommand(order=order), seconds_left=10).plan_id


def told(application: Application, after_number: int = 0, audience: PlanAudience = EVERYONE) -> list[PlanEvent]:
    return list(application.plan_events.page(audience, after_number).events)


def said(events: list[PlanEvent]) -> list[tuple[int, str, str, str]]:
    return [(one.number, one.kind.value, one.order_id, one.state.value) for one in events]


def test_each_change_of_a_plan_is_told_under_the_next_number(application: Application) -> None:
    shipped, given_back = planned(application, "A", 3), planned(application, "B")
    assert told(application) == []
    application.confirming.confirm(asked("ConfirmPlan"), shipped)
    application.confirming.release(asked("ReleasePlan"), given_back)
    some = (CommitmentRow(site_id="S-EAST", sku="TEA", units=1),)
    application.committing.ship(asked("ShipCommitted"), some, plan_id=shipped)
    short = (ShortPick(site_id="S-EAST", sku="TEA", missing_units=1, picked_units=0),)
    application.committing.report_short(asked("ReportShortPick"), short, plan_id=shipped)
    application.committing.reject(asked("RejectCommitted"), plan_id=shipped)
    assert said(told(application)) == [
        (1, "confirmed", "A", "confirmed"),
        (2, "released", "B", "released"),
        (3, "shipped", "A", "partly_shipped"),
        (4, "short_picked", "A", "partly_shipped"),
        (5, "rejected", "A", "shipped"),
    ]
    assert told(application)[0] == PlanEvent(
        number=1,
        kind=PlanEventKind.CONFIRMED,
        plan_id=shipped,
        order_id="A",
        state=PlanState.CONFIRMED,
        at=MONDAY_AT_8,
    )


def test_a_cancelled_plan_is_told_and_a_repeat_tells_nothing_more(application: Application) -> None:
    plan_id = planned(application, "A")
    once = asked("ConfirmPlan")
    application.confirming.confirm(once, plan_id)
    application.confirming.confirm(once, plan_id)
    application.committing.cancel(asked("CancelCommitted"), plan_id=plan_id)
    assert said(told(application)) == [(1, "confirmed", "A", "confirmed"), (2, "cancelled", "A", "cancelled")]


def test_a_refused_change_is_not_told(application: Application) -> None:
    plan_id = planned(application, "A")
    application.confirming.release(asked("ReleasePlan"), plan_id)
    with pytest.raises(StateConflict):
        application.confirming.confirm(asked("ConfirmPlan"), plan_id)
    assert said(told(application)) == [(1, "released", "A", "released")]


def test_a_plan_that_is_planned_anew_names_the_one_in_its_place(application: Application) -> None:
    plan_id = planned(application, "A")
    west = Address(region_id="WEST-CITY")
    command = ReplanCommand(plan_ids=(plan_id,), destination=west)
    replanned = application.replanner.replan(asked("ReplanOrders"), command, seconds_left=10)
    [change] = replanned.changes
    [event] = told(application)
    assert (event.kind, event.plan_id, event.state) == (PlanEventKind.REPLANNED, plan_id, PlanState.RELEASED)
    assert (event.new_plan_id, event.reason) == (change.new_plan_id, change.why)
    assert event.new_plan_id


def test_an_expiry_is_told_by_the_transaction_that_voids_the_hold(application: Application, clock: ManualClock) -> None:
    plan_id = planned(application, "A")
    clock.advance(timedelta(minutes=15))
    assert application.made_plans.get(plan_id).state is PlanState.EXPIRED
    assert told(application) == []
    clock.advance(timedelta(seconds=2))
    application.plan_events.tend()
    application.plan_events.tend()
    [event] = told(application)
    assert said([event]) == [(1, "expired", "A", "expired")]
    assert event.at == MONDAY_AT_8 + timedelta(minutes=15, seconds=2)


def looked_at(application: Application, *, validate_only: bool = False) -> list[ReplanOutcome]:
    command = ReplanCommand(validate_only=validate_only)
    replanned = application.replanner.replan(asked("ReplanOrders"), command, seconds_left=10)
    return [one.outcome for one in replanned.changes]


def carriers(application: Application, state: CarrierState) -> None:
    until = MONDAY_AT_8 + timedelta(hours=4)
    health = [CarrierHealth(service_id=one, state=state, expires_at=until) for one in ("ground", "air")]
    application.reports.report_carriers(asked("ReportCarrierHealth"), health)


def test_a_plan_that_is_stuck_is_told_once_until_it_is_free_again(application: Application) -> None:
    plan_id = planned(application, "A")
    carriers(application, CarrierState.DOWN)
    assert looked_at(application, validate_only=True) == [ReplanOutcome.STUCK]
    assert told(application) == []
    assert (looked_at(application), looked_at(application)) == ([ReplanOutcome.STUCK], [ReplanOutcome.STUCK])
    [event] = told(application)
    assert (event.kind, event.plan_id, event.state) == (PlanEventKind.STUCK, plan_id, PlanState.HELD)
    assert event.reason.startswith("ground is down: no plan fills as much (")
    carriers(application, CarrierState.NORMAL)
    command = ReplanCommand(plan_ids=(plan_id,))
    [change] = application.replanner.replan(asked("ReplanOrders"), command, seconds_left=10).changes
    assert (change.outcome, len(told(application))) == (ReplanOutcome.STAYED, 1)
    application.confirming.confirm(asked("ConfirmPlan"), plan_id)
    carriers(application, CarrierState.DOWN)
    assert looked_at(application) == [ReplanOutcome.STUCK]
    assert said(told(application, 1)) == [(2, "confirmed", "A", "confirmed"), (3, "stuck", "A", "confirmed")]


@pytest.mark.parametrize("end", ["release", "expire", "cancel"])
def test_nothing_is_kept_of_a_stuck_plan_that_has_come_to_its_end(
    application: Application, clock: ManualClock, end: str
) -> None:
    plan_id = planned(application, "A")
    if end == "cancel":
        application.confirming.confirm(asked("ConfirmPlan"), plan_id)
    carriers(application, CarrierState.DOWN)
    assert looked_at(application) == [ReplanOutcome.STUCK]
    if end == "release":
        application.confirming.release(asked("ReleasePlan"), plan_id)
    elif end == "cancel":
        application.committing.cancel(asked("CancelCommitted"), plan_id=plan_id)
    else:
        clock.advance(timedelta(minutes=16))
        application.plan_events.tend()
    with application.database.read() as reader:
        assert reader.query("SELECT plan_id FROM stuck_plan") == []


def test_a_consignment_that_comes_short_is_told_of_the_plans_that_await_it(application: Application) -> None:
    sending = Sending(
        consignment_id="C-1",
        site_id="W-EAST",
        lines=(SentUnits(sku="RARE", units=4),),
        expected_at=MONDAY_AT_8 + timedelta(days=1),
    )
    consigning = application.warehouse.consigning
    consigning.advise(asked("AdviseConsignment"), sending)
    for order_id, units in (("first", 2), ("last", 2)):
        order = order_of(("RARE", units), order_id=order_id)
        plan = application.planner.plan(asked("PlanFulfillment"), PlanCommand(order=order), seconds_left=10)
        if order_id == "last":
            application.confirming.confirm(asked("ConfirmPlan"), plan.plan_id)
    one, two = ([ArrivedUnits(sku="RARE", units=units)] for units in (1, 2))
    consigning.receive(asked("ReceiveConsignment"), "C-1", one, more_to_come=True)
    assert [one.kind.value for one in told(application)] == ["confirmed"]
    consigning.receive(asked("ReceiveConsignment"), "C-1", two, more_to_come=False)
    assert said(told(application, 1)) == [(2, "arrived_short", "last", "confirmed")]


def test_events_are_told_by_channel_brand_order_and_kind(application: Application) -> None:
    for order_id, channel, brand in (("A", "web", "x"), ("B", "app", "x"), ("C", "web", "y")):
        application.confirming.confirm(
            asked("ConfirmPlan"), planned(application, order_id, channel=channel, brand=brand)
        )
    application.committing.ship(asked("ShipCommitted"), plan_id=told(application)[0].plan_id)

    def orders(**wanted: frozenset[str]) -> list[str]:
        return [one.order_id for one in told(application, audience=PlanAudience(**wanted))]  # type: ignore[arg-type]  # by name

    assert orders(channels=frozenset({"web"})) == ["A", "C", "A"]
    assert orders(brands=frozenset({"x"}), channels=frozenset({"web"})) == ["A", "A"]
    assert orders(order_ids=frozenset({"B", "C"})) == ["B", "C"]
    kinds = PlanAudience(kinds=frozenset({PlanEventKind.SHIPPED}))
    assert said(told(application, audience=kinds)) == [(4, "shipped", "A", "shipped")]


def test_a_watch_resumes_after_any_number_page_by_page(application: Application) -> None:
    for number in range(7):
        application.confirming.confirm(asked("ConfirmPlan"), planned(application, f"O-{number}", 1))
    watch = PlanWatch(application.database, EVERYONE, 2, most_events=2)
    pages = [watch.take(), watch.take(), watch.take(), watch.take()]
    numbers = [None if page is None else [one.number for one in page.events] for page in pages]
    assert numbers == [[3, 4], [5, 6], [7], None]
    assert PlanWatch(application.database, EVERYONE, None).take() is None
    nobody = PlanWatch(application.database, PlanAudience(channels=frozenset({"none"})), 0, most_events=2)
    assert (nobody.take(), nobody.sign_of_life()) == (None, PlanEventPage(events=(), through_number=7))


@pytest.mark.parametrize("number", [-1, 2])
def test_a_number_that_was_not_given_yet_is_refused(application: Application, number: int) -> None:
    application.confirming.release(asked("ReleasePlan"), planned(application, "A"))
    with pytest.raises(InvalidRequest, match=f"after_number: {number}: the last event has number 1"):
        PlanWatch(application.database, EVERYONE, number)


def test_what_is_pruned_is_told_apart_from_what_never_was(application: Application, clock: ManualClock) -> None:
    for order_id in ("A", "B", "C"):
        application.confirming.release(asked("ReleasePlan"), planned(application, order_id))
    slow = PlanWatch(application.database, EVERYONE, 1)
    clock.advance(RETENTION + timedelta(seconds=1))
    assert application.plan_events.prune() == 2  # the last one stays: numbers are counted from it
    with pytest.raises(StateConflict) as refused:
        PlanWatch(application.database, EVERYONE, 1)
    assert (refused.value.reason, refused.value.metadata["pruned_number"]) == ("EVENTS_PRUNED", "2")
    with pytest.raises(StateConflict, match="watch after number 2"):
        slow.take()
    assert said(told(application, 2)) == [(3, "released", "C", "released")]
    application.confirming.release(asked("ReleasePlan"), planned(application, "D"))
    assert said(told(application, 3)) == [(4, "released", "D", "released")]


def test_an_act_that_fails_later_takes_its_event_back(application: Application) -> None:
    plan_id = planned(application, "A")
    application.confirming.confirm(asked("ConfirmPlan"), plan_id)
    before = told(application)
    too_many = (CommitmentRow(site_id="S-EAST", sku="TEA", units=9),)
    with pytest.raises((StateConflict, StockShort)):
        application.committing.ship(asked("ShipCommitted"), too_many, plan_id=plan_id)
    assert told(application) == before


def test_a_stream_says_first_where_it_begins_and_then_what_comes(application: Application) -> None:
    plan_id = planned(application, "A")
    stream = application.plan_events.stream(EVERYONE, None, heartbeat_seconds=30, wanted=lambda: True)
    assert next(stream) == PlanEventPage(events=(), through_number=0)
    application.confirming.release(asked("ReleasePlan"), plan_id)
    assert [one.number for one in next(stream).events] == [1]
    application.plan_events.start()
    later = planned(application, "B")
    application.confirming.release(asked("ReleasePlan"), later)
    page = next(stream)
    assert (page.through_number, page.events[0].plan_id) == (2, later)
    application.plan_events.stop()
    assert list(stream) == []


def test_a_record_of_an_older_release_has_no_channel(application: Application) -> None:
    plan_id = planned(application, "A", channel="web")
    with application.database.read() as reader:
        [(body,)] = reader.query("SELECT body FROM plan WHERE plan_id = ?", (plan_id,))
    old = bytes(body).replace(b'"channel":"web",', b"")
    with application.database.write() as tx:
        tx.execute("UPDATE plan SET body = ? WHERE plan_id = ?", (old, plan_id))
    application.confirming.release(asked("ReleasePlan"), plan_id)
    [event] = told(application)
    assert replace(event, number=0).channel == ""
