"""StockService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read_all, request_of
from solver.errors import Violations
from solver.fulfilment.hold_model import HoldWish
from solver.fulfilment.holding import Holding
from solver.fulfilment.model import DEFAULT_HOLD
from solver.fulfilment.stockroom import Stockroom
from solver.gen.xunyuan.stock.v1 import stock_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2_grpc
from solver.stock.model import BackorderLimit, Claim, Movement
from solver.stock.stock import Stock
from solver.storage.database import Database
from solver.storage.once import request_for
from solver.validation import MOST_ROWS
from solver.wire.codec import duration_of, to_proto
from solver.wire.holds import fill_hold, fill_outcome, wish_of


class StockServicer(stock_pb2_grpc.StockServiceServicer):
    """Movements, holds and levels."""

    def __init__(self, database: Database, stockroom: Stockroom, stock: Stock, holding: Holding) -> None:
        self._database = database
        self._stockroom = stockroom
        self._stock = stock
        self._holding = holding

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
        self._stock.sweep_if_due(self._database)
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

    def HoldStock(self, request: pb.HoldStockRequest, context: grpc.ServicerContext) -> pb.HoldStockResponse:
        """Set stock aside under the caller's name."""
        named = request_of("HoldStock", request.request_id, request)
        answer = pb.HoldStockResponse()
        fill_hold(self._holding.hold(named, _wish(request)), answer.hold)
        return answer

    def HoldStockBatch(
        self, request: pb.HoldStockBatchRequest, context: grpc.ServicerContext
    ) -> pb.HoldStockBatchResponse:
        """Set stock aside under many names."""
        named = request_of("HoldStockBatch", request.request_id, request)
        answer = pb.HoldStockBatchResponse()
        for outcome in self._holding.hold_batch(named, _wishes(request), all_or_none=request.all_or_none):
            fill_outcome(outcome, answer.outcomes.add())
        return answer

    def ExtendHold(self, request: pb.ExtendHoldRequest, context: grpc.ServicerContext) -> pb.ExtendHoldResponse:
        """Let a hold expire later."""
        named = request_of("ExtendHold", request.request_id, request)
        hold_for = duration_of(request.hold_for, "hold_for") if request.HasField("hold_for") else DEFAULT_HOLD
        hold = self._holding.extend(named, request.hold_id, hold_for)
        return pb.ExtendHoldResponse(hold=to_proto(hold, pb.StockHold))

    def SplitHold(self, request: pb.SplitHoldRequest, context: grpc.ServicerContext) -> pb.SplitHoldResponse:
        """Move units to a new hold."""
        named = request_of("SplitHold", request.request_id, request)
        claims = read_all(request.claims, Claim, "claims")
        left, new = self._holding.split(named, request.hold_id, request.to_hold_id, claims, request.order_id)
        return pb.SplitHoldResponse(hold=to_proto(left, pb.StockHold), to_hold=to_proto(new, pb.StockHold))

    def TransferHold(self, request: pb.TransferHoldRequest, context: grpc.ServicerContext) -> pb.TransferHoldResponse:
        """Pass a hold on."""
        named = request_of("TransferHold", request.request_id, request)
        hold = self._holding.transfer(named, request.hold_id, request.to_hold_id, request.order_id)
        return pb.TransferHoldResponse(hold=to_proto(hold, pb.StockHold))

    def GetHold(self, request: pb.GetHoldRequest, context: grpc.ServicerContext) -> pb.GetHoldResponse:
        """Read a hold."""
        return pb.GetHoldResponse(hold=to_proto(self._holding.get(request.hold_id), pb.StockHold))

    def ConfirmHold(self, request: pb.ConfirmHoldRequest, context: grpc.ServicerContext) -> pb.ConfirmHoldResponse:
        """Commit what is held."""
        named = request_of("ConfirmHold", request.request_id, request)
        answer = pb.ConfirmHoldResponse()
        fill_hold(self._holding.confirm(named, request.hold_id), answer.hold)
        return answer

    def ReleaseHold(self, request: pb.ReleaseHoldRequest, context: grpc.ServicerContext) -> pb.ReleaseHoldResponse:
        """Give back what is held, or some of it."""
        named = request_of("ReleaseHold", request.request_id, request)
        claims = read_all(request.claims, Claim, "claims")
        answer = pb.ReleaseHoldResponse()
        fill_hold(self._holding.release(named, request.hold_id, claims), answer.hold)
        return answer

    def SetBackorderLimits(
        self, request: pb.SetBackorderLimitsRequest, context: grpc.ServicerContext
    ) -> pb.SetBackorderLimitsResponse:
        """Say how much may be promised beyond what is there."""
        named = request_of("SetBackorderLimits", request.request_id, request)
        self._holding.set_backorder_limits(named, read_all(request.limits, BackorderLimit, "limits"))
        return pb.SetBackorderLimitsResponse()


def _wish(request: pb.HoldStockRequest) -> HoldWish:
    violations = Violations()
    wish = wish_of(request, "", violations)
    violations.refuse_any("the request")
    assert wish is not None, "wish_of records why it returns nothing"
    return wish


def _wishes(request: pb.HoldStockBatchRequest) -> tuple[HoldWish, ...]:
    violations = Violations()
    wishes = [wish_of(one, f"wishes[{position}]", violations) for position, one in enumerate(request.wishes)]
    violations.refuse_any("the list of wishes")
    return tuple(wish for wish in wishes if wish is not None)
