"""The client's side of what stock cost and earned."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.ledger.v1 import valuation_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import valuation_pb2_grpc
from solver.ledger.valuation.margins import MarginBy
from solver.ledger.valuation.model import CostMove, InventoryValue, Margin, UnitCost, ValuationTerms
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ValuationClient:
    """Methods of `Client.valuation`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = valuation_pb2_grpc.ValuationServiceStub(channel)

    def set_terms(
        self, terms: ValuationTerms, costs: Sequence[UnitCost] = (), *, request_id: str | None = None
    ) -> ValuationTerms:
        """Say how stock is valued; the terms in force."""
        request = pb.SetValuationTermsRequest(
            request_id=request_id or new_request_id(),
            terms=to_proto(terms, pb.ValuationTerms),
            costs=[to_proto(one, pb.UnitCost) for one in costs],
        )
        answer = call(self._stub.SetValuationTerms, request, timeout_seconds=self._seconds)
        return noun_of(answer.terms, ValuationTerms)

    def terms(self) -> ValuationTerms | None:
        """How stock is valued; None: it is not."""
        answer = call(self._stub.GetValuationTerms, pb.GetValuationTermsRequest(), timeout_seconds=self._seconds)
        return noun_of(answer.terms, ValuationTerms) if answer.HasField("terms") else None

    def note_costs(self, costs: Iterable[UnitCost], *, request_id: str | None = None) -> int:
        """Note what SKUs cost from a day on; how many were noted."""
        request = pb.NoteUnitCostsRequest(
            request_id=request_id or new_request_id(), costs=[to_proto(one, pb.UnitCost) for one in costs]
        )
        return call(self._stub.NoteUnitCosts, request, timeout_seconds=self._seconds).noted

    def write_down(
        self, sku: str, amount_minor: int, reason: str, *, entity: str = "", request_id: str | None = None
    ) -> CostMove:
        """Value all units of a SKU so much less in all."""
        request = pb.WriteDownStockRequest(
            request_id=request_id or new_request_id(), entity=entity, sku=sku, amount_minor=amount_minor, reason=reason
        )
        return noun_of(call(self._stub.WriteDownStock, request, timeout_seconds=self._seconds).move, CostMove)

    def cost_receipt(self, move_id: int, unit_cost_minor: int, *, request_id: str | None = None) -> CostMove:
        """Say what a unit cost of a receipt that came in without a cost."""
        request = pb.CostReceiptRequest(
            request_id=request_id or new_request_id(), move_id=move_id, unit_cost_minor=unit_cost_minor
        )
        return noun_of(call(self._stub.CostReceipt, request, timeout_seconds=self._seconds).move, CostMove)

    def values(self, entity: str | None = None) -> Iterator[InventoryValue]:
        """What is there and what it cost; pages are fetched as they are needed."""
        request = pb.ListInventoryValuesRequest(entity=entity)
        while True:
            answer = call(self._stub.ListInventoryValues, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, InventoryValue) for one in answer.values)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def moves(self, *, sku: str = "", order_id: str = "", is_uncosted: bool = False) -> Iterator[CostMove]:
        """How values came about, the oldest move first; pages are fetched as they are needed."""
        request = pb.ListCostMovesRequest(sku=sku, order_id=order_id, is_uncosted=is_uncosted)
        while True:
            answer = call(self._stub.ListCostMoves, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, CostMove) for one in answer.moves)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def margins(self, by: MarginBy, from_on: date, until_on: date, entity: str | None = None) -> Iterator[Margin]:
        """Sales, their cost and the gross margin; pages are fetched as they are needed."""
        request = pb.ListMarginsRequest(
            by=pb.MarginBy.Value(f"MARGIN_BY_{by.name}"),
            from_on=from_on.isoformat(),
            until_on=until_on.isoformat(),
            entity=entity,
        )
        while True:
            answer = call(self._stub.ListMargins, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, Margin) for one in answer.margins)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
