"""StockValueService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read, request_of
from solver.fulfilment.valuing.model import StockValuing
from solver.fulfilment.valuing.valuing import Valuing
from solver.gen.xunyuan.sourcing.v1 import stock_values_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import stock_values_pb2_grpc
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class StockValueServicer(stock_values_pb2_grpc.StockValueServiceServicer):
    """What stock left behind is worth."""

    def __init__(self, valuing: Valuing) -> None:
        self._valuing = valuing

    def SetStockValuing(
        self, request: pb.SetStockValuingRequest, context: grpc.ServicerContext
    ) -> pb.SetStockValuingResponse:
        """Say how values are reckoned."""
        named = request_of("SetStockValuing", request.request_id, request)
        now = self._valuing.set(named, read(request.valuing, StockValuing, "valuing"))
        return pb.SetStockValuingResponse(valuing=to_proto(now, pb.StockValuing))

    def GetStockValuing(
        self, request: pb.GetStockValuingRequest, context: grpc.ServicerContext
    ) -> pb.GetStockValuingResponse:
        """Read how values are reckoned and how they stand."""
        return pb.GetStockValuingResponse(
            valuing=to_proto(self._valuing.settings, pb.StockValuing),
            policies=[to_proto(one, pb.ValuedPolicy) for one in self._valuing.standing()],
        )

    def ListStockValues(
        self, request: pb.ListStockValuesRequest, context: grpc.ServicerContext
    ) -> pb.ListStockValuesResponse:
        """Read values, page by page."""
        shown, token = page(
            self._valuing.rows(request.policy_id, request.policy_version),
            lambda one: f"{one.sku}\0{one.site_id}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListStockValuesResponse(values=[to_proto(one, pb.StockValue) for one in shown], next_page_token=token)
