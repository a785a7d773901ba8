"""The client's side of committed stock."""

from collections.abc import Iterable

import grpc

from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.stock.v1 import commitments_pb2 as pb
from solver.gen.xunyuan.stock.v1 import commitments_pb2_grpc
from solver.stock.holding.commitment_model import Commitment, CommitmentRow, RejectedInto, ShortPick
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class CommitmentClient:
    """Methods of `Client.commitments`. Exactly one of `plan_id` and `hold_id` says whose stock it is.

    Every method answers with the commitment as it stands now, and raises what those of `Client` raise.
    """

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = commitments_pb2_grpc.CommitmentServiceStub(channel)

    def get(self, *, plan_id: str = "", hold_id: str = "") -> Commitment:
        """What a plan or a hold is committed to."""
        request = pb.GetCommitmentRequest(plan_id=plan_id, hold_id=hold_id)
        return _noun(call(self._stub.GetCommitment, request, timeout_seconds=self._seconds).commitment)

    def ship(
        self,
        rows: Iterable[CommitmentRow] = (),
        *,
        plan_id: str = "",
        hold_id: str = "",
        request_id: str | None = None,
    ) -> Commitment:
        """Let these units leave; no rows: all that are there."""
        request = pb.ShipRequest(request_id=request_id or new_request_id(), plan_id=plan_id, hold_id=hold_id)
        request.rows.extend(to_proto(row, pb.CommitmentRow) for row in rows)
        return _noun(call(self._stub.Ship, request, timeout_seconds=self._seconds).commitment)

    def report_short_pick(
        self, picks: Iterable[ShortPick], *, plan_id: str = "", hold_id: str = "", request_id: str | None = None
    ) -> Commitment:
        """Ship what was picked; what was not found leaves by a count difference."""
        request = pb.ReportShortPickRequest(request_id=request_id or new_request_id(), plan_id=plan_id, hold_id=hold_id)
        request.picks.extend(to_proto(pick, pb.ShortPick) for pick in picks)
        return _noun(call(self._stub.ReportShortPick, request, timeout_seconds=self._seconds).commitment)

    def reject(
        self,
        rows: Iterable[CommitmentRow] = (),
        into: RejectedInto = RejectedInto.GOOD,
        *,
        plan_id: str = "",
        hold_id: str = "",
        request_id: str | None = None,
    ) -> Commitment:
        """Take back what the site refuses; no rows: all that is there."""
        request = pb.RejectCommitmentRequest(
            request_id=request_id or new_request_id(),
            plan_id=plan_id,
            hold_id=hold_id,
            into=pb.RejectedInto.Value(f"REJECTED_INTO_{into.name}"),
        )
        request.rows.extend(to_proto(row, pb.CommitmentRow) for row in rows)
        return _noun(call(self._stub.RejectCommitment, request, timeout_seconds=self._seconds).commitment)

    def cancel(
        self,
        rows: Iterable[CommitmentRow] = (),
        *,
        plan_id: str = "",
        hold_id: str = "",
        request_id: str | None = None,
    ) -> Commitment:
        """Give these units back, awaited ones first; no rows: all."""
        request = pb.CancelCommitmentRequest(
            request_id=request_id or new_request_id(), plan_id=plan_id, hold_id=hold_id
        )
        request.rows.extend(to_proto(row, pb.CommitmentRow) for row in rows)
        return _noun(call(self._stub.CancelCommitment, request, timeout_seconds=self._seconds).commitment)


def _noun(message: pb.Commitment) -> Commitment:
    return noun_of(message, Commitment)
