"""Calls over gRPC, to a server that may be gone."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration

from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.gen.xunyuan.stock.v1 import commitments_pb2, consignments_pb2, stock_pb2
from solver.wire.codec import to_proto
from tests.faults.simulation.calls import OF_A_PLAN, Answer, Call
from tests.faults.simulation.verbs import COMES_TO, EXPECTED_AT, POLICY, claims_of, order_asked
from tests.running import SECONDS, Stubs, plan_request, refusal_of

AGAIN = {"UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED"}


def ask(stubs: Stubs, call: Call, timeout: float = SECONDS) -> Answer | None:
    """The answer; None where there is none, and the call is to be repeated."""
    try:
        told = future(stubs, call, timeout).result()
    except grpc.RpcError as error:
        refused = refusal_of(error)
        if refused.code in AGAIN:
            return None
        return Answer(call=call, refused=refused.reason or refused.text)
    return _answer(call, told)


def future(stubs: Stubs, call: Call, timeout: float = SECONDS) -> Any:
    """The call under way."""
    method, request = MESSAGES[call.verb](stubs, call)
    return method.future(request, timeout=timeout)


def _answer(call: Call, told: Any) -> Answer:
    if call.verb == "plan":
        packed = [(one.source_id, units.sku, units.units) for one in told.plan.packages for units in one.contents]
        return Answer(call=call, hold_id=OF_A_PLAN + told.plan.plan_id, rows=tuple(packed))
    if call.verb == "arrive":
        broken = [(one.hold_id or OF_A_PLAN + one.plan_id, one.units) for one in told.consignment.broken]
        return Answer(call=call, broken=tuple(broken))
    return Answer(call=call)


def _movements(call: Call, sign: int) -> Sequence[stock_pb2.Movement]:
    return [stock_pb2.Movement(site_id=site_id, sku=sku, units=sign * units) for site_id, sku, units in call.rows]


def _claims(call: Call) -> Sequence[stock_pb2.Claim]:
    return [to_proto(claim, stock_pb2.Claim) for claim in claims_of(call)]


def _plan(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    request = plan_request(order_asked(call), request_id=call.request_id, policy=POLICY)
    request.hold_for.FromTimedelta(timedelta(minutes=call.minutes))
    return stubs.sourcing.PlanFulfillment, request


def _resolved(verb: str) -> Callable[[Stubs, Call], tuple[Any, Any]]:
    """Confirm or release, a plan or a hold."""

    def made(stubs: Stubs, call: Call) -> tuple[Any, Any]:
        if call.hold_id.startswith(OF_A_PLAN):
            plan = getattr(sourcing_pb2, f"{verb}PlanRequest")(**_whose(call))
            return getattr(stubs.sourcing, f"{verb}Plan"), plan
        hold = getattr(stock_pb2, f"{verb}HoldRequest")(**_whose(call))
        return getattr(stubs.stock, f"{verb}Hold"), hold

    return made


def _whose(call: Call) -> dict[str, str]:
    plan_id = call.hold_id.removeprefix(OF_A_PLAN)
    name = {"hold_id": call.hold_id} if plan_id == call.hold_id else {"plan_id": plan_id}
    return {"request_id": call.request_id, **name}


def _ship(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    rows = [commitments_pb2.CommitmentRow(site_id=site_id, sku=sku, units=units) for site_id, sku, units in call.rows]
    return stubs.commitments.Ship, commitments_pb2.ShipRequest(**_whose(call), rows=rows)


def _short(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    picks = [
        commitments_pb2.ShortPick(site_id=site_id, sku=sku, missing_units=units, picked_units=0)
        for site_id, sku, units in call.rows
    ]
    return stubs.commitments.ReportShortPick, commitments_pb2.ReportShortPickRequest(**_whose(call), picks=picks)


def _split(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    return stubs.stock.SplitHold, stock_pb2.SplitHoldRequest(
        request_id=call.request_id, hold_id=call.hold_id, to_hold_id=call.other_id, claims=_claims(call)
    )


def _transfer(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    return stubs.stock.TransferHold, stock_pb2.TransferHoldRequest(
        request_id=call.request_id, hold_id=call.hold_id, to_hold_id=call.other_id
    )


def _advise(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    ((_, units),) = call.coming
    site_id, sku = COMES_TO
    request = consignments_pb2.AdvisePurchaseRequest(
        request_id=call.request_id,
        consignment_id=call.other_id,
        site_id=site_id,
        lines=[consignments_pb2.SentUnits(sku=sku, units=units)],
    )
    request.expected_at.FromDatetime(EXPECTED_AT)
    return stubs.warehouse.consignments.AdvisePurchase, request


def _arrive(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    ((_, units),) = call.coming
    arrived = [consignments_pb2.ArrivedUnits(sku=COMES_TO[1], units=units)] if units else []
    return stubs.warehouse.consignments.ReceiveConsignment, consignments_pb2.ReceiveConsignmentRequest(
        request_id=call.request_id, consignment_id=call.other_id, arrived=arrived
    )


def _hold(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    return stubs.stock.HoldStock, stock_pb2.HoldStockRequest(
        request_id=call.request_id,
        hold_id=call.hold_id,
        claims=_claims(call),
        hold_for=Duration(seconds=60 * call.minutes),
        channel=call.channel,
    )


def _extend(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    return stubs.stock.ExtendHold, stock_pb2.ExtendHoldRequest(
        request_id=call.request_id, hold_id=call.hold_id, hold_for=Duration(seconds=60 * call.minutes)
    )


MESSAGES: dict[str, Callable[[Stubs, Call], tuple[Any, Any]]] = {
    "receive": lambda stubs, call: (
        stubs.stock.ReceiveStock,
        stock_pb2.ReceiveStockRequest(request_id=call.request_id, reference="po", movements=_movements(call, 1)),
    ),
    "lose": lambda stubs, call: (
        stubs.stock.AdjustStock,
        stock_pb2.AdjustStockRequest(request_id=call.request_id, reference="count", movements=_movements(call, -1)),
    ),
    "hold": _hold,
    "extend": _extend,
    "split": _split,
    "transfer": _transfer,
    "plan": _plan,
    "confirm": _resolved("Confirm"),
    "release": _resolved("Release"),
    "ship": _ship,
    "short": _short,
    "cancel": lambda stubs, call: (
        stubs.commitments.CancelCommitment,
        commitments_pb2.CancelCommitmentRequest(**_whose(call), rows=()),
    ),
    "advise": _advise,
    "arrive": _arrive,
}
