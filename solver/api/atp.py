"""AtpService."""

import grpc

from solver.api.reading import read_all, request_of
from solver.fulfilment.promising.service import DEFAULT_DAYS, Promising
from solver.gen.xunyuan.stock.v1 import atp_pb2 as pb
from solver.gen.xunyuan.stock.v1 import atp_pb2_grpc
from solver.stock.safety import SafetyStock
from solver.wire.codec import to_proto


class AtpServicer(atp_pb2_grpc.AtpServiceServicer):
    """Available to promise."""

    def __init__(self, promising: Promising) -> None:
        self._promising = promising

    def GetAtp(self, request: pb.GetAtpRequest, context: grpc.ServicerContext) -> pb.GetAtpResponse:
        """Say what may be promised by which day."""
        answers = self._promising.atp(
            tuple(request.skus),
            tuple(request.site_ids),
            days=request.days or DEFAULT_DAYS,
            channel=request.channel,
        )
        return pb.GetAtpResponse(answers=[to_proto(answer, pb.Atp) for answer in answers])

    def SetSafetyStock(
        self, request: pb.SetSafetyStockRequest, context: grpc.ServicerContext
    ) -> pb.SetSafetyStockResponse:
        """Say what plans leave at sites."""
        named = request_of("SetSafetyStock", request.request_id, request)
        self._promising.set_safety(named, read_all(request.rows, SafetyStock, "rows"))
        return pb.SetSafetyStockResponse()
