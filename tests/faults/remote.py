"""Calls over gRPC, to a server that may be gone."""

from collections.abc import Callable, Sequence
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration

from solver.gen.xunyuan.stock.v1 import commitments_pb2, stock_pb2
from tests.faults.simulation.calls import Answer, Call
from tests.running import SECONDS, Stubs, refusal_of

AGAIN = {"UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED"}


def ask(stubs: Stubs, call: Call, timeout: float = SECONDS) -> Answer | None:
    """The answer; None where there is none, and the call is to be repeated."""
    try:
        future(stubs, call, timeout).result()
    except grpc.RpcError as error:
        refused = refusal_of(error)
        if refused.code in AGAIN:
            return None
        return Answer(call=call, refused=refused.reason or refused.text)
    return Answer(call=call)


def future(stubs: Stubs, call: Call, timeout: float = SECONDS) -> Any:
    """The call under way."""
    method, request = MESSAGES[call.verb](stubs, call)
    return method.future(request, timeout=timeout)


def _movements(call: Call, sign: int) -> Sequence[stock_pb2.Movement]:
    return [stock_pb2.Movement(site_id=site_id, sku=sku, units=sign * units) for site_id, sku, units in call.rows]


def _hold(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    return stubs.stock.HoldStock, stock_pb2.HoldStockRequest(
        request_id=call.request_id,
        hold_id=call.hold_id,
        claims=[stock_pb2.Claim(site_id=site_id, sku=sku, units=units) for site_id, sku, units in call.rows],
        hold_for=Duration(seconds=60 * call.minutes),
        channel=call.channel,
    )


def _extend(stubs: Stubs, call: Call) -> tuple[Any, Any]:
    return stubs.stock.ExtendHold, stock_pb2.ExtendHoldRequest(
        request_id=call.request_id, hold_id=call.hold_id, hold_for=Duration(seconds=60 * call.minutes)
    )


def _named(service: str, method: str, message: Any) -> Callable[[Stubs, Call], tuple[Any, Any]]:
    def made(stubs: Stubs, call: Call) -> tuple[Any, Any]:
        return getattr(getattr(stubs, service), method), message(request_id=call.request_id, hold_id=call.hold_id)

    return made


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
    "confirm": _named("stock", "ConfirmHold", stock_pb2.ConfirmHoldRequest),
    "release": _named("stock", "ReleaseHold", stock_pb2.ReleaseHoldRequest),
    "ship": _named("commitments", "Ship", commitments_pb2.ShipRequest),
    "cancel": _named("commitments", "CancelCommitment", commitments_pb2.CancelCommitmentRequest),
}
