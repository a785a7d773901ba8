"""ValuationService."""

from datetime import date

import grpc

from solver.api.paging import page, page_after
from solver.api.reading import enum_of, read, read_all, request_of
from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.fulfilment.costing.valuation import Valuation
from solver.gen.xunyuan.ledger.v1 import valuation_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import valuation_pb2_grpc
from solver.ledger.valuation.margins import MarginBy
from solver.ledger.valuation.model import CostMove, UnitCost, ValuationTerms
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class ValuationServicer(valuation_pb2_grpc.ValuationServiceServicer):
    """What stock cost, what left with it, and what was earned."""

    def __init__(self, valuation: Valuation) -> None:
        self._valuation = valuation

    def SetValuationTerms(
        self, request: pb.SetValuationTermsRequest, context: grpc.ServicerContext
    ) -> pb.SetValuationTermsResponse:
        """Say how stock is valued."""
        named = request_of("SetValuationTerms", request.request_id, request)
        terms = read(request.terms, ValuationTerms, "terms")
        in_force = self._valuation.set_terms(named, terms, read_all(request.costs, UnitCost, "costs"))
        return pb.SetValuationTermsResponse(terms=to_proto(in_force, pb.ValuationTerms))

    def GetValuationTerms(
        self, request: pb.GetValuationTermsRequest, context: grpc.ServicerContext
    ) -> pb.GetValuationTermsResponse:
        """Read the terms."""
        terms = self._valuation.terms()
        return pb.GetValuationTermsResponse(terms=None if terms is None else to_proto(terms, pb.ValuationTerms))

    def NoteUnitCosts(
        self, request: pb.NoteUnitCostsRequest, context: grpc.ServicerContext
    ) -> pb.NoteUnitCostsResponse:
        """Note what SKUs cost."""
        named = request_of("NoteUnitCosts", request.request_id, request)
        return pb.NoteUnitCostsResponse(
            noted=self._valuation.note_costs(named, read_all(request.costs, UnitCost, "costs"))
        )

    def WriteDownStock(
        self, request: pb.WriteDownStockRequest, context: grpc.ServicerContext
    ) -> pb.WriteDownStockResponse:
        """Value stock less."""
        named = request_of("WriteDownStock", request.request_id, request)
        move = self._valuation.write_down(named, request.entity, request.sku, request.amount_minor, request.reason)
        return pb.WriteDownStockResponse(move=to_proto(move, pb.CostMove))

    def CostReceipt(self, request: pb.CostReceiptRequest, context: grpc.ServicerContext) -> pb.CostReceiptResponse:
        """Say what a receipt cost."""
        named = request_of("CostReceipt", request.request_id, request)
        move = self._valuation.cost_receipt(named, request.move_id, request.unit_cost_minor)
        return pb.CostReceiptResponse(move=to_proto(move, pb.CostMove))

    def ListInventoryValues(
        self, request: pb.ListInventoryValuesRequest, context: grpc.ServicerContext
    ) -> pb.ListInventoryValuesResponse:
        """Read values, page by page."""
        shown, token = page(
            self._valuation.values(request.entity if request.HasField("entity") else None),
            lambda one: f"{one.entity}\0{one.sku}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListInventoryValuesResponse(
            values=[to_proto(one, pb.InventoryValue) for one in shown], next_page_token=token
        )

    def ListCostMoves(
        self, request: pb.ListCostMovesRequest, context: grpc.ServicerContext
    ) -> pb.ListCostMovesResponse:
        """Read moves, page by page."""
        violations = Violations()
        alone = not (request.is_uncosted and (request.sku or request.order_id))
        violations.require(alone, "is_uncosted", "true", "name neither SKU nor order with it")
        violations.refuse_any("the list of cost moves")

        def after(key: str, most: int) -> list[CostMove]:
            move_id = _move_id(key)
            if request.is_uncosted:
                return self._valuation.uncosted(after=move_id, most=most)
            return self._valuation.moves(sku=request.sku, order_id=request.order_id, after=move_id, most=most)

        shown, token = page_after(
            after,
            lambda one: str(one.move_id),
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListCostMovesResponse(moves=[to_proto(one, pb.CostMove) for one in shown], next_page_token=token)

    def ListMargins(self, request: pb.ListMarginsRequest, context: grpc.ServicerContext) -> pb.ListMarginsResponse:
        """Read margins, page by page."""
        days = [_day(getattr(request, name), name) for name in ("from_on", "until_on")]
        by = enum_of(request.by, pb.MarginBy, MarginBy, "by")
        shown, token = page(
            self._valuation.margins(by, days[0], days[1], request.entity if request.HasField("entity") else None),
            lambda one: f"{one.key}\0{one.currency}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListMarginsResponse(margins=[to_proto(one, pb.Margin) for one in shown], next_page_token=token)


def _move_id(key: str) -> int:
    if not key:
        return 0
    if not (key.isdecimal() and len(key) < 19):
        violation = FieldViolation(field="page_token", value=key, remedy="send back the next_page_token")
        raise InvalidRequest("the page", [violation])
    return int(key)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        violation = FieldViolation(field=field, value=text, remedy="give a day as YYYY-MM-DD")
        raise InvalidRequest("the days of the margins", [violation]) from error
