"""ConditionService."""

import grpc

from solver.api.reading import read_all, request_of
from solver.fulfilment.conditions.reports import Reports
from solver.fulfilment.conditions.scans import Scan
from solver.gen.xunyuan.network.v1 import conditions_pb2 as pb
from solver.gen.xunyuan.network.v1 import conditions_pb2_grpc
from solver.network.conditions import CarrierHealth, SourceStatus
from solver.wire.codec import to_proto


class ConditionServicer(conditions_pb2_grpc.ConditionServiceServicer):
    """How carriers and sources fare."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def ReportCarrierHealth(
        self, request: pb.ReportCarrierHealthRequest, context: grpc.ServicerContext
    ) -> pb.ReportCarrierHealthResponse:
        """Say how services fare."""
        named = request_of("ReportCarrierHealth", request.request_id, request)
        now = self._reports.report_carriers(named, read_all(request.reports, CarrierHealth, "reports"))
        return pb.ReportCarrierHealthResponse(conditions=to_proto(now, pb.Conditions))

    def ReportSourceStatus(
        self, request: pb.ReportSourceStatusRequest, context: grpc.ServicerContext
    ) -> pb.ReportSourceStatusResponse:
        """Say how sources fare."""
        named = request_of("ReportSourceStatus", request.request_id, request)
        now = self._reports.report_sources(named, read_all(request.reports, SourceStatus, "reports"))
        return pb.ReportSourceStatusResponse(conditions=to_proto(now, pb.Conditions))

    def ReportScans(self, request: pb.ReportScansRequest, context: grpc.ServicerContext) -> pb.ReportScansResponse:
        """Say what happened to parcels."""
        named = request_of("ReportScans", request.request_id, request)
        now = self._reports.report_scans(named, read_all(request.scans, Scan, "scans"))
        return pb.ReportScansResponse(conditions=to_proto(now, pb.Conditions))

    def GetConditions(
        self, request: pb.GetConditionsRequest, context: grpc.ServicerContext
    ) -> pb.GetConditionsResponse:
        """Read what counts now."""
        return pb.GetConditionsResponse(conditions=to_proto(self._reports.conditions, pb.Conditions))
