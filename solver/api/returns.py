"""ReturnService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read, read_all, request_of, values_of
from solver.fulfilment.warehousing.returns import Announcement, Returning
from solver.gen.xunyuan.stock.v1 import returns_pb2 as pb
from solver.gen.xunyuan.stock.v1 import returns_pb2_grpc
from solver.stock.physical.return_model import CustomerReturn, GradedUnits, ReturnedUnits, ReturnState
from solver.wire.codec import to_proto

MOST_RETURNS = 100


class ReturnServicer(returns_pb2_grpc.ReturnServiceServicer):
    """Goods that customers send back."""

    def __init__(self, returning: Returning) -> None:
        self._returning = returning

    def AnnounceReturn(
        self, request: pb.AnnounceReturnRequest, context: grpc.ServicerContext
    ) -> pb.AnnounceReturnResponse:
        """Note what a customer says he sends back."""
        named = request_of("AnnounceReturn", request.request_id, request)
        announced = self._returning.announce(named, read(request, Announcement, ""))
        return pb.AnnounceReturnResponse(customer_return=_message(announced))

    def ReceiveReturn(
        self, request: pb.ReceiveReturnRequest, context: grpc.ServicerContext
    ) -> pb.ReceiveReturnResponse:
        """Book what came."""
        named = request_of("ReceiveReturn", request.request_id, request)
        arrived = read_all(request.arrived, ReturnedUnits, "arrived")
        received = self._returning.receive(named, request.return_id, arrived)
        return pb.ReceiveReturnResponse(customer_return=_message(received))

    def GradeReturn(self, request: pb.GradeReturnRequest, context: grpc.ServicerContext) -> pb.GradeReturnResponse:
        """Say what becomes of units that came."""
        named = request_of("GradeReturn", request.request_id, request)
        graded = read_all(request.graded, GradedUnits, "graded")
        return pb.GradeReturnResponse(customer_return=_message(self._returning.grade(named, request.return_id, graded)))

    def CancelReturn(self, request: pb.CancelReturnRequest, context: grpc.ServicerContext) -> pb.CancelReturnResponse:
        """End a return of which nothing came."""
        named = request_of("CancelReturn", request.request_id, request)
        cancelled = self._returning.cancel(named, request.return_id, request.remark)
        return pb.CancelReturnResponse(customer_return=_message(cancelled))

    def GetReturn(self, request: pb.GetReturnRequest, context: grpc.ServicerContext) -> pb.GetReturnResponse:
        """Read a return."""
        return pb.GetReturnResponse(customer_return=_message(self._returning.get(request.return_id)))

    def ListReturns(self, request: pb.ListReturnsRequest, context: grpc.ServicerContext) -> pb.ListReturnsResponse:
        """Read returns, page by page."""
        states = values_of(request.states, pb.ReturnState, ReturnState, "states")
        returns = self._returning.all(site_ids=tuple(request.site_ids), states=states)
        shown, token = page(
            returns,
            lambda one: one.return_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_RETURNS,
        )
        return pb.ListReturnsResponse(returns=[_message(one) for one in shown], next_page_token=token)


def _message(customer_return: CustomerReturn) -> pb.CustomerReturn:
    return to_proto(customer_return, pb.CustomerReturn)
