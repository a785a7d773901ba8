"""WarningService."""

import grpc

from solver.api.paging import page
from solver.api.reading import read_all, request_of
from solver.fulfilment.alerting import Alerting
from solver.gen.xunyuan.stock.v1 import warnings_pb2 as pb
from solver.gen.xunyuan.stock.v1 import warnings_pb2_grpc
from solver.stock.warnings.warning_model import DEMAND_DAYS, StockThreshold, StockWarning, WarningKind, WarningQuery
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto

_URGENCY = {kind: place for place, kind in enumerate(WarningKind)}


class WarningServicer(warnings_pb2_grpc.WarningServiceServicer):
    """When to warn, and warnings."""

    def __init__(self, alerting: Alerting) -> None:
        self._alerting = alerting

    def SetStockThresholds(
        self, request: pb.SetStockThresholdsRequest, context: grpc.ServicerContext
    ) -> pb.SetStockThresholdsResponse:
        """Say when to warn."""
        named = request_of("SetStockThresholds", request.request_id, request)
        self._alerting.set_thresholds(named, read_all(request.thresholds, StockThreshold, "thresholds"))
        return pb.SetStockThresholdsResponse()

    def ListStockThresholds(
        self, request: pb.ListStockThresholdsRequest, context: grpc.ServicerContext
    ) -> pb.ListStockThresholdsResponse:
        """Read thresholds, page by page."""
        shown, token = page(
            self._alerting.thresholds(),
            lambda one: f"{one.sku}\0{one.site_id}\0{one.channel_id}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListStockThresholdsResponse(
            thresholds=[to_proto(one, pb.StockThreshold) for one in shown], next_page_token=token
        )

    def ListStockWarnings(
        self, request: pb.ListStockWarningsRequest, context: grpc.ServicerContext
    ) -> pb.ListStockWarningsResponse:
        """Read warnings, page by page."""
        query = WarningQuery(
            skus=tuple(request.skus) or None,
            site_ids=tuple(request.site_ids) or None,
            demand_days=request.demand_days or DEMAND_DAYS,
        )
        shown, token = page(
            self._alerting.warnings(query),
            _key,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListStockWarningsResponse(
            warnings=[to_proto(one, pb.StockWarning) for one in shown], next_page_token=token
        )


def _key(warning: StockWarning) -> str:
    return f"{_URGENCY[warning.kind]}\0{warning.sku}\0{warning.site_id}\0{warning.channel_id}"
