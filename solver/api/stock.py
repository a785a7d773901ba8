"""StockService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read_all
from solver.errors import Violations
from solver.fulfilment.stockroom import Stockroom
from solver.gen.xunyuan.stock.v1 import stock_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2_grpc
from solver.stock.model import Movement
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.once import request_for
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class StockServicer(stock_pb2_grpc.StockServiceServicer):
    """Movements and levels."""

    def __init__(self, database: Database, stockroom: Stockroom, stock: Stock) -> None:
        self._database = database
        self._stockroom = stockroom
        self._stock = stock

    def ReceiveStock(self, request: pb.ReceiveStockRequest, context: grpc.ServicerContext) -> pb.ReceiveStockResponse:
        """Book goods received."""
        movements = read_all(request.movements, Movement, "movements")
        named = request_for("ReceiveStock", request.request_id, movements, request.reference)
        return pb.ReceiveStockResponse(entry_id=self._stockroom.receive(named, movements, request.reference))

    def AdjustStock(self, request: pb.AdjustStockRequest, context: grpc.ServicerContext) -> pb.AdjustStockResponse:
        """Correct what is on hand."""
        movements = read_all(request.movements, Movement, "movements")
        named = request_for("AdjustStock", request.request_id, movements, request.reference)
        return pb.AdjustStockResponse(entry_id=self._stockroom.adjust(named, movements, request.reference))

    def ListStockLevels(
        self, request: pb.ListStockLevelsRequest, context: grpc.ServicerContext
    ) -> pb.ListStockLevelsResponse:
        """Read levels, page by page."""
        violations = Violations()
        for path, wanted in (("skus", request.skus), ("site_ids", request.site_ids)):
            violations.require(len(wanted) <= MOST_ROWS, path, f"{len(wanted)} rows", f"send at most {MOST_ROWS:,}")
        violations.refuse_any("the filter")
        with self._database.read() as reader:
            levels = self._stock.levels(
                reader, skus=tuple(request.skus) or None, site_ids=tuple(request.site_ids) or None
            )
        shown, token = page(
            levels,
            lambda level: f"{level.sku}\0{level.site_id}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListStockLevelsResponse(
            levels=[to_proto(level, pb.StockLevel) for level in shown], next_page_token=token
        )
