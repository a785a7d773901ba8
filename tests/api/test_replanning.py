"""Plans that the world has overtaken: what changes, what stays, what it costs, over the wire."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from solver.client import CallFailed, Client
from solver.clock import ManualClock
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.replanning.model import ExceptionKind, Move, PlanChange, ReplanCommand, Replanned, ReplanOutcome
from solver.network.conditions import CarrierHealth, CarrierState, SourceCondition, SourceStatus
from solver.orders.model import Address
from solver.stock.holding.commitment_model import CommitmentRow, ShortPick
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import HOST, Running

UNTIL = MONDAY_AT_8 + timedelta(hours=4)
GROUND_DOWN = CarrierHealth(service_id="ground", state=CarrierState.DOWN, reason="snow", expires_at=UNTIL)
STORE_CLOSED = SourceStatus(source_id="S-EAST", state=SourceCondition.CLOSED, expires_at=UNTIL)


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


def confirmed(client: Client, *wanted: tuple[str, int], order_id: str = "O-1") -> FulfilmentPlan:
    return client.confirm(client.plan(order_of(*wanted, order_id=order_id)).plan_id)[0]


def only(replanned: Replanned) -> PlanChange:
    (change,) = replanned.changes
    return change


def ways(standing: FulfilmentPlan) -> list[tuple[str, str]]:
    return [(package.source_id, package.service_id) for package in standing.plan.packages]


def books_are_sound(service: Running) -> None:
    application = service.application
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()


def available(service: Running, sku: str) -> dict[str, int]:
    application = service.application
    with application.database.read() as reader:
        return dict(application.stock.available(reader, [sku])[sku])


def test_what_a_dead_carrier_was_to_take_goes_another_way_and_the_rest_stays(service: Running, client: Client) -> None:
    before = available(service, "TEA")
    plan, other = confirmed(client, ("TEA", 2)), confirmed(client, ("POT", 1), order_id="O-2")
    assert (ways(plan), ways(other)) == ([("S-EAST", "ground")], [("W-EAST", "ground")])
    client.conditions.report_sources([STORE_CLOSED])
    queue = list(client.replanning.exceptions())
    assert [(one.plan_id, one.kind, one.subject_id) for one in queue] == [
        (plan.plan_id, ExceptionKind.SOURCE_CLOSED, "S-EAST")
    ]
    replanned = client.replanning.replan(ReplanCommand())
    change = only(replanned)
    assert (change.plan_id, change.outcome) == (plan.plan_id, ReplanOutcome.CHANGED)
    assert change.moves == (
        Move(
            line_id="1",
            sku="TEA",
            units=2,
            from_source_id="S-EAST",
            from_service_id="ground",
            to_source_id="W-EAST",
            to_service_id="ground",
        ),
    )
    assert change.why == ("S-EAST is closed: 2 of TEA from W-EAST by ground instead of S-EAST by ground; 0.70 more")
    assert change.why_zh == "S-EAST 停止发货：TEA 2 件由 S-EAST（ground）改为 W-EAST（ground）；费用增加 0.70"
    assert (change.before_minor, change.after_minor, replanned.extra_minor) == (870, 940, 70)
    old, new = client.get_plan(plan.plan_id), client.get_plan(change.new_plan_id)
    assert (old.state, old.replaced_by_plan_id) == (PlanState.CANCELLED, new.plan_id)
    assert (new.state, new.replaces_plan_id, ways(new)) == (
        PlanState.CONFIRMED,
        old.plan_id,
        [("W-EAST", "ground")],
    )
    assert client.get_plan(other.plan_id) == other
    assert available(service, "TEA") == {**before, "W-EAST": before["W-EAST"] - 2}
    assert list(client.replanning.exceptions()) == []
    books_are_sound(service)


def test_what_was_owed_for_packages_that_do_not_leave_is_taken_back(client: Client) -> None:
    plan = confirmed(client, ("TEA", 2))
    client.conditions.report_sources([STORE_CLOSED])
    change = only(client.replanning.replan(ReplanCommand()))
    legs = [
        (leg.debit, leg.credit, leg.amount_minor) for voucher in client.vouchers(plan.plan_id) for leg in voucher.legs
    ]
    assert legs == [
        ("freight_expense", "payable_carrier/truck-co", 800),
        ("handling_expense", "payable_source/S-EAST", 70),
        ("payable_carrier/truck-co", "freight_expense", 800),
        ("payable_source/S-EAST", "handling_expense", 70),
    ]
    (voucher,) = client.vouchers(change.new_plan_id)
    assert sum(leg.amount_minor for leg in voucher.legs) == 940


def test_a_held_plan_is_held_as_long_as_before(service: Running, client: Client) -> None:
    plan = client.plan(order_of(("TEA", 2)))
    client.conditions.report_sources([STORE_CLOSED])
    change = only(client.replanning.replan(ReplanCommand()))
    new = client.get_plan(change.new_plan_id)
    assert (new.state, new.hold_expires_at) == (PlanState.HELD, plan.hold_expires_at)
    assert client.get_plan(plan.plan_id).state is PlanState.RELEASED
    client.confirm(new.plan_id)
    books_are_sound(service)


def test_a_plan_stays_where_no_other_is_worth_the_change(client: Client) -> None:
    plan = confirmed(client, ("TEA", 2))
    late = CarrierHealth(service_id="ground", state=CarrierState.CONGESTED, extra_transit_minutes=60, expires_at=UNTIL)
    client.conditions.report_carriers([late])
    change = only(client.replanning.replan(ReplanCommand(change_minor_per_package=0)))
    assert (change.outcome, change.new_plan_id, change.moves) == (ReplanOutcome.STAYED, "", ())
    assert change.why == "ground is congested: no other plan is worth the change"
    assert client.get_plan(plan.plan_id) == plan


def test_the_dearer_change_is_the_less_changes(client: Client) -> None:
    """Three teas are at the store when the order is planned from the warehouse; then the store has room again."""
    client.conditions.report_sources([STORE_CLOSED])
    plan = confirmed(client, ("TEA", 2))
    assert ways(plan) == [("W-EAST", "ground")]
    client.conditions.report_sources([SourceStatus(source_id="S-EAST", expires_at=UNTIL)])
    named = ReplanCommand(plan_ids=(plan.plan_id,), validate_only=True, reason="the store is open again")
    stays = only(client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,), change_minor_per_package=71)))
    assert stays.outcome is ReplanOutcome.STAYED
    would = only(client.replanning.replan(named))
    assert (would.outcome, would.new_plan_id, would.before_minor, would.after_minor) == (
        ReplanOutcome.CHANGED,
        "",
        940,
        870,
    )
    assert client.get_plan(plan.plan_id) == plan


def test_what_has_left_is_frozen_and_the_rest_is_planned(service: Running, client: Client) -> None:
    plan = confirmed(client, ("TEA", 3))
    client.commitments.ship([CommitmentRow(site_id="S-EAST", sku="TEA", units=1)], plan_id=plan.plan_id)
    client.conditions.report_sources([STORE_CLOSED])
    change = only(client.replanning.replan(ReplanCommand()))
    assert [(move.units, move.to_source_id) for move in change.moves] == [(2, "W-EAST")]
    assert client.get_plan(plan.plan_id).state is PlanState.SHIPPED
    new = client.get_plan(change.new_plan_id)
    assert [(line.line_id, line.planned_units) for line in new.plan.lines] == [("1", 2)]
    client.commitments.ship(plan_id=new.plan_id)
    frozen = only(client.replanning.replan(ReplanCommand(plan_ids=(new.plan_id,))))
    assert (frozen.outcome, frozen.why) == (ReplanOutcome.FROZEN, "all of it has left")
    books_are_sound(service)


def test_units_that_a_pick_did_not_find_come_from_elsewhere_and_only_once(service: Running, client: Client) -> None:
    plan = confirmed(client, ("TEA", 3))
    short = ShortPick(site_id="S-EAST", sku="TEA", missing_units=2)
    client.commitments.report_short_pick([short], plan_id=plan.plan_id)
    change = only(client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,))))
    assert change.moves == (Move(line_id="1", sku="TEA", units=2, to_source_id="W-EAST", to_service_id="ground"),)
    assert change.why.startswith("2 units were short, refused or never came: 2 of TEA from W-EAST by ground; ")
    again = only(client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,))))
    assert again.outcome is ReplanOutcome.FROZEN
    books_are_sound(service)


def test_a_site_that_rejects_an_order_is_left_out(service: Running, client: Client) -> None:
    plan = confirmed(client, ("TEA", 2))
    client.commitments.reject(plan_id=plan.plan_id)
    client.conditions.report_sources([STORE_CLOSED])
    change = only(client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,))))
    assert [(move.from_source_id, move.to_source_id, move.units) for move in change.moves] == [("", "W-EAST", 2)]
    books_are_sound(service)


def test_where_no_plan_fills_as_much_the_stock_is_kept_and_somebody_must_look(service: Running, client: Client) -> None:
    plan, free = confirmed(client, ("TEA", 2)), available(service, "TEA")
    air_down = CarrierHealth(service_id="air", state=CarrierState.DOWN, expires_at=UNTIL)
    client.conditions.report_carriers([GROUND_DOWN, air_down])
    change = only(client.replanning.replan(ReplanCommand()))
    assert (change.outcome, change.new_plan_id) == (ReplanOutcome.STUCK, "")
    assert change.why == (
        "ground is down (snow): no plan fills as much (sources with a lane to this address have 0 of TEA, 2 wanted; "
        "63 stand where no lane leads here), so it keeps its stock; look at it"
    )
    assert change.why_zh.startswith("ground 停运（snow）：没有能满足同样数量的方案（")
    assert change.why_zh.endswith("），保留原库存，请人工处理")
    assert (client.get_plan(plan.plan_id), available(service, "TEA")) == (plan, free)
    (waiting,) = client.replanning.exceptions()
    assert (waiting.kind, waiting.subject_id) == (ExceptionKind.SERVICE_DOWN, "ground")
    assert waiting.why == "ground is down (snow), and the plan waits for it: plan it anew, or wait"


def test_an_address_that_changes_changes_the_plan(service: Running, client: Client) -> None:
    plan = confirmed(client, ("TEA", 2))
    west = Address(region_id="WEST-CITY")
    change = only(client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,), destination=west)))
    assert change.outcome is ReplanOutcome.CHANGED
    assert change.why.startswith("the address has changed: 2 of TEA from W-WEST by ground instead of S-EAST by ground")
    assert ways(client.get_plan(change.new_plan_id)) == [("W-WEST", "ground")]
    books_are_sound(service)


def test_plans_that_want_the_same_stock_do_not_get_it_twice(service: Running, client: Client) -> None:
    plans = [confirmed(client, ("CUP", 1), order_id="A"), confirmed(client, ("CUP", 4), order_id="B")]
    client.conditions.report_sources([STORE_CLOSED])
    client.replanning.replan(ReplanCommand())
    client.conditions.report_carriers([GROUND_DOWN])
    client.replanning.replan(ReplanCommand())
    books_are_sound(service)
    assert {plan.plan.order_id for plan in plans} == {"A", "B"}
    assert min(available(service, "CUP").values()) >= 0


def test_a_repeated_request_changes_nothing_more(client: Client) -> None:
    plan = confirmed(client, ("TEA", 2))
    client.conditions.report_sources([STORE_CLOSED])
    first = client.replanning.replan(ReplanCommand(), request_id="once")
    client.conditions.report_sources([SourceStatus(source_id="S-EAST", expires_at=UNTIL)])
    assert client.replanning.replan(ReplanCommand(), request_id="once") == first
    assert client.get_plan(plan.plan_id).replaced_by_plan_id == only(first).new_plan_id


def test_a_new_plan_explains_itself(client: Client) -> None:
    confirmed(client, ("TEA", 2))
    client.conditions.report_sources([STORE_CLOSED])
    change = only(client.replanning.replan(ReplanCommand()))
    explanation = client.explain(change.new_plan_id)
    assert {one.source_id: str(one.verdict) for one in explanation.candidates}["W-EAST"] == "chosen"


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (ReplanCommand(plan_ids=("a",), service_ids=("ground",)), {"plan_ids"}),
        (ReplanCommand(plan_ids=("a", "a")), {"plan_ids[1]"}),
        (ReplanCommand(destination=Address(region_id="nowhere")), {"destination", "destination.region_id"}),
        (ReplanCommand(change_minor_per_package=-1), {"change_minor_per_package"}),
    ],
)
def test_unsound_requests_are_refused_with_every_field(
    client: Client, command: ReplanCommand, fields: set[str]
) -> None:
    with pytest.raises(CallFailed) as failed:
        client.replanning.replan(command)
    assert {violation.field for violation in failed.value.violations} == fields


def test_a_plan_that_has_ended_or_never_was_is_refused(client: Client, clock: ManualClock) -> None:
    with pytest.raises(CallFailed, match="there is no plan"):
        client.replanning.replan(ReplanCommand(plan_ids=("plan-nobody",)))
    plan = client.plan(order_of(("TEA", 1)))
    clock.advance(timedelta(days=1))
    with pytest.raises(CallFailed) as failed:
        client.replanning.replan(ReplanCommand(plan_ids=(plan.plan_id,)))
    assert failed.value.reason == "PLAN_ENDED"
