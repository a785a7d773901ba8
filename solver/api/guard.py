"""What stands around every call: errors become statuses, and a call always has a deadline."""

import logging
from collections.abc import Callable
from typing import Any, TypeAlias

import grpc

from solver.api.errors import internal_status, status_of
from solver.errors import XunyuanError

LONGEST_CALL_SECONDS = 60.0

_log = logging.getLogger(__name__)
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"


class ErrorsToStatuses(grpc.ServerInterceptor):
    """Answers our errors by the table of `api.errors`, any other exception as a bug of ours; bugs are logged."""

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Handler], details: grpc.HandlerCallDetails
    ) -> Handler:
        """Wrap the handler of a unary call; others pass as they are."""
        handler = continuation(details)
        if handler is None or handler.unary_unary is None:
            return handler
        answer = handler.unary_unary

        def guarded(request: Any, context: grpc.ServicerContext) -> Any:
            try:
                return answer(request, context)
            except XunyuanError as error:
                status = status_of(error)
                if status.code is grpc.StatusCode.INTERNAL:
                    _log.exception("%s failed", details.method)
                return context.abort_with_status(status)
            except Exception:
                _log.exception("%s failed", details.method)
                return context.abort_with_status(internal_status())

        return grpc.unary_unary_rpc_method_handler(guarded, handler.request_deserializer, handler.response_serializer)


def seconds_left(context: grpc.ServicerContext) -> float:
    """Seconds until the caller's deadline; a call without one gets the longest that we give."""
    remaining = context.time_remaining()
    return LONGEST_CALL_SECONDS if remaining is None else min(remaining, LONGEST_CALL_SECONDS)
