"""The client's side of the books."""

from collections.abc import Iterable, Sequence
from datetime import date

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.ledger.v1 import bookings_pb2, books_pb2_grpc, ledger_pb2
from solver.gen.xunyuan.ledger.v1 import books_pb2 as pb
from solver.ledger.books.accruals import Accrual, Bill
from solver.ledger.books.model import Event
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import AccountStatement, BalanceFilter, PeriodBalance, StatementLine, VoucherLine
from solver.ledger.books.translations import Untranslated
from solver.ledger.books.verify import Verification
from solver.ledger.model import Voucher
from solver.wire.books import change_from_proto, rate_to_proto, rates_from_proto, wanted_to_proto
from solver.wire.codec import to_proto
from solver.wire.ledger import voucher_from_proto
from solver.wire.nouns import noun_of


class BooksClient:
    """Methods of `Client.books`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = books_pb2_grpc.BooksServiceStub(channel)

    def post(self, events: Sequence[Event], *, request_id: str | None = None) -> tuple[Voucher, ...]:
        """Leave the voucher of each event, all or none; up to 1,000."""
        request = pb.PostEventsRequest(request_id=request_id or new_request_id())
        request.events.extend(to_proto(event, bookings_pb2.LedgerEvent) for event in events)
        return _vouchers(call(self._stub.PostEvents, request, timeout_seconds=self._seconds).vouchers)

    def post_intercompany(self, first: Event, second: Event, *, request_id: str | None = None) -> tuple[Voucher, ...]:
        """Leave a voucher with each of two entities."""
        request = pb.PostIntercompanyRequest(
            request_id=request_id or new_request_id(),
            first=to_proto(first, bookings_pb2.LedgerEvent),
            second=to_proto(second, bookings_pb2.LedgerEvent),
        )
        return _vouchers(call(self._stub.PostIntercompany, request, timeout_seconds=self._seconds).vouchers)

    def post_bill(self, bill: Bill, *, request_id: str | None = None) -> tuple[Voucher, ...]:
        """Book what a carrier or a source bills, and take back what was expected."""
        request = pb.PostBillRequest(request_id=request_id or new_request_id(), bill=to_proto(bill, bookings_pb2.Bill))
        return _vouchers(call(self._stub.PostBill, request, timeout_seconds=self._seconds).vouchers)

    def reverse(self, voucher_id: str, *, on: date, reason: str, request_id: str | None = None) -> Voucher:
        """Take a voucher back by another one."""
        request = pb.ReverseVoucherRequest(
            request_id=request_id or new_request_id(), voucher_id=voucher_id, on=on.isoformat(), reason=reason
        )
        return voucher_from_proto(call(self._stub.ReverseVoucher, request, timeout_seconds=self._seconds).voucher)

    def close(self, entity: str, period: str, reason: str, *, request_id: str | None = None) -> PeriodChange:
        """Refuse postings into a month (`2026-03`)."""
        request = pb.ClosePeriodRequest(
            request_id=request_id or new_request_id(), entity=entity, period=period, reason=reason
        )
        return change_from_proto(call(self._stub.ClosePeriod, request, timeout_seconds=self._seconds).change)

    def reopen(self, entity: str, period: str, reason: str, *, request_id: str | None = None) -> PeriodChange:
        """Allow postings into a closed month again."""
        request = pb.ReopenPeriodRequest(
            request_id=request_id or new_request_id(), entity=entity, period=period, reason=reason
        )
        return change_from_proto(call(self._stub.ReopenPeriod, request, timeout_seconds=self._seconds).change)

    def declare(self, document: str, origin: str, *, request_id: str | None = None) -> int:
        """Let a document of entities and centres count; its version."""
        request = pb.DeclareEntitiesRequest(request_id=request_id or new_request_id(), document=document, origin=origin)
        return call(self._stub.DeclareEntities, request, timeout_seconds=self._seconds).version

    def keep_rates(self, rates: Iterable[Rate], *, request_id: str | None = None) -> int:
        """Keep up to 1,000 rates of exchange; how many are new."""
        request = pb.ImportRatesRequest(request_id=request_id or new_request_id())
        request.rates.extend(rate_to_proto(rate) for rate in rates)
        return call(self._stub.ImportRates, request, timeout_seconds=self._seconds).new_rates

    def voucher(self, voucher_id: str) -> tuple[Voucher, tuple[VoucherLine, ...]]:
        """A voucher, and its lines in full."""
        answer = call(self._stub.GetVoucher, pb.GetVoucherRequest(voucher_id=voucher_id), timeout_seconds=self._seconds)
        return voucher_from_proto(answer.voucher), tuple(noun_of(line, VoucherLine) for line in answer.lines)

    def balances(self, wanted: BalanceFilter) -> tuple[PeriodBalance, ...]:
        """The trial balance."""
        answer = call(self._stub.ListPeriodBalances, wanted_to_proto(wanted), timeout_seconds=self._seconds)
        return tuple(noun_of(row, PeriodBalance) for row in answer.balances)

    def statement(
        self,
        *,
        account: str,
        entity: str,
        currency: str,
        since: date,
        until: date,
        page_size: int = 0,
        page_token: str = "",
    ) -> AccountStatement:
        """A page of an account's movements."""
        request = pb.GetAccountStatementRequest(
            account=account,
            entity=entity,
            currency=currency,
            since=since.isoformat(),
            until=until.isoformat(),
            page_size=page_size,
            page_token=page_token,
        )
        answer = call(self._stub.GetAccountStatement, request, timeout_seconds=self._seconds)
        return AccountStatement(
            account=account,
            entity=entity,
            currency=currency,
            opening_minor=answer.opening_minor,
            closing_minor=answer.closing_minor,
            lines=tuple(noun_of(line, StatementLine) for line in answer.lines),
            next_page_token=answer.next_page_token,
        )

    def order_lines(self, order_id: str) -> tuple[VoucherLine, ...]:
        """Every line that was posted for an order."""
        request = pb.ListOrderLinesRequest(order_id=order_id)
        answer = call(self._stub.ListOrderLines, request, timeout_seconds=self._seconds)
        return tuple(noun_of(line, VoucherLine) for line in answer.lines)

    def accruals(self, *, only_open: bool = False) -> tuple[Accrual, ...]:
        """What was expected of carriers and sources against what they billed."""
        request = pb.ListAccrualsRequest(only_open=only_open)
        answer = call(self._stub.ListAccruals, request, timeout_seconds=self._seconds)
        return tuple(noun_of(row, Accrual) for row in answer.accruals)

    def period_changes(self, entity: str | None = None) -> tuple[PeriodChange, ...]:
        """Every closing and reopening, oldest first."""
        request = pb.ListPeriodChangesRequest() if entity is None else pb.ListPeriodChangesRequest(entity=entity)
        answer = call(self._stub.ListPeriodChanges, request, timeout_seconds=self._seconds)
        return tuple(change_from_proto(change) for change in answer.changes)

    def rates(self) -> tuple[Rate, ...]:
        """Every rate of exchange."""
        answer = call(self._stub.ListExchangeRates, pb.ListExchangeRatesRequest(), timeout_seconds=self._seconds)
        return rates_from_proto(answer.rates)

    def declaration(self) -> tuple[int, str]:
        """The version that is in force and what it says; 0 and nothing where nothing was declared."""
        answer = call(self._stub.GetDeclaration, pb.GetDeclarationRequest(), timeout_seconds=self._seconds)
        return answer.version, answer.document

    def change_chart(self, document: str, origin: str, *, request_id: str | None = None) -> int:
        """Let a file of accounts and posting rules count, beside the product's own; its version."""
        request = pb.ImportChartRequest(request_id=request_id or new_request_id(), document=document, origin=origin)
        return call(self._stub.ImportChart, request, timeout_seconds=self._seconds).version

    def chart(self) -> tuple[int, str]:
        """The version of that file that is in force and what it says; 0 and nothing for the product's own."""
        answer = call(self._stub.GetChart, pb.GetChartRequest(), timeout_seconds=self._seconds)
        return answer.version, answer.document

    def untranslated(self) -> tuple[Untranslated, ...]:
        """Which vouchers wait for a rate of exchange."""
        answer = call(self._stub.ListUntranslated, pb.ListUntranslatedRequest(), timeout_seconds=self._seconds)
        return tuple(noun_of(one, Untranslated) for one in answer.untranslated)

    def verify(self) -> Verification:
        """Every balance rebuilt from the lines and compared."""
        answer = call(self._stub.AuditVouchers, pb.AuditVouchersRequest(), timeout_seconds=self._seconds)
        return noun_of(answer, Verification)


def _vouchers(messages: Iterable[ledger_pb2.Voucher]) -> tuple[Voucher, ...]:
    return tuple(voucher_from_proto(one) for one in messages)
