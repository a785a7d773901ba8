"""SettlementService."""

from datetime import date

import grpc

from solver.api.paging import page_after
from solver.api.reading import read_all, request_of
from solver.errors import FieldViolation, InvalidRequest
from solver.fulfilment.settled_plan import SettledPlan
from solver.fulfilment.settled_plans import SettledPlans
from solver.gen.xunyuan.ledger.v1 import settlement_pb2 as pb
from solver.gen.xunyuan.ledger.v1 import settlement_pb2_grpc
from solver.ledger.contracts.facts import Refund, SettledOrder
from solver.ledger.settlement.settlements import Settlements
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto
from solver.wire.sharing import sharing_to_proto


class SettlementServicer(settlement_pb2_grpc.SettlementServiceServicer):
    """Settled orders, refunds, and the runs that settle with parties."""

    def __init__(self, settlements: Settlements, plans: SettledPlans) -> None:
        self._settlements = settlements
        self._plans = plans

    def RecordSettledOrders(
        self, request: pb.RecordSettledOrdersRequest, context: grpc.ServicerContext
    ) -> pb.RecordSettledOrdersResponse:
        """Take in settled orders."""
        named = request_of("RecordSettledOrders", request.request_id, request)
        orders = read_all(request.orders, SettledOrder, "orders")
        return pb.RecordSettledOrdersResponse(recorded=self._settlements.record_orders(named, orders))

    def RecordSettledPlans(
        self, request: pb.RecordSettledPlansRequest, context: grpc.ServicerContext
    ) -> pb.RecordSettledPlansResponse:
        """Take in plans as settled orders."""
        named = request_of("RecordSettledPlans", request.request_id, request)
        plans = read_all(request.plans, SettledPlan, "plans")
        return pb.RecordSettledPlansResponse(recorded=self._plans.record(named, plans))

    def RecordRefunds(
        self, request: pb.RecordRefundsRequest, context: grpc.ServicerContext
    ) -> pb.RecordRefundsResponse:
        """Take in refunds."""
        named = request_of("RecordRefunds", request.request_id, request)
        refunds = read_all(request.refunds, Refund, "refunds")
        return pb.RecordRefundsResponse(recorded=self._settlements.record_refunds(named, refunds))

    def RunSettlement(
        self, request: pb.RunSettlementRequest, context: grpc.ServicerContext
    ) -> pb.RunSettlementResponse:
        """Settle with a party."""
        named = request_of("RunSettlement", request.request_id, request)
        day = _day(request.day, "day")
        statement = self._settlements.run(named, request.party, request.currency, day)
        return pb.RunSettlementResponse(statement=to_proto(statement, pb.SettlementStatement))

    def GetSettlement(
        self, request: pb.GetSettlementRequest, context: grpc.ServicerContext
    ) -> pb.GetSettlementResponse:
        """Read a statement."""
        statement = self._settlements.statement(request.run_id)
        return pb.GetSettlementResponse(statement=to_proto(statement, pb.SettlementStatement))

    def ListSettlements(
        self, request: pb.ListSettlementsRequest, context: grpc.ServicerContext
    ) -> pb.ListSettlementsResponse:
        """Read statements, page by page."""
        shown, token = page_after(
            lambda after, most: self._settlements.statements(request.party, after, most),
            lambda one: one.run_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListSettlementsResponse(
            statements=[to_proto(one, pb.SettlementStatement) for one in shown], next_page_token=token
        )

    def ListSettlementItems(
        self, request: pb.ListSettlementItemsRequest, context: grpc.ServicerContext
    ) -> pb.ListSettlementItemsResponse:
        """Read what a run settled, page by page."""
        shown, token = page_after(
            lambda after, most: self._settlements.items(request.run_id, _number(after), most),
            lambda one: str(one[0]),
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListSettlementItemsResponse(
            items=[to_proto(item, pb.SettlementItem) for _, item in shown], next_page_token=token
        )

    def ListPayments(self, request: pb.ListPaymentsRequest, context: grpc.ServicerContext) -> pb.ListPaymentsResponse:
        """Read the payment list."""
        found = self._settlements.payments(_day(request.from_day, "from_day"), _day(request.until_day, "until_day"))
        return pb.ListPaymentsResponse(payments=[to_proto(one, pb.Payment) for one in found])

    def ListSettlementParties(
        self, request: pb.ListSettlementPartiesRequest, context: grpc.ServicerContext
    ) -> pb.ListSettlementPartiesResponse:
        """Read who has anything."""
        return pb.ListSettlementPartiesResponse(
            parties=[
                pb.SettlementParty(party=party, currency=currency) for party, currency in self._settlements.parties()
            ]
        )

    def GetSharing(self, request: pb.GetSharingRequest, context: grpc.ServicerContext) -> pb.GetSharingResponse:
        """Read how an order is shared out."""
        return pb.GetSharingResponse(sharing=sharing_to_proto(self._settlements.sharing(request.order_id)))


def _number(key: str) -> int:
    if not (key.isascii() and key.isdecimal() and len(key) < 19) and key:
        violation = FieldViolation(field="page_token", value=key, remedy="send back the next_page_token")
        raise InvalidRequest("the page", [violation])
    return int(key or 0)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        violation = FieldViolation(field=field, value=text, remedy="give a day as YYYY-MM-DD")
        raise InvalidRequest("the days of the settlement", [violation]) from error
