"""PartnerStockService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read, read_all, request_of
from solver.fulfilment.warehousing.partners import DropshipReport, Partnering
from solver.gen.xunyuan.stock.v1 import partners_pb2 as pb
from solver.gen.xunyuan.stock.v1 import partners_pb2_grpc
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import DealerSale
from solver.stock.partners.report_rows import ReportedLevel
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto


class PartnerStockServicer(partners_pb2_grpc.PartnerStockServiceServicer):
    """Stock of dealers and drop-shippers."""

    def __init__(self, partnering: Partnering) -> None:
        self._partnering = partnering

    def SetDealerTerms(
        self, request: pb.SetDealerTermsRequest, context: grpc.ServicerContext
    ) -> pb.SetDealerTermsResponse:
        """Agree on terms with dealers."""
        named = request_of("SetDealerTerms", request.request_id, request)
        self._partnering.set_terms(named, read_all(request.terms, DealerTerms, "terms"), request.reference)
        return pb.SetDealerTermsResponse()

    def ListDealerTerms(
        self, request: pb.ListDealerTermsRequest, context: grpc.ServicerContext
    ) -> pb.ListDealerTermsResponse:
        """Read terms, page by page."""
        terms = self._partnering.terms(site_ids=tuple(request.site_ids))
        shown, token = page(terms, _key, page_size=request.page_size, page_token=request.page_token, most=MOST_ROWS)
        return pb.ListDealerTermsResponse(terms=[to_proto(one, pb.DealerTerms) for one in shown], next_page_token=token)

    def RecordDealerSales(
        self, request: pb.RecordDealerSalesRequest, context: grpc.ServicerContext
    ) -> pb.RecordDealerSalesResponse:
        """Take what dealers sold off their reserves."""
        named = request_of("RecordDealerSales", request.request_id, request)
        sales = read_all(request.sales, DealerSale, "sales")
        return pb.RecordDealerSalesResponse(entry_id=self._partnering.sell(named, sales, request.reference))

    def ReportDropshipStock(
        self, request: pb.ReportDropshipStockRequest, context: grpc.ServicerContext
    ) -> pb.ReportDropshipStockResponse:
        """Book what a drop-shipper has."""
        named = request_of("ReportDropshipStock", request.request_id, request)
        self._partnering.report(named, read(request, DropshipReport, ""))
        return pb.ReportDropshipStockResponse()

    def ListDropshipReports(
        self, request: pb.ListDropshipReportsRequest, context: grpc.ServicerContext
    ) -> pb.ListDropshipReportsResponse:
        """Read what drop-shippers said last, page by page."""
        reports = self._partnering.reports(site_ids=tuple(request.site_ids))
        shown, token = page(reports, _key, page_size=request.page_size, page_token=request.page_token, most=MOST_ROWS)
        return pb.ListDropshipReportsResponse(
            reports=[to_proto(one, pb.ReportedLevel) for one in shown], next_page_token=token
        )


def _key(row: DealerTerms | ReportedLevel) -> str:
    return f"{row.sku}\0{row.site_id}"
