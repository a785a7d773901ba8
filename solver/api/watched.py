"""What stands around all else at a call: it is timed and counted, and written down once it ended."""

import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeAlias

import grpc

from solver.access.caller import current_caller
from solver.api.later import concluded
from solver.watching.call_notes import CallNotes, begin_notes
from solver.watching.records import CallRecord
from solver.watching.watching import Watching

UNKNOWN_METHOD = "unknown"
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"
_UNWRITTEN = ("/grpc.health.v1.Health/", "/grpc.reflection.")  # asked all day long by machines: counted only
_WATCHED = "watched_handler"
_arrived_at: ContextVar[float] = ContextVar("arrived at")


class WatchedCalls(grpc.ServerInterceptor):
    """Has every call watched, also one that is refused within. To be the outermost of all."""

    def __init__(self, watching: Watching) -> None:
        self._watching = watching

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Handler], details: grpc.HandlerCallDetails
    ) -> Handler:
        """The handler, watched; remembered with what it calls, for as long as that is there."""
        _arrived_at.set(time.perf_counter())  # each call has a context of its own from here on
        handler = continuation(details)
        if handler is None:
            self._watching.meters.note_refused(UNKNOWN_METHOD, grpc.StatusCode.UNIMPLEMENTED.name)
            return None
        answer = handler.unary_unary or handler.unary_stream
        if answer is None or hasattr(answer, "experimental_non_blocking"):
            return handler
        watched: Handler = getattr(answer, _WATCHED, None)
        if watched is None:
            watched = self._watched(handler, details.method)
            setattr(answer, _WATCHED, watched)
        return watched

    def turned_away(self, method: str, caller_id: str, cause: str) -> None:
        """A call was refused before any work, and is counted where that was done: write it down."""
        if self._watching.keeps_records:
            notes = CallNotes()
            notes.reason = cause
            self._watching.note(
                CallRecord(
                    method=method,
                    caller_id=caller_id,
                    status=grpc.StatusCode.RESOURCE_EXHAUSTED.name,
                    ended_at=time.time(),
                    ended=notes.begun,
                    seconds=0.0,
                    waited_seconds=0.0,
                    traceparent="",
                    notes=notes,
                )
            )

    def _watched(self, handler: Any, method: str) -> Handler:
        if handler.unary_unary is not None:
            call = self._call(handler.unary_unary, method)
            return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)
        stream = self._stream(handler.unary_stream, method)
        return grpc.unary_stream_rpc_method_handler(stream, handler.request_deserializer, handler.response_serializer)

    def _call(self, answer: Any, method: str) -> Any:
        ended = self._ended

        def watched(request: Any, context: grpc.ServicerContext) -> Any:
            notes = begin_notes()
            return concluded(
                lambda: answer(request, context),
                lambda is_answered: ended(method, notes, context, is_answered=is_answered),
            )

        return _with_executor_of(answer, watched)

    def _stream(self, answer: Any, method: str) -> Any:
        ended = self._ended

        def watched(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            notes = begin_notes()
            is_answered = False
            try:
                yield from answer(request, context)
                is_answered = True
            finally:
                ended(method, notes, context, is_answered=is_answered)

        return _with_executor_of(answer, watched)

    def _ended(self, method: str, notes: CallNotes, context: Any, *, is_answered: bool) -> None:
        ended = time.perf_counter()
        seconds, watching = ended - notes.begun, self._watching
        status = _status_of(context, is_answered=is_answered)
        watching.meters.note(method, status, seconds, notes)
        if watching.keeps_records and not method.startswith(_UNWRITTEN):
            watching.note(
                CallRecord(
                    method=method,
                    caller_id=current_caller().caller_id,
                    status=status,
                    ended_at=time.time(),
                    ended=ended,
                    seconds=seconds,
                    waited_seconds=max(0.0, notes.begun - _arrived_at.get()),
                    traceparent=_traceparent(context),
                    notes=notes,
                )
            )


def _status_of(context: Any, *, is_answered: bool) -> str:
    if is_answered and context.is_active():
        code = context.code()
        return "OK" if code is None else str(code.name)
    code = context.code()
    if code is not None:
        return str(code.name)
    if context.is_active():
        return "UNKNOWN"
    return "DEADLINE_EXCEEDED" if context.time_remaining() <= 0 else "CANCELLED"


def _traceparent(context: Any) -> str:
    for key, value in context.invocation_metadata():
        if key == "traceparent":
            return str(value)
    return ""


def _with_executor_of(answer: Any, watched: Any) -> Any:
    """gRPC looks for a method's own executor on what it calls."""
    executor = getattr(answer, "experimental_thread_pool", None)
    if executor is not None:
        watched.experimental_thread_pool = executor
    return watched
