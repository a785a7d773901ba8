"""CommitmentService."""

import grpc

from solver.api.reading import read_all, request_of
from solver.fulfilment.committing import Committing
from solver.gen.xunyuan.stock.v1 import commitments_pb2 as pb
from solver.gen.xunyuan.stock.v1 import commitments_pb2_grpc
from solver.stock.holding.commitment_model import Commitment, CommitmentRow, RejectedInto, ShortPick
from solver.wire.codec import to_proto

_INTO = {
    pb.REJECTED_INTO_UNSPECIFIED: RejectedInto.GOOD,
    pb.REJECTED_INTO_GOOD: RejectedInto.GOOD,
    pb.REJECTED_INTO_FROZEN: RejectedInto.FROZEN,
}


class CommitmentServicer(commitments_pb2_grpc.CommitmentServiceServicer):
    """The life of committed stock."""

    def __init__(self, committing: Committing) -> None:
        self._committing = committing

    def GetCommitment(
        self, request: pb.GetCommitmentRequest, context: grpc.ServicerContext
    ) -> pb.GetCommitmentResponse:
        """Read a commitment."""
        found = self._committing.get(plan_id=request.plan_id, hold_id=request.hold_id)
        return pb.GetCommitmentResponse(commitment=_to_proto(found))

    def Ship(self, request: pb.ShipRequest, context: grpc.ServicerContext) -> pb.ShipResponse:
        """Let committed units leave."""
        named = request_of("Ship", request.request_id, request)
        rows = read_all(request.rows, CommitmentRow, "rows")
        left = self._committing.ship(named, rows, plan_id=request.plan_id, hold_id=request.hold_id)
        return pb.ShipResponse(commitment=_to_proto(left))

    def ReportShortPick(
        self, request: pb.ReportShortPickRequest, context: grpc.ServicerContext
    ) -> pb.ReportShortPickResponse:
        """Say what a pick did not find."""
        named = request_of("ReportShortPick", request.request_id, request)
        picks = read_all(request.picks, ShortPick, "picks")
        left = self._committing.report_short(named, picks, plan_id=request.plan_id, hold_id=request.hold_id)
        return pb.ReportShortPickResponse(commitment=_to_proto(left))

    def RejectCommitment(
        self, request: pb.RejectCommitmentRequest, context: grpc.ServicerContext
    ) -> pb.RejectCommitmentResponse:
        """Take back what the site refuses."""
        named = request_of("RejectCommitment", request.request_id, request)
        rows = read_all(request.rows, CommitmentRow, "rows")
        into = _INTO.get(request.into, RejectedInto.GOOD)
        left = self._committing.reject(named, rows, into, plan_id=request.plan_id, hold_id=request.hold_id)
        return pb.RejectCommitmentResponse(commitment=_to_proto(left))

    def CancelCommitment(
        self, request: pb.CancelCommitmentRequest, context: grpc.ServicerContext
    ) -> pb.CancelCommitmentResponse:
        """Give committed units back."""
        named = request_of("CancelCommitment", request.request_id, request)
        rows = read_all(request.rows, CommitmentRow, "rows")
        left = self._committing.cancel(named, rows, plan_id=request.plan_id, hold_id=request.hold_id)
        return pb.CancelCommitmentResponse(commitment=_to_proto(left))


def _to_proto(commitment: Commitment) -> pb.Commitment:
    return to_proto(commitment, pb.Commitment)
