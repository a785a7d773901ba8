"""What went wrong with a call, as the service told it."""

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from solver.errors import FieldViolation, XunyuanError


class CallFailed(XunyuanError):
    """The service refused a call, or could not be reached.

    `code` is the gRPC status code's name (`INVALID_ARGUMENT`, `UNAVAILABLE`, ...), `reason` the service's stable one,
    `violations` every field that was wrong.
    """

    reason = "CALL_FAILED"

    def __init__(
        self,
        code: str,
        text: str,
        *,
        reason: str | None = None,
        metadata: dict[str, str] | None = None,
        violations: tuple[FieldViolation, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {text}", reason=reason or code, metadata=metadata)
        self.code = code
        self.violations = violations


def call_failed(error: grpc.RpcError) -> CallFailed:
    """The error of a call, with the details that the service attached."""
    code = error.code().name if isinstance(error, grpc.Call) else "UNKNOWN"
    text = error.details() if isinstance(error, grpc.Call) else str(error)
    status: status_pb2.Status | None = rpc_status.from_call(error) if isinstance(error, grpc.Call) else None
    info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    if status is not None:
        for detail in status.details:
            detail.Unpack(info)
            detail.Unpack(bad_request)
    violations = tuple(
        FieldViolation(
            field=one.field, value=one.description.partition(": ")[0], remedy=one.description.partition(": ")[2]
        )
        for one in bad_request.field_violations
    )
    return CallFailed(code, text or "", reason=info.reason or None, metadata=dict(info.metadata), violations=violations)
