"""What stands around every call: errors become statuses, and a call always has a deadline."""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from operator import methodcaller
from typing import Any, NoReturn, TypeAlias

import grpc

from solver.api.errors import internal_status, status_of
from solver.api.later import guarded
from solver.errors import XunyuanError
from solver.watching.call_notes import note_reason

LONGEST_CALL_SECONDS = 60.0

_log = logging.getLogger(__name__)
_NONE: Mapping[str, ThreadPoolExecutor] = {}
_serialized = methodcaller("SerializeToString")  # of a message, or of an answer that is `Encoded` already
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"


class ErrorsToStatuses(grpc.ServerInterceptor):
    """Answers our errors by the table of `api.errors`, any other exception as a bug of ours; bugs are logged.

    Streams of answers run on `streams`: they last, and must not take the threads that calls need. Methods in `own` run
    on an executor of their own.
    """

    def __init__(self, streams: ThreadPoolExecutor, own: Mapping[str, ThreadPoolExecutor] = _NONE) -> None:
        self._streams = streams
        self._own = own

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Handler], details: grpc.HandlerCallDetails
    ) -> Handler:
        """Wrap the handlers of our own calls and streams; others pass as they are."""
        handler = continuation(details)
        if handler is None:
            return None
        if handler.unary_unary is not None:
            return self._call(handler, details.method)
        if handler.unary_stream is not None and not hasattr(handler.unary_stream, "experimental_non_blocking"):
            return self._stream(handler, details.method)
        return handler

    def _call(self, handler: Any, method: str) -> Handler:
        answer = handler.unary_unary

        def answered(request: Any, context: grpc.ServicerContext) -> Any:
            def refuse(error: Exception) -> NoReturn:
                context.abort_with_status(_status(error, method))
                raise AssertionError("gRPC's abort always raises")

            return guarded(lambda: answer(request, context), refuse)

        if method in self._own:
            answered.experimental_thread_pool = self._own[method]  # type: ignore[attr-defined]  # where gRPC looks for one
        serialized = handler.response_serializer and _serialized  # who has none answers bytes
        return grpc.unary_unary_rpc_method_handler(answered, handler.request_deserializer, serialized)

    def _stream(self, handler: Any, method: str) -> Handler:
        answer = handler.unary_stream

        def told(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            try:
                yield from answer(request, context)
            except Exception as error:
                context.abort_with_status(_status(error, method))

        told.experimental_thread_pool = self._streams  # type: ignore[attr-defined]  # where gRPC looks for one
        return grpc.unary_stream_rpc_method_handler(told, handler.request_deserializer, handler.response_serializer)


def _status(error: Exception, method: str) -> grpc.Status:
    status = status_of(error) if isinstance(error, XunyuanError) else internal_status()
    note_reason(error.reason if isinstance(error, XunyuanError) else "INTERNAL")
    if status.code is grpc.StatusCode.INTERNAL:
        _log.error("%s failed", method, exc_info=error)
    return status


def seconds_left(context: grpc.ServicerContext) -> float:
    """Seconds until the caller's deadline; a call without one gets the longest that we give."""
    remaining = context.time_remaining()
    return LONGEST_CALL_SECONDS if remaining is None else min(remaining, LONGEST_CALL_SECONDS)
