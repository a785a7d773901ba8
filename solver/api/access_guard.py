"""Who calls, and whether they may: asked before anything of a request is read.

A call is judged when it arrives, by its token and method alone; most are through then, and get their handler as it is.
Only of callers who are limited to some brands, sources and so on, or in the size of what they send, the request itself
is judged too: by the thread that answers, before the service sees it. Refusals have a thread of their own, so that a
flood of them takes none from calls.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, NoReturn, TypeAlias

import grpc

from solver.access.audit import AuditLog
from solver.access.caller import set_caller
from solver.access.door import Admitted, Door
from solver.access.methods import Does, Method, methods
from solver.access.model import Decision
from solver.access.requests import holds_of, refuse_too_many
from solver.access.rights import Rights
from solver.api.access_subjects import Subjects
from solver.api.arrival import Arrivals, on_arrival
from solver.api.errors import status_of
from solver.errors import FieldViolation, InvalidRequest, PermissionDenied, Unauthenticated, XunyuanError

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"
_HEALTH = "/grpc.health.v1.Health/"
_REFLECTION = "/grpc.reflection."
_rights: ContextVar[Rights] = ContextVar("rights")


class AccessGuard(grpc.ServerInterceptor):
    """Lets in whom a door admits, to what they may do. Health checks need no token; reflection needs any good one."""

    def __init__(self, door: Door, log: AuditLog, subjects: Subjects) -> None:
        self._door = door
        self._log = log
        self._subjects = subjects
        self._methods = methods()
        self._judged: dict[str, tuple[Any, Handler]] = {}
        self._refuser = ThreadPoolExecutor(max_workers=1, thread_name_prefix="refusal")
        self._refusals = on_arrival(Arrivals(), self._refuser)

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Handler], details: grpc.HandlerCallDetails
    ) -> Handler:
        """The handler as it is, one that judges the request first, or one that refuses."""
        path = details.method
        if path.startswith(_HEALTH):
            return continuation(details)
        if self._door.stands_open:
            return self._while_open(continuation(details), path)
        caller_id = ""
        try:
            admitted = self._door.admit(_authorization(details))
            caller_id = admitted.caller.caller_id
            is_through = self._through(admitted, path)
        except XunyuanError as error:
            return self._refusing(error, caller_id, path)
        set_caller(admitted.caller)  # each call is worked on in a context of its own
        handler = continuation(details)
        if handler is None or (is_through and not handler.unary_stream):
            return handler
        if is_through and path not in self._methods:  # reflection
            return handler
        _rights.set(admitted.rights)
        return self._judging(handler, self._methods[path])

    def stop(self) -> None:
        """End the thread of refusals."""
        self._refuser.shutdown()

    def _through(self, admitted: Admitted, path: str) -> bool:
        """Whether nothing is left to judge. Raises PermissionDenied and TooBusy."""
        rights = admitted.rights
        method = self._methods.get(path)
        if method is None:
            if path.startswith("/xunyuan."):
                raise PermissionDenied(f"nobody may call {path}: no permission is known for it")
            return True
        if path not in rights.everywhere:
            rights.refuse_method(method)
        self._door.take_call(admitted)
        is_through = path in rights.everywhere and not rights.is_sized
        if is_through and method.does is not Does.READ:
            self._log.allowed(rights.caller_id, path)
        return is_through

    def _while_open(self, handler: Handler, path: str) -> Handler:
        """The handler as it is; a stream ends when the door is shut, for nobody showed a token for it."""
        if handler is None or handler.unary_stream is None or path not in self._methods:
            return handler
        answer: Any = handler.unary_stream

        def ending(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
            for one in answer(request, context):
                if not self._door.stands_open:
                    self._judge_again(self._methods[path], context)
                yield one

        _keep_executor(answer, ending)
        return grpc.unary_stream_rpc_method_handler(ending, handler.request_deserializer, handler.response_serializer)

    def _judging(self, handler: Any, method: Method) -> Handler:
        """The handler behind one that judges the request; remembered, as handlers within are."""
        known = self._judged.get(method.path)
        if known is None or known[0] is not handler:
            made = (
                self._judging_stream(handler, method) if handler.unary_stream else self._judging_call(handler, method)
            )
            self._judged[method.path] = known = (handler, made)
        return known[1]

    def _judging_call(self, handler: Any, method: Method) -> Handler:
        answer = handler.unary_unary

        def judging(sent: bytes, context: grpc.ServicerContext) -> Any:
            return answer(self._judge(handler, method, sent, context), context)

        _keep_executor(answer, judging)
        return grpc.unary_unary_rpc_method_handler(judging, None, handler.response_serializer)

    def _judging_stream(self, handler: Any, method: Method) -> Handler:
        answer = handler.unary_stream

        def judging(sent: bytes, context: grpc.ServicerContext) -> Iterator[Any]:
            for one in answer(self._judge(handler, method, sent, context), context):
                self._judge_again(method, context)
                yield one

        _keep_executor(answer, judging)
        return grpc.unary_stream_rpc_method_handler(judging, None, handler.response_serializer)

    def _judge(self, handler: Any, method: Method, sent: bytes, context: grpc.ServicerContext) -> Any:
        """The request that was sent, if its caller may send it; otherwise the call ends here."""
        rights = _rights.get()
        try:
            _refuse_large(sent, rights)
            request = handler.request_deserializer(sent)
            if method.path not in rights.everywhere and not self._subjects.is_own(method, request, rights.caller_id):
                limits = rights.limits_of[method.path]
                dimensions = {dimension for one in limits for dimension in one}
                rights.refuse_request(method, self._subjects.concerned(method, request, dimensions))
            refuse_too_many(method, request, rights.allowance)
            self._door.take_holds(rights, holds_of(method, request))
        except XunyuanError as error:
            self._refuse(error, rights.caller_id, method.path, context)
        except Exception:  # protobuf's own error has no base in common between its implementations
            context.abort(grpc.StatusCode.INTERNAL, "Exception deserializing request!")  # as gRPC says it
        if method.does is not Does.READ:
            self._log.allowed(rights.caller_id, method.path)
        return request

    def _judge_again(self, method: Method, context: grpc.ServicerContext) -> None:
        """End a stream whose caller may no longer have it: it may last longer than a token, a key or a role."""
        header = next((str(value) for key, value in context.invocation_metadata() if key == "authorization"), None)
        caller_id, before = "", _rights.get(None)
        try:
            rights = self._door.admit(header).rights
            caller_id = rights.caller_id
            if rights is not before:
                rights.refuse_method(method)
                if before is None or rights.limits_of[method.path] != before.limits_of[method.path]:
                    raise PermissionDenied(f"the limits of {caller_id} have changed: ask again")
        except XunyuanError as error:
            self._refuse(error, caller_id, method.path, context)

    def _refusing(self, error: XunyuanError, caller_id: str, path: str) -> Handler:
        """A handler that reads nothing and says why."""

        def refusing(_: Any, context: grpc.ServicerContext) -> NoReturn:
            self._refuse(error, caller_id, path, context)

        refusing.experimental_thread_pool = self._refusals  # type: ignore[attr-defined]  # where gRPC looks for one
        if path.startswith(_REFLECTION):
            return grpc.stream_stream_rpc_method_handler(refusing)
        return grpc.unary_unary_rpc_method_handler(refusing)

    def _refuse(self, error: XunyuanError, caller_id: str, path: str, context: grpc.ServicerContext) -> NoReturn:
        peer = "" if caller_id else context.peer()
        self._log.refused(_decision(error), caller_id, path if path in self._methods else "", str(error), peer)
        context.abort_with_status(status_of(error))
        raise AssertionError("gRPC's abort always raises")


def _authorization(details: grpc.HandlerCallDetails) -> str | None:
    for key, value in details.invocation_metadata:
        if key == "authorization" and isinstance(value, str):
            return value
    return None


def _keep_executor(answer: Any, judging: Any) -> None:
    """gRPC looks for a method's own executor on what it calls."""
    executor = getattr(answer, "experimental_thread_pool", None)
    if executor is not None:
        judging.experimental_thread_pool = executor


def _refuse_large(sent: bytes, rights: Rights) -> None:
    most = rights.allowance.request_bytes
    if most and len(sent) > most:
        remedy = f"send at most {most:,}, which is what this caller may; an administrator can raise it"
        violation = FieldViolation(field="request", value=f"{len(sent):,} bytes", remedy=remedy)
        raise InvalidRequest("the size of the request", [violation])


def _decision(error: XunyuanError) -> Decision:
    if isinstance(error, Unauthenticated):
        return Decision.UNAUTHENTICATED
    return Decision.DENIED if isinstance(error, PermissionDenied) else Decision.LIMITED
