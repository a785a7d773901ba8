"""Committed stock over the wire: of plans and of holds, done once, every error named."""

from collections.abc import Callable
from typing import Any

import pytest

from solver.gen.xunyuan.stock.v1 import commitments_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2
from tests.made_world import order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal


@pytest.fixture
def cart(service: Running) -> Running:
    """A confirmed hold of the three units at S-EAST."""
    claims = [stock_pb2.Claim(site_id="S-EAST", sku="TEA", units=3)]
    hold = stock_pb2.HoldStockRequest(request_id=fresh_id(), hold_id="cart", claims=claims)
    service.stock.HoldStock(hold, timeout=SECONDS)
    service.stock.ConfirmHold(stock_pb2.ConfirmHoldRequest(request_id=fresh_id(), hold_id="cart"), timeout=SECONDS)
    return service


def row(units: int) -> pb.CommitmentRow:
    return pb.CommitmentRow(site_id="S-EAST", sku="TEA", units=units)


def figures(commitment: pb.Commitment) -> dict[str, int]:
    [found] = commitment.contents
    every = {field.name: value for field, value in found.ListFields() if isinstance(value, int)}
    return {name.removesuffix("_units"): value for name, value in every.items()}


def test_everything_that_befalls_a_hold_is_done_once_and_answered_as_it_stands(cart: Running) -> None:
    """One unit ships, one is missing, one is refused for good."""
    stub = cart.commitments
    ship = pb.ShipRequest(request_id=fresh_id(), hold_id="cart", rows=[row(1)])
    pick = pb.ShortPick(site_id="S-EAST", sku="TEA", missing_units=1, picked_units=0)
    short = pb.ReportShortPickRequest(request_id=fresh_id(), hold_id="cart", picks=[pick])
    reject = pb.RejectCommitmentRequest(request_id=fresh_id(), hold_id="cart", into=pb.REJECTED_INTO_FROZEN)
    for _ in range(2):
        shipped = stub.Ship(ship, timeout=SECONDS).commitment
    assert (shipped.hold_id, shipped.plan_id) == ("cart", "")
    assert (shipped.state, figures(shipped)) == (pb.COMMITMENT_STATE_PARTLY_SHIPPED, {"committed": 2, "shipped": 1})
    for _ in range(2):
        assert figures(stub.ReportShortPick(short, timeout=SECONDS).commitment) == {
            "committed": 1, "shipped": 1, "short": 1,
        }  # fmt: skip
    for _ in range(2):
        rejected = stub.RejectCommitment(reject, timeout=SECONDS).commitment
    assert figures(rejected) == {"shipped": 1, "short": 1, "rejected": 1}
    assert rejected.state == pb.COMMITMENT_STATE_SHIPPED
    assert stub.GetCommitment(pb.GetCommitmentRequest(hold_id="cart"), timeout=SECONDS).commitment == rejected
    assert cart.levels("TEA")["S-EAST", "TEA"] == (0, 0, 0)
    assert cart.discrepancies() == []


def test_a_confirmed_plan_is_cancelled_in_part_and_shipped(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    service.confirm(plan.plan_id)
    [package] = plan.packages
    part = pb.CommitmentRow(site_id=package.source_id, sku="TEA", units=1)
    cancel = pb.CancelCommitmentRequest(request_id=fresh_id(), plan_id=plan.plan_id, rows=[part])
    left = service.commitments.CancelCommitment(cancel, timeout=SECONDS).commitment
    assert (left.plan_id, left.hold_id, figures(left)) == (plan.plan_id, "", {"committed": 1, "cancelled": 1})
    ship = pb.ShipRequest(request_id=fresh_id(), plan_id=plan.plan_id)
    shipped = service.commitments.Ship(ship, timeout=SECONDS).commitment
    assert (shipped.state, figures(shipped)) == (pb.COMMITMENT_STATE_SHIPPED, {"shipped": 1, "cancelled": 1})
    assert service.discrepancies() == []


def test_more_than_is_committed_is_refused_with_the_numbers(cart: Running) -> None:
    before = cart.contents()
    request = pb.ShipRequest(request_id=fresh_id(), hold_id="cart", rows=[row(2), row(2)])
    refused = refusal(lambda: cart.commitments.Ship(request, timeout=SECONDS))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "MORE_THAN_COMMITTED")
    assert refused.metadata == {"S-EAST/TEA": "wanted 4, committed 3"}
    unknown = refusal(lambda: cart.commitments.Ship(pb.ShipRequest(request_id=fresh_id(), plan_id="cart")))
    assert (unknown.code, unknown.metadata) == ("NOT_FOUND", {"plan_id": "cart"})
    assert cart.contents() == before


