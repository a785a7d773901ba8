"""ReplanningService."""

import grpc

from solver.api.guard import seconds_left
from solver.api.paging import page
from solver.api.reading import read, request_of
from solver.fulfilment.replanning.model import ReplanCommand
from solver.fulfilment.replanning.replanner import Replanner
from solver.gen.xunyuan.sourcing.v1 import replan_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import replan_pb2_grpc
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class ReplanningServicer(replan_pb2_grpc.ReplanningServiceServicer):
    """Plans that the world has overtaken."""

    def __init__(self, replanner: Replanner) -> None:
        self._replanner = replanner

    def ReplanOrders(self, request: pb.ReplanOrdersRequest, context: grpc.ServicerContext) -> pb.ReplanOrdersResponse:
        """Look at plans again, and change those that are worth it."""
        named = request_of("ReplanOrders", request.request_id, request)
        command = read(request, ReplanCommand, "")
        replanned = self._replanner.replan(named, command, seconds_left=seconds_left(context))
        return to_proto(replanned, pb.ReplanOrdersResponse)

    def ListExceptions(
        self, request: pb.ListExceptionsRequest, context: grpc.ServicerContext
    ) -> pb.ListExceptionsResponse:
        """Read the plans that somebody should look at, page by page."""
        shown, token = page(
            self._replanner.exceptions(),
            lambda one: f"{one.plan_id}\0{one.kind}\0{one.subject_id}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListExceptionsResponse(
            exceptions=[to_proto(one, pb.PlanException) for one in shown], next_page_token=token
        )
