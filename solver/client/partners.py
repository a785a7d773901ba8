"""The client's side of stock that others own."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.warehousing.partners import DropshipReport
from solver.gen.xunyuan.stock.v1 import partners_pb2, partners_pb2_grpc
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import DealerSale
from solver.stock.partners.report_rows import ReportedLevel
from solver.wire.codec import fill_proto, to_proto
from solver.wire.nouns import noun_of


class PartnerClient:
    """Methods of `Client.warehouse.partners`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = partners_pb2_grpc.PartnerStockServiceStub(channel)

    def set_terms(self, terms: Iterable[DealerTerms], reference: str = "", *, request_id: str | None = None) -> None:
        """Agree on terms with dealers, in place of those before."""
        request = partners_pb2.SetDealerTermsRequest(request_id=request_id or new_request_id(), reference=reference)
        request.terms.extend(to_proto(one, partners_pb2.DealerTerms) for one in terms)
        call(self._stub.SetDealerTerms, request, timeout_seconds=self._seconds)

    def terms(self, site_ids: Sequence[str] = ()) -> Iterator[DealerTerms]:
        """What was agreed; pages are fetched as they are needed."""
        request = partners_pb2.ListDealerTermsRequest(site_ids=site_ids)
        while True:
            answer = call(self._stub.ListDealerTerms, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, DealerTerms) for one in answer.terms)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def record_sales(self, sales: Iterable[DealerSale], reference: str = "", *, request_id: str | None = None) -> int:
        """Take what dealers sold themselves off their reserves; the journal entry's number."""
        request = partners_pb2.RecordDealerSalesRequest(request_id=request_id or new_request_id(), reference=reference)
        request.sales.extend(to_proto(one, partners_pb2.DealerSale) for one in sales)
        return call(self._stub.RecordDealerSales, request, timeout_seconds=self._seconds).entry_id

    def report(self, report: DropshipReport, *, request_id: str | None = None) -> None:
        """Say what a drop-shipper has."""
        request = partners_pb2.ReportDropshipStockRequest(request_id=request_id or new_request_id())
        fill_proto(report, request)
        call(self._stub.ReportDropshipStock, request, timeout_seconds=self._seconds)

    def reports(self, site_ids: Sequence[str] = ()) -> Iterator[ReportedLevel]:
        """What drop-shippers said last; pages are fetched as they are needed."""
        request = partners_pb2.ListDropshipReportsRequest(site_ids=site_ids)
        while True:
            answer = call(self._stub.ListDropshipReports, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, ReportedLevel) for one in answer.reports)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