CALLS: dict[str, Callable[[Running, Any], object]] = {
    "Ship": lambda one, rows: one.commitments.Ship(pb.ShipRequest(request_id=fresh_id(), rows=rows)),
    "RejectCommitment": lambda one, rows: one.commitments.RejectCommitment(
        pb.RejectCommitmentRequest(request_id=fresh_id(), rows=rows)
    ),
    "CancelCommitment": lambda one, rows: one.commitments.CancelCommitment(
        pb.CancelCommitmentRequest(request_id=fresh_id(), rows=rows)
    ),
}


@pytest.mark.parametrize("method", CALLS)
def test_every_wrong_field_is_named_and_nothing_is_written(cart: Running, method: str) -> None:
    before = cart.contents()
    refused = refusal(lambda: CALLS[method](cart, [row(1), row(0), row(-1)]))
    assert refused.code == "INVALID_ARGUMENT"
    assert set(refused.fields) == {"plan_id", "rows[1].units", "rows[2].units"}
    many = refusal(lambda: CALLS[method](cart, [row(1)] * 1_001))
    assert set(many.fields) == {"plan_id", "rows"}
    assert cart.contents() == before


def test_every_wrong_field_of_a_short_pick_is_named(cart: Running) -> None:
    before = cart.contents()
    picks = [
        pb.ShortPick(site_id="S-EAST", sku="TEA"),
        pb.ShortPick(site_id="S-EAST", sku="TEA", missing_units=1, picked_units=-1),
    ]
    request = pb.ReportShortPickRequest(request_id=fresh_id(), hold_id="cart", plan_id="plan", picks=picks)
    refused = refusal(lambda: cart.commitments.ReportShortPick(request, timeout=SECONDS))
    assert set(refused.fields) == {"plan_id", "picks[0].missing_units", "picks[1]", "picks[1].picked_units"}
    none = pb.ReportShortPickRequest(request_id=fresh_id(), hold_id="x" * 129)
    assert set(refusal(lambda: cart.commitments.ReportShortPick(none)).fields) == {"hold_id", "picks"}
    lots = pb.CommitmentRow(site_id="S-EAST", sku="TEA", units=1, lots=["L1"])
    cancel = pb.CancelCommitmentRequest(request_id=fresh_id(), hold_id="cart", rows=[lots])
    assert set(refusal(lambda: cart.commitments.CancelCommitment(cancel)).fields) == {"rows[0].lots"}
    assert cart.contents() == before


def test_a_plan_tells_how_much_of_it_was_shipped(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    service.confirm(plan.plan_id)
    [package] = plan.packages
    one = pb.CommitmentRow(site_id=package.source_id, sku="TEA", units=1)
    for state in ("PARTLY_SHIPPED", "SHIPPED"):
        service.commitments.Ship(pb.ShipRequest(request_id=fresh_id(), plan_id=plan.plan_id, rows=[one]))
        assert service.state(plan.plan_id) == state
        refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 2)))))
        assert (refused.reason, refused.metadata["state"]) == ("ORDER_ALREADY_PLANNED", state.lower())


def test_an_order_is_planned_anew_once_its_plan_is_cancelled(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    service.confirm(plan.plan_id)
    service.commitments.CancelCommitment(pb.CancelCommitmentRequest(request_id=fresh_id(), plan_id=plan.plan_id))
    assert service.state(plan.plan_id) == "CANCELLED"
    again = service.plan(plan_request(order_of(("TEA", 2))))
    assert again.plan_id != plan.plan_id
    assert service.state(again.plan_id) == "HELD"
    assert service.discrepancies() == []
