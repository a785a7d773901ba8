"""The one table from our errors to gRPC statuses, with google.rpc details."""

from collections.abc import Iterable

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from solver.errors import (
    DeadlineTooShort,
    InvalidRequest,
    LostRace,
    NotFound,
    PermissionDenied,
    RequestIdReused,
    StateConflict,
    StockShort,
    TooBusy,
    Unauthenticated,
    XunyuanError,
)
from solver.storage.errors import StorageFailed, StorageUnusable

DOMAIN = "xunyuan"

# An error travels in headers, and clients drop headers above 8 KiB together with everything in them. The text travels
# twice, once percent-encoded (up to three times as long); the details in base64.
MOST_TEXT_BYTES = 600
MOST_DETAIL_BYTES = 3_600
MOST_DESCRIPTION_BYTES = 400

_FRAME_BYTES = 8  # what the encoding adds to a pair of strings

# The first row that fits counts; what fits none is our bug.
CODES: tuple[tuple[type[XunyuanError], int], ...] = (
    (Unauthenticated, code_pb2.UNAUTHENTICATED),
    (PermissionDenied, code_pb2.PERMISSION_DENIED),
    (InvalidRequest, code_pb2.INVALID_ARGUMENT),
    (NotFound, code_pb2.NOT_FOUND),
    (RequestIdReused, code_pb2.ALREADY_EXISTS),
    (StateConflict, code_pb2.FAILED_PRECONDITION),
    (StockShort, code_pb2.FAILED_PRECONDITION),
    (LostRace, code_pb2.ABORTED),
    (DeadlineTooShort, code_pb2.DEADLINE_EXCEEDED),
    (TooBusy, code_pb2.RESOURCE_EXHAUSTED),
    (StorageFailed, code_pb2.UNAVAILABLE),
    (StorageUnusable, code_pb2.UNAVAILABLE),
)


def status_of(error: XunyuanError) -> grpc.Status:
    """The status that tells a caller what is wrong: code, text, ErrorInfo, and what belongs to the kind of error."""
    code = next((code for kind, code in CODES if isinstance(error, kind)), code_pb2.INTERNAL)
    details: list[Message] = [_info(error)]
    if isinstance(error, InvalidRequest):
        details.append(_bad_request(error))
    if isinstance(error, TooBusy):
        details.append(_retry_info(error.retry_seconds))
    if isinstance(error, LostRace):
        details.append(_retry_info(0.05))
    return rpc_status.to_status(
        status_pb2.Status(
            code=code, message=_cut(str(error), MOST_TEXT_BYTES), details=[_packed(detail) for detail in details]
        )
    )


def internal_status() -> grpc.Status:
    """What a caller learns of a bug of ours: nothing but that it is one."""
    info = error_details_pb2.ErrorInfo(reason="INTERNAL", domain=DOMAIN)
    text = "a bug of the service; its log has the traceback"
    return rpc_status.to_status(status_pb2.Status(code=code_pb2.INTERNAL, message=text, details=[_packed(info)]))


def _info(error: XunyuanError) -> error_details_pb2.ErrorInfo:
    pairs = _fitting(error.metadata.items())
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=dict(pairs))
    if isinstance(error, InvalidRequest) and (left_out := len(error.violations) - len(_described(error))):
        info.metadata["violations_left_out"] = str(left_out)
    return info


def _bad_request(error: InvalidRequest) -> error_details_pb2.BadRequest:
    return error_details_pb2.BadRequest(
        field_violations=[
            error_details_pb2.BadRequest.FieldViolation(field=field, description=description)
            for field, description in _described(error)
        ]
    )


def _described(error: InvalidRequest) -> list[tuple[str, str]]:
    """Field and description of as many violations as an error can carry."""
    every = (
        (violation.field, _cut(f"{violation.value}: {violation.remedy}", MOST_DESCRIPTION_BYTES))
        for violation in error.violations
    )
    return _fitting(every)


def _fitting(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first pairs that together fit into an error's details."""
    fitting, room = [], MOST_DETAIL_BYTES
    for key, value in pairs:
        room -= len(key.encode()) + len(value.encode()) + _FRAME_BYTES
        if room < 0:
            break
        fitting.append((key, value))
    return fitting


def _cut(text: str, most_bytes: int) -> str:
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    return encoded[: most_bytes - 3].decode(errors="ignore") + "..."


def _retry_info(seconds: float) -> error_details_pb2.RetryInfo:
    info = error_details_pb2.RetryInfo()
    info.retry_delay.FromMilliseconds(round(seconds * 1000))
    return info


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed
