"""The client's side of plans that are changed."""

from collections.abc import Iterator

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.replanning.model import PlanException, ReplanCommand, Replanned
from solver.gen.xunyuan.sourcing.v1 import replan_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import replan_pb2_grpc
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ReplanningClient:
    """Methods of `Client.replanning`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = replan_pb2_grpc.ReplanningServiceStub(channel)

    def replan(
        self, command: ReplanCommand, *, request_id: str | None = None, timeout_seconds: float | None = None
    ) -> Replanned:
        """Look at plans again, and change those that are worth it."""
        request = to_proto(command, pb.ReplanOrdersRequest)
        request.request_id = request_id or new_request_id()
        seconds = timeout_seconds or self._seconds
        return noun_of(call(self._stub.ReplanOrders, request, timeout_seconds=seconds), Replanned)

    def exceptions(self) -> Iterator[PlanException]:
        """Plans that somebody should look at; pages are fetched as they are needed."""
        request = pb.ListExceptionsRequest()
        while True:
            answer = call(self._stub.ListExceptions, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, PlanException) for one in answer.exceptions)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
