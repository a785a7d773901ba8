"""ConsignmentService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read, read_all, request_of, values_of
from solver.fulfilment.warehousing.consignments import Consigning, Sending
from solver.gen.xunyuan.stock.v1 import consignments_pb2 as pb
from solver.gen.xunyuan.stock.v1 import consignments_pb2_grpc
from solver.stock.expected.consignment_model import ArrivedUnits, Consignment, ConsignmentState
from solver.wire.codec import time_of, to_proto

MOST_CONSIGNMENTS = 100


class ConsignmentServicer(consignments_pb2_grpc.ConsignmentServiceServicer):
    """Goods on their way."""

    def __init__(self, consigning: Consigning) -> None:
        self._consigning = consigning

    def DispatchTransfer(
        self, request: pb.DispatchTransferRequest, context: grpc.ServicerContext
    ) -> pb.DispatchTransferResponse:
        """Let units leave for another site."""
        named = request_of("DispatchTransfer", request.request_id, request)
        consignment = self._consigning.dispatch(named, read(request, Sending, ""))
        return pb.DispatchTransferResponse(consignment=_message(consignment))

    def AdvisePurchase(
        self, request: pb.AdvisePurchaseRequest, context: grpc.ServicerContext
    ) -> pb.AdvisePurchaseResponse:
        """Note a purchase order."""
        named = request_of("AdvisePurchase", request.request_id, request)
        consignment = self._consigning.advise(named, read(request, Sending, ""))
        return pb.AdvisePurchaseResponse(consignment=_message(consignment))

    def RescheduleConsignment(
        self, request: pb.RescheduleConsignmentRequest, context: grpc.ServicerContext
    ) -> pb.RescheduleConsignmentResponse:
        """Expect it at another time."""
        named = request_of("RescheduleConsignment", request.request_id, request)
        expected_at = time_of(request, "expected_at")
        consignment = self._consigning.reschedule(named, request.consignment_id, expected_at)
        return pb.RescheduleConsignmentResponse(consignment=_message(consignment))

    def ReceiveConsignment(
        self, request: pb.ReceiveConsignmentRequest, context: grpc.ServicerContext
    ) -> pb.ReceiveConsignmentResponse:
        """Book what arrived."""
        named = request_of("ReceiveConsignment", request.request_id, request)
        arrived = read_all(request.arrived, ArrivedUnits, "arrived")
        consignment = self._consigning.receive(
            named, request.consignment_id, arrived, more_to_come=request.more_to_come
        )
        return pb.ReceiveConsignmentResponse(consignment=_message(consignment))

    def CancelConsignment(
        self, request: pb.CancelConsignmentRequest, context: grpc.ServicerContext
    ) -> pb.CancelConsignmentResponse:
        """End a consignment."""
        named = request_of("CancelConsignment", request.request_id, request)
        consignment = self._consigning.cancel(named, request.consignment_id, request.remark)
        return pb.CancelConsignmentResponse(consignment=_message(consignment))

    def GetConsignment(
        self, request: pb.GetConsignmentRequest, context: grpc.ServicerContext
    ) -> pb.GetConsignmentResponse:
        """Read a consignment."""
        return pb.GetConsignmentResponse(consignment=_message(self._consigning.get(request.consignment_id)))

    def ListConsignments(
        self, request: pb.ListConsignmentsRequest, context: grpc.ServicerContext
    ) -> pb.ListConsignmentsResponse:
        """Read consignments, page by page."""
        states = values_of(request.states, pb.ConsignmentState, ConsignmentState, "states")
        consignments = self._consigning.all(site_ids=tuple(request.site_ids), states=states)
        shown, token = page(
            consignments,
            lambda one: one.consignment_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_CONSIGNMENTS,
        )
        return pb.ListConsignmentsResponse(consignments=[_message(one) for one in shown], next_page_token=token)


def _message(consignment: Consignment) -> pb.Consignment:
    return to_proto(consignment, pb.Consignment)
