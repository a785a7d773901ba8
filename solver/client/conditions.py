"""The client's side of how carriers and sources fare."""

from collections.abc import Iterable

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.conditions.scans import Scan
from solver.gen.xunyuan.network.v1 import conditions_pb2 as pb
from solver.gen.xunyuan.network.v1 import conditions_pb2_grpc
from solver.network.conditions import CarrierHealth, Conditions, SourceStatus
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class ConditionClient:
    """Methods of `Client.conditions`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = conditions_pb2_grpc.ConditionServiceStub(channel)

    def report_carriers(self, reports: Iterable[CarrierHealth], *, request_id: str | None = None) -> Conditions:
        """Say how services or carriers fare; what counts now."""
        request = pb.ReportCarrierHealthRequest(request_id=request_id or new_request_id())
        request.reports.extend(to_proto(one, pb.CarrierHealth) for one in reports)
        answer = call(self._stub.ReportCarrierHealth, request, timeout_seconds=self._seconds)
        return noun_of(answer.conditions, Conditions)

    def report_sources(self, reports: Iterable[SourceStatus], *, request_id: str | None = None) -> Conditions:
        """Say how sources fare; what counts now."""
        request = pb.ReportSourceStatusRequest(request_id=request_id or new_request_id())
        request.reports.extend(to_proto(one, pb.SourceStatus) for one in reports)
        answer = call(self._stub.ReportSourceStatus, request, timeout_seconds=self._seconds)
        return noun_of(answer.conditions, Conditions)

    def report_scans(self, scans: Iterable[Scan], *, request_id: str | None = None) -> Conditions:
        """Say what happened to parcels; what counts now, with what follows from it."""
        request = pb.ReportScansRequest(request_id=request_id or new_request_id())
        request.scans.extend(to_proto(one, pb.Scan) for one in scans)
        answer = call(self._stub.ReportScans, request, timeout_seconds=self._seconds)
        return noun_of(answer.conditions, Conditions)

    def now(self) -> Conditions:
        """What counts now."""
        answer = call(self._stub.GetConditions, pb.GetConditionsRequest(), timeout_seconds=self._seconds)
        return noun_of(answer.conditions, Conditions)
