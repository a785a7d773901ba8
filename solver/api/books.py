"""BooksService."""

from datetime import date

import grpc

from solver.api.reading import read, read_all, request_of
from solver.errors import Violations
from solver.gen.xunyuan.ledger.v1 import bookings_pb2, books_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import books_pb2 as pb
from solver.ledger.books.accruals import Bill
from solver.ledger.books.desk import LedgerDesk
from solver.ledger.books.model import Event
from solver.wire.books import change_to_proto, day_of, rate_to_proto, rates_from_proto, wanted_from_proto
from solver.wire.codec import to_proto
from solver.wire.ledger import voucher_to_proto


class BooksServicer(books_pb2_grpc.BooksServiceServicer):
    """Events posted, accounts read, periods closed."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    def PostEvents(self, request: pb.PostEventsRequest, context: grpc.ServicerContext) -> pb.PostEventsResponse:
        """Leave the voucher of each event."""
        named = request_of("PostEvents", request.request_id, request)
        made = self._desk.post(named, read_all(request.events, Event, "events"))
        return pb.PostEventsResponse(vouchers=[voucher_to_proto(one) for one in made])

    def PostIntercompany(
        self, request: pb.PostIntercompanyRequest, context: grpc.ServicerContext
    ) -> pb.PostIntercompanyResponse:
        """Leave a voucher with each of two entities."""
        named = request_of("PostIntercompany", request.request_id, request)
        first, second = read(request.first, Event, "first"), read(request.second, Event, "second")
        made = self._desk.post_intercompany(named, first, second)
        return pb.PostIntercompanyResponse(vouchers=[voucher_to_proto(one) for one in made])

    def PostBill(self, request: pb.PostBillRequest, context: grpc.ServicerContext) -> pb.PostBillResponse:
        """Book a bill against what was expected."""
        named = request_of("PostBill", request.request_id, request)
        made = self._desk.post_bill(named, read(request.bill, Bill, "bill"))
        return pb.PostBillResponse(vouchers=[voucher_to_proto(one) for one in made])

    def ReverseVoucher(
        self, request: pb.ReverseVoucherRequest, context: grpc.ServicerContext
    ) -> pb.ReverseVoucherResponse:
        """Take a voucher back."""
        named = request_of("ReverseVoucher", request.request_id, request)
        made = self._desk.reverse(named, request.voucher_id, on=_day(request.on, "on"), reason=request.reason)
        return pb.ReverseVoucherResponse(voucher=voucher_to_proto(made))

    def ClosePeriod(self, request: pb.ClosePeriodRequest, context: grpc.ServicerContext) -> pb.ClosePeriodResponse:
        """Refuse postings into a month."""
        named = request_of("ClosePeriod", request.request_id, request)
        change = self._desk.close(named, request.entity, request.period, request.reason)
        return pb.ClosePeriodResponse(change=change_to_proto(change))

    def ReopenPeriod(self, request: pb.ReopenPeriodRequest, context: grpc.ServicerContext) -> pb.ReopenPeriodResponse:
        """Allow postings into a closed month again."""
        named = request_of("ReopenPeriod", request.request_id, request)
        change = self._desk.reopen(named, request.entity, request.period, request.reason)
        return pb.ReopenPeriodResponse(change=change_to_proto(change))

    def DeclareEntities(
        self, request: pb.DeclareEntitiesRequest, context: grpc.ServicerContext
    ) -> pb.DeclareEntitiesResponse:
        """Let entities and centres count."""
        named = request_of("DeclareEntities", request.request_id, request)
        version = self._desk.declare(named, request.document, request.origin)
        return pb.DeclareEntitiesResponse(version=version.version, document=version.body)

    def ImportRates(self, request: pb.ImportRatesRequest, context: grpc.ServicerContext) -> pb.ImportRatesResponse:
        """Keep rates of exchange."""
        named = request_of("ImportRates", request.request_id, request)
        return pb.ImportRatesResponse(new_rates=self._desk.keep_rates(named, rates_from_proto(request.rates)))

    def GetVoucher(self, request: pb.GetVoucherRequest, context: grpc.ServicerContext) -> pb.GetVoucherResponse:
        """Read a voucher with its lines."""
        voucher, lines = self._desk.voucher(request.voucher_id)
        return pb.GetVoucherResponse(
            voucher=voucher_to_proto(voucher), lines=[to_proto(line, bookings_pb2.VoucherLine) for line in lines]
        )

    def ListPeriodBalances(
        self, request: pb.ListPeriodBalancesRequest, context: grpc.ServicerContext
    ) -> pb.ListPeriodBalancesResponse:
        """Read the trial balance."""
        rows = self._desk.balances(wanted_from_proto(request))
        return pb.ListPeriodBalancesResponse(balances=[to_proto(row, bookings_pb2.PeriodBalance) for row in rows])

    def GetAccountStatement(
        self, request: pb.GetAccountStatementRequest, context: grpc.ServicerContext
    ) -> pb.GetAccountStatementResponse:
        """Read a page of an account's movements."""
        page = self._desk.statement(
            account=request.account,
            entity=request.entity,
            currency=request.currency,
            since=_day(request.since, "since"),
            until=_day(request.until, "until"),
            page_size=request.page_size,
            page_token=request.page_token,
        )
        return to_proto(page, pb.GetAccountStatementResponse)

    def ListOrderLines(
        self, request: pb.ListOrderLinesRequest, context: grpc.ServicerContext
    ) -> pb.ListOrderLinesResponse:
        """Read every line of an order."""
        lines = self._desk.order_lines(request.order_id)
        return pb.ListOrderLinesResponse(lines=[to_proto(line, bookings_pb2.VoucherLine) for line in lines])

    def ListAccruals(self, request: pb.ListAccrualsRequest, context: grpc.ServicerContext) -> pb.ListAccrualsResponse:
        """Read accruals."""
        rows = self._desk.accruals(only_open=request.only_open)
        return pb.ListAccrualsResponse(accruals=[to_proto(row, bookings_pb2.Accrual) for row in rows])

    def ListPeriodChanges(
        self, request: pb.ListPeriodChangesRequest, context: grpc.ServicerContext
    ) -> pb.ListPeriodChangesResponse:
        """Read every closing and reopening."""
        changes = self._desk.period_changes(request.entity if request.HasField("entity") else None)
        return pb.ListPeriodChangesResponse(changes=[change_to_proto(change) for change in changes])

    def ListExchangeRates(
        self, request: pb.ListExchangeRatesRequest, context: grpc.ServicerContext
    ) -> pb.ListExchangeRatesResponse:
        """Read every rate."""
        return pb.ListExchangeRatesResponse(rates=[rate_to_proto(rate) for rate in self._desk.rates()])

    def GetDeclaration(
        self, request: pb.GetDeclarationRequest, context: grpc.ServicerContext
    ) -> pb.GetDeclarationResponse:
        """Read what is declared."""
        version = self._desk.declaration()
        if version is None:
            return pb.GetDeclarationResponse()
        return pb.GetDeclarationResponse(version=version.version, document=version.body)

    def ImportChart(self, request: pb.ImportChartRequest, context: grpc.ServicerContext) -> pb.ImportChartResponse:
        """Let a file of accounts and posting rules count."""
        named = request_of("ImportChart", request.request_id, request)
        return pb.ImportChartResponse(version=self._desk.change_chart(named, request.document, request.origin))

    def GetChart(self, request: pb.GetChartRequest, context: grpc.ServicerContext) -> pb.GetChartResponse:
        """Read that file."""
        version, document = self._desk.chart()
        return pb.GetChartResponse(version=version, document=document)

    def ListUntranslated(
        self, request: pb.ListUntranslatedRequest, context: grpc.ServicerContext
    ) -> pb.ListUntranslatedResponse:
        """Read what waits for a rate."""
        waiting = [to_proto(one, bookings_pb2.Untranslated) for one in self._desk.untranslated()]
        return pb.ListUntranslatedResponse(untranslated=waiting)

    def AuditVouchers(
        self, request: pb.AuditVouchersRequest, context: grpc.ServicerContext
    ) -> pb.AuditVouchersResponse:
        """Rebuild every balance and compare."""
        return to_proto(self._desk.verify(), pb.AuditVouchersResponse)


def _day(text: str, field: str) -> date:
    violations = Violations()
    day = day_of(text, field, violations)
    violations.refuse_any(field)
    assert day is not None, "day_of records why it returns nothing"
    return day
