"""ShadowService."""

import grpc

from solver.api.guard import seconds_left
from solver.api.paging import page_after
from solver.api.reading import read, request_of
from solver.clock import Clock
from solver.fulfilment.shadowing.model import OutcomesCommand, ShadowCommand
from solver.fulfilment.shadowing.shadowing import Shadowing
from solver.gen.xunyuan.sourcing.v1 import shadow_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import shadow_pb2_grpc
from solver.wire.completion import complete_order
from solver.wire.shadows import shadow_plan_to_proto, shadowed_order_to_proto

MOST_SHOWN = 200  # a plan may be long


class ShadowServicer(shadow_pb2_grpc.ShadowServiceServicer):
    """Orders planned beside a caller's own system."""

    def __init__(self, shadowing: Shadowing, clock: Clock) -> None:
        self._shadowing = shadowing
        self._clock = clock

    def ShadowOrder(self, request: pb.ShadowOrderRequest, context: grpc.ServicerContext) -> pb.ShadowOrderResponse:
        """Plan an order and hold nothing."""
        named = request_of("ShadowOrder", request.request_id, request)
        if request.HasField("order"):
            complete_order(request.order, self._clock.now())
        command = read(request, ShadowCommand, "")
        planned = self._shadowing.plan(named, command, seconds_left=seconds_left(context))
        return pb.ShadowOrderResponse(planned=shadow_plan_to_proto(planned))

    def RecordOutcomes(
        self, request: pb.RecordOutcomesRequest, context: grpc.ServicerContext
    ) -> pb.RecordOutcomesResponse:
        """Keep what the caller did."""
        named = request_of("RecordOutcomes", request.request_id, request)
        return pb.RecordOutcomesResponse(orders=self._shadowing.record(named, read(request, OutcomesCommand, "")))

    def ListShadowOrders(
        self, request: pb.ListShadowOrdersRequest, context: grpc.ServicerContext
    ) -> pb.ListShadowOrdersResponse:
        """Read the orders of a shadow."""
        shown, token = page_after(
            lambda after, most: self._shadowing.orders(request.shadow_id, after, most),
            lambda one: one.planned.order.order_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_SHOWN,
        )
        return pb.ListShadowOrdersResponse(
            orders=[shadowed_order_to_proto(one) for one in shown], next_page_token=token
        )
