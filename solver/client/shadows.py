"""The client's side of shadow mode."""

from collections.abc import Iterator

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.shadowing.model import OutcomesCommand, ShadowCommand, ShadowedOrder, ShadowPlan
from solver.gen.xunyuan.sourcing.v1 import shadow_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import shadow_pb2_grpc
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ShadowClient:
    """Methods of `Client.shadows`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = shadow_pb2_grpc.ShadowServiceStub(channel)

    def plan(self, command: ShadowCommand, *, request_id: str | None = None) -> ShadowPlan:
        """Plan an order beside one's own system; nothing is held."""
        request = to_proto(command, pb.ShadowOrderRequest)
        request.request_id = request_id or new_request_id()
        answer = call(self._stub.ShadowOrder, request, timeout_seconds=self._seconds)
        return noun_of(answer.planned, ShadowPlan)

    def record(self, command: OutcomesCommand, *, request_id: str | None = None) -> int:
        """Say what was shipped instead; of how many orders."""
        request = to_proto(command, pb.RecordOutcomesRequest)
        request.request_id = request_id or new_request_id()
        return int(call(self._stub.RecordOutcomes, request, timeout_seconds=self._seconds).orders)

    def orders(self, shadow_id: str) -> Iterator[ShadowedOrder]:
        """Every order of a shadow, by their ids; pages are fetched as they are needed."""
        request = pb.ListShadowOrdersRequest(shadow_id=shadow_id)
        while True:
            answer = call(self._stub.ListShadowOrders, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, ShadowedOrder) for one in answer.orders)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
