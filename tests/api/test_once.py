"""Idempotency, and one standing plan for each order."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from solver.clock import ManualClock
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.gen.xunyuan.stock.v1 import stock_pb2
from tests.made_world import order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal


def test_a_repeated_request_gets_the_first_plan_and_one_hold(service: Running) -> None:
    request = plan_request(order_of(("TEA", 2)))
    first = service.plan(request)
    before = service.contents()
    assert service.plan(request) == first
    assert service.contents() == before
    assert service.levels("TEA")["S-EAST", "TEA"] == (1, 2, 0)


def test_a_repeated_request_shows_the_plan_as_it_stands_by_now(service: Running) -> None:
    request = plan_request(order_of(("TEA", 2)))
    first = service.plan(request)
    service.confirm(first.plan_id)
    again = service.plan(request)
    assert (again.plan_id, service.state(again.plan_id)) == (first.plan_id, "CONFIRMED")
    again.state = first.state
    assert again == first


def test_a_request_id_with_another_body_is_refused_and_writes_nothing(service: Running) -> None:
    service.plan(plan_request(order_of(("TEA", 2)), request_id="once"))
    before = service.contents()
    refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 1), order_id="O-2"), request_id="once")))
    assert (refused.code, refused.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")
    assert refused.metadata == {"method": "PlanFulfillment", "request_id": "once"}
    assert service.contents() == before


@pytest.mark.parametrize("method", ["confirm", "release"])
def test_an_id_used_to_confirm_or_release_one_plan_cannot_serve_another(service: Running, method: str) -> None:
    first, second = (service.plan(plan_request(order_of(("TEA", 1), order_id=name))).plan_id for name in "ab")
    call: Callable[[str, str], object] = getattr(service, method)
    call(first, "once")
    before = service.contents()
    refused = refusal(lambda: call(second, "once"))
    assert (refused.code, refused.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")
    assert service.contents() == before
    assert service.state(second) == "HELD"


def test_two_methods_may_use_the_same_request_id(service: Running) -> None:
    plan_id = service.plan(plan_request(order_of(("TEA", 1)), request_id="same")).plan_id
    service.confirm(plan_id, "same")
    assert service.state(plan_id) == "CONFIRMED"


def test_an_order_that_is_held_cannot_be_planned_again(service: Running) -> None:
    plan_id = service.plan(plan_request(order_of(("TEA", 1)))).plan_id
    before = service.contents()
    refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 1)))))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "ORDER_ALREADY_PLANNED")
    assert refused.metadata == {"order_id": "O-1", "plan_id": plan_id, "state": "held"}
    assert service.contents() == before


def test_an_order_that_is_confirmed_cannot_be_planned_again(service: Running) -> None:
    plan_id = service.plan(plan_request(order_of(("TEA", 1)))).plan_id
    service.confirm(plan_id)
    before = service.contents()
    refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 1)))))
    assert (refused.reason, refused.metadata["state"]) == ("ORDER_ALREADY_PLANNED", "confirmed")
    assert service.contents() == before


def test_a_released_order_may_be_planned_again(service: Running) -> None:
    first = service.plan(plan_request(order_of(("TEA", 3)))).plan_id
    service.release(first)
    second = service.plan(plan_request(order_of(("TEA", 3)))).plan_id
    assert (service.state(first), service.state(second)) == ("RELEASED", "HELD")
    assert service.levels("TEA")["S-EAST", "TEA"] == (0, 3, 0)


def test_an_expired_order_may_be_planned_again_at_the_very_instant(service: Running, clock: ManualClock) -> None:
    first = service.plan(plan_request(order_of(("TEA", 3)))).plan_id
    clock.advance(timedelta(minutes=15))
    second = service.plan(plan_request(order_of(("TEA", 3)))).plan_id
    assert (service.state(first), service.state(second)) == ("EXPIRED", "HELD")
    assert service.levels("TEA")["S-EAST", "TEA"] == (0, 3, 0)


def test_a_draft_is_no_obstacle_to_a_plan_nor_a_plan_to_a_draft(service: Running) -> None:
    request = plan_request(order_of(("TEA", 1)), validate_only=True)
    service.plan(request)
    service.plan(plan_request(order_of(("TEA", 1))))
    assert service.plan(request).plan_id == ""


def test_a_receipt_repeated_is_booked_once(service: Running) -> None:
    request = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), reference="delivery 7")
    request.movements.add(site_id="S-EAST", sku="TEA", units=5)
    first = service.stock.ReceiveStock(request, timeout=SECONDS)
    assert service.stock.ReceiveStock(request, timeout=SECONDS) == first
    assert service.levels("TEA")["S-EAST", "TEA"] == (8, 0, 0)


def test_a_refused_request_may_be_mended_and_sent_under_the_same_id(service: Running) -> None:
    refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 0)), request_id="mended")))
    assert refused.code == "INVALID_ARGUMENT"
    assert service.plan(plan_request(order_of(("TEA", 1)), request_id="mended")).order_id == "O-1"


@pytest.mark.parametrize("request_id", ["", " padded", "x" * 129, "line\nbreak", "nul\0"])
def test_a_mutating_call_needs_a_sound_request_id(service: Running, request_id: str) -> None:
    plan_id = service.plan(plan_request(order_of(("TEA", 1)))).plan_id
    before = service.contents()
    receipt = stock_pb2.ReceiveStockRequest(request_id=request_id)
    receipt.movements.add(site_id="S-EAST", sku="TEA", units=5)
    calls: list[Callable[[], object]] = [
        lambda: service.plan(plan_request(order_of(("TEA", 1), order_id="O-2"), request_id=request_id)),
        lambda: service.sourcing.ConfirmPlan(
            sourcing_pb2.ConfirmPlanRequest(request_id=request_id, plan_id=plan_id), timeout=SECONDS
        ),
        lambda: service.sourcing.ReleasePlan(
            sourcing_pb2.ReleasePlanRequest(request_id=request_id, plan_id=plan_id), timeout=SECONDS
        ),
        lambda: service.stock.ReceiveStock(receipt, timeout=SECONDS),
    ]
    for call in calls:
        refused = refusal(call)
        assert refused.code == "INVALID_ARGUMENT"
        assert set(refused.fields) == {"request_id"}
    assert service.contents() == before
